import { join } from 'node:path';
import type { RepoName } from '../core/brand.ts';
import { Unreadable } from '../core/diagnostic.ts';
import { type CommandResult, type CommandRunner, outputOf } from './command.ts';
import { type Commits, openCommits } from './commits.ts';
import { createFacts, once } from './facts.ts';
import { moveFolder, writeAtomic } from './files.ts';
import type { Git, GitOptions, RefUpdate, RemoteRefs } from './git.ts';
import { HALF_MADE } from './leftovers.ts';
import { createObjectReader } from './objects.ts';
import type { Readings } from './readings.ts';
import { isRemoteUrl, readRemotes, remotesConfig, remotesEnvironment } from './remotes.ts';
import { type Bounds, retried } from './retry.ts';

/**
 * One repository as Slipway sees it: a bare repository of its own under `.slipway/repos`, filled
 * from origin. The operator's checkout is asked for its remotes and for nothing else, so that
 * neither its files nor its .git ever change (1-product.md, principle 5).
 */
export interface Repository extends Commits {
	readonly name: RepoName;
	readonly gitDir: string;
	/** URL of a remote by name, as the checkout has it; a URL or path is itself. Null when there is no such remote. */
	remoteUrl(nameOrUrl: string): Promise<string | null>;
	originUrl(): Promise<string>;
	/** Heads and version tags of origin, shared by all probes of a moment. */
	originRefs(): Promise<RemoteRefs>;
	refsAt(url: string, patterns: readonly string[]): Promise<RemoteRefs>;
	/** `git` in the bare repository. */
	git(args: readonly string[], options?: Partial<GitOptions>): Promise<CommandResult>;
	/** Compare-and-swap push by SHA; the caller proves the result by reading it back. */
	push(url: string, update: RefUpdate, options?: Partial<GitOptions>): Promise<CommandResult>;
	/**
	 * Gives the workspaces of this repository the remotes of the checkout, for scripts that push; and for
	 * their environment what is secret in the addresses.
	 */
	exposeRemotes(): Promise<Record<string, string>>;
	close(): void;
}

export interface RepositoryInput {
	readonly name: RepoName;
	/** `.slipway/repos`. */
	readonly store: string;
	/** Where the checkout should be; there need not be one when `url` says where origin is. */
	readonly checkout: string;
	readonly url: string | null;
	readonly mainBranch: string;
	readonly releaseBranch: string;
	readonly timeoutMs: number;
	/** Of reads of a remote; what is here is read once. */
	readonly bounds: Bounds;
}

export interface RepositoryTools {
	readonly git: Git;
	readonly commands: CommandRunner;
	readonly readings: Readings;
	/** True when the folder is there. */
	readonly folderExists: (path: string) => Promise<boolean>;
}

/** Included by the configuration of the bare repository, and written as a whole. */
const REMOTES = 'remotes.config';

export function openRepository(input: RepositoryInput, tools: RepositoryTools): Repository {
	const { name, mainBranch, releaseBranch, bounds } = input;
	const gitDir = join(input.store, `${name}.git`);
	const limits = { timeoutMs: input.timeoutMs };
	const git: Repository['git'] = (args, options) => tools.git.run(gitDir, args, { ...limits, ...options });
	const places = openPlaces(input, tools);
	const prepared = once(() => initialise(gitDir, input, tools));
	const objects = createObjectReader(() =>
		tools.commands.converse({ argv: ['git', 'cat-file', '--batch'], cwd: gitDir }),
	);
	const fetch = async () => {
		const url = await places.originUrl();
		const specs = ['+refs/heads/*:refs/slipway/origin/*', '+refs/tags/v*:refs/slipway/tags/v*'];
		const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--end-of-options', url, ...specs];
		await retried(async () => outputOf(await git(args), `git fetch ${url}`), bounds);
	};
	const refsAt: Repository['refsAt'] = (url, asked) =>
		tools.readings.read(url, asked.join(' '), () => retried(() => tools.git.lsRemote(url, asked, limits), bounds));
	const patterns = [`refs/heads/${mainBranch}`, `refs/heads/${releaseBranch}`, 'refs/tags/v*'];
	return {
		name,
		gitDir,
		...openCommits({ name, facts: createFacts(), objects, prepared, fetch, git }),
		remoteUrl: places.remoteUrl,
		originUrl: places.originUrl,
		originRefs: async () => refsAt(await places.originUrl(), patterns),
		refsAt,
		git,
		push: async (url, update, options) => {
			tools.readings.forget(url);
			const result = await tools.git.push(gitDir, { url, ...update }, { ...limits, ...options });
			tools.readings.forget(url);
			return result;
		},
		exposeRemotes: once(async () => {
			await prepared();
			const remotes = await places.remotes();
			await writeAtomic(join(gitDir, REMOTES), remotesConfig(remotes));
			return remotesEnvironment(remotes);
		}),
		close: () => objects.close(),
	};
}

/** Where the repository's remotes are: the checkout knows, and `url` of the file stands in for origin. */
function openPlaces(input: RepositoryInput, tools: RepositoryTools) {
	const remotes = once(async () => {
		if (!(await tools.folderExists(input.checkout))) return new Map<string, string>();
		return readRemotes(tools.git, input.checkout, { timeoutMs: input.timeoutMs });
	});
	const remoteUrl = async (nameOrUrl: string): Promise<string | null> =>
		isRemoteUrl(nameOrUrl) ? nameOrUrl : ((await remotes()).get(nameOrUrl) ?? null);
	const originUrl = async (): Promise<string> => {
		const url = (await remoteUrl('origin')) ?? input.url;
		if (url !== null) return url;
		const seen = (await tools.folderExists(input.checkout))
			? `${input.checkout} has no remote named origin, and the file gives no url`
			: `there is no checkout at ${input.checkout}, and the file gives no url`;
		throw new Unreadable(`origin of ${input.name}`, seen);
	};
	return { remotes, remoteUrl, originUrl };
}

/** Made beside its place and moved there: what a kill leaves half made is never taken for a repository. */
async function initialise(gitDir: string, input: RepositoryInput, tools: RepositoryTools): Promise<void> {
	const isThere = () => tools.folderExists(join(gitDir, 'objects'));
	if (await isThere()) return;
	const limits = { timeoutMs: input.timeoutMs };
	const made = `${gitDir}.${process.pid}${HALF_MADE}`;
	const args = ['init', '--quiet', '--bare', '--end-of-options', made];
	outputOf(await tools.git.run(input.store, args, limits), `git init ${gitDir}`);
	const include = ['config', 'include.path', REMOTES];
	outputOf(await tools.git.run(made, include, limits), `git config in ${gitDir}`);
	// Another Slipway that only reads may have been faster; one is as good as the other.
	if (!(await moveFolder(made, gitDir)) && !(await isThere()))
		throw new Unreadable(gitDir, 'something else is in its place');
}
