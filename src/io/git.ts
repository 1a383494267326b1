import { isSha, type Sha } from '../core/brand.ts';
import { Unreadable } from '../core/diagnostic.ts';
import { type CommandResult, type CommandRunner, ending, lastWords, outputOf } from './command.ts';
import { gitEnvironment } from './environment.ts';

/** A ref of a remote as it was read, and what an annotated tag points at. */
export type RemoteRefs = ReadonlyMap<string, Sha>;

export interface RefUpdate {
	readonly sha: Sha;
	/** Full name: `refs/heads/main`. */
	readonly ref: string;
	/** What the remote must hold at that moment; null when the ref must not exist. */
	readonly expected: Sha | null;
}

export interface RefPush extends RefUpdate {
	readonly url: string;
}

export interface GitOptions {
	readonly timeoutMs: number;
	readonly signal?: AbortSignal;
	readonly onLine?: (stream: 'stdout' | 'stderr', line: string) => void;
	readonly env?: Readonly<Record<string, string>>;
}

export interface Git {
	/** Runs git in a folder (a repository or a work tree). Options come before names. */
	run(dir: string, args: readonly string[], options: GitOptions): Promise<CommandResult>;
	/** The remote's refs that match the patterns. Unreadable when it does not answer. */
	lsRemote(url: string, patterns: readonly string[], options: GitOptions): Promise<RemoteRefs>;
	/** Pushes one commit by SHA: expected-old-value, never a merge of opinions. */
	push(dir: string, update: RefPush, options: GitOptions): Promise<CommandResult>;
}

/** Settings that a person's own configuration must not change under us. */
const FIXED = [
	'-c',
	'core.hooksPath=/dev/null',
	'-c',
	'commit.gpgSign=false',
	'-c',
	'tag.gpgSign=false',
	'-c',
	'gc.auto=0',
	'-c',
	'maintenance.auto=false',
	// A gem holds the files as they are checked out: the same commit must give the same bytes everywhere.
	'-c',
	'core.autocrlf=false',
	'-c',
	'core.eol=lf',
];

/** Every git process of Slipway starts here. `baseEnv` is the runner's own base environment. */
export function createGit(commands: CommandRunner, baseEnv: Readonly<Record<string, string>>): Git {
	const env = gitEnvironment(baseEnv);
	const run: Git['run'] = (dir, args, { env: more, ...options }) =>
		commands.run({
			argv: ['git', ...FIXED, ...args],
			cwd: dir,
			env: { ...env, ...more },
			keepBytes: 32 * 1024 * 1024,
			...options,
		});
	return {
		run,
		lsRemote: async (url, patterns, options) => {
			const result = await run('/', ['ls-remote', '--end-of-options', url, ...patterns], options);
			return parseRefs(outputOf(result, `git ls-remote ${url}`));
		},
		push: (dir, update, options) => run(dir, pushArgs(update), options),
	};
}

/**
 * `--force-with-lease` with an explicit value is git's compare-and-swap. It also lifts git's own
 * fast-forward check, so callers prove that `expected` is an ancestor of `sha` first.
 */
export function pushArgs(update: RefPush): string[] {
	const lease = `--force-with-lease=${update.ref}:${update.expected ?? ''}`;
	return ['push', '--porcelain', '--no-verify', lease, '--end-of-options', update.url, `${update.sha}:${update.ref}`];
}

/** The lines of `git ls-remote`: `<sha>TAB<ref>`. Anything else is not an answer. */
export function parseRefs(text: string): RemoteRefs {
	const refs = new Map<string, Sha>();
	for (const line of text.split('\n')) {
		if (line === '') continue;
		const [sha, ref, ...rest] = line.split('\t');
		if (sha === undefined || ref === undefined || rest.length > 0 || !isSha(sha)) {
			throw new Unreadable('git ls-remote', `not a list of refs: ${line.slice(0, 120)}`);
		}
		refs.set(ref, sha);
	}
	return refs;
}

/** The commit a tag stands for: an annotated tag is followed to it. */
export function peeled(refs: RemoteRefs, ref: string): Sha | null {
	return refs.get(`${ref}^{}`) ?? refs.get(ref) ?? null;
}

/** Reads an exit code that means yes (0) or no (1); anything else is no answer. */
export function yesOrNo(result: CommandResult, what: string): boolean {
	if (result.exitCode === 0) return true;
	if (result.exitCode === 1) return false;
	throw new Unreadable(what, `${ending(result)}: ${lastWords(result)}`);
}
