import { isAbsolute, join, resolve } from 'node:path';
import type { RepoName, Sha } from '../core/brand.ts';
import { Unreadable } from '../core/diagnostic.ts';
import { type CommandResult, type CommandRunner, outputOf } from './command.ts';
import { type Git, type GitOptions, type RefUpdate, type RemoteRefs, yesOrNo } from './git.ts';
import { createObjectReader, type GitObject, parseTree, type TreeEntry } from './objects.ts';
import type { Readings } from './readings.ts';

/**
 * One repository as Slipway sees it: a bare repository of its own under `.slipway/repos`, filled
 * from origin. The operator's checkout is asked for its remotes and for nothing else, so that
 * neither its files nor its .git ever change (1-product.md, principle 5).
 */
export interface Repository {
	readonly name: RepoName;
	readonly gitDir: string;
	/** URL of a remote by name, as the checkout has it; a URL or path is itself. Null when there is no such remote. */
	remoteUrl(nameOrUrl: string): Promise<string | null>;
	originUrl(): Promise<string>;
	/** Heads and version tags of origin, shared by all probes of a moment. */
	originRefs(): Promise<RemoteRefs>;
	refsAt(url: string, patterns: readonly string[]): Promise<RemoteRefs>;
	/** Makes sure that a commit is here, fetching when it is not; false when origin has no such commit. */
	hasCommit(sha: Sha): Promise<boolean>;
	/** Brings all branches and version tags of origin here. */
	fetch(): Promise<void>;
	fetchFrom(url: string, ref: string): Promise<void>;
	/** A file at a commit; null when the tree has none there. */
	file(sha: Sha, path: string): Promise<Buffer | null>;
	entry(sha: Sha, path: string): Promise<TreeEntry | null>;
	parents(sha: Sha): Promise<{ readonly parents: readonly Sha[]; readonly committedAt: number }>;
	isAncestor(ancestor: Sha, descendant: Sha): Promise<boolean>;
	/** `git` in the bare repository. */
	git(args: readonly string[], options?: Partial<GitOptions>): Promise<CommandResult>;
	/** Compare-and-swap push by SHA; the caller proves the result by reading it back. */
	push(url: string, update: RefUpdate, options?: Partial<GitOptions>): Promise<CommandResult>;
	/** Gives the workspaces of this repository the remotes of the checkout, for scripts that push. */
	exposeRemotes(): Promise<void>;
	close(): void;
}

export interface RepositoryInput {
	readonly name: RepoName;
	/** `.slipway/repos`. */
	readonly store: string;
	/** Null when there is no checkout: then `url` is all there is. */
	readonly checkout: string | null;
	readonly url: string | null;
	readonly mainBranch: string;
	readonly releaseBranch: string;
	readonly timeoutMs: number;
}

export interface RepositoryTools {
	readonly git: Git;
	readonly commands: CommandRunner;
	readonly readings: Readings;
	/** True when the folder is there. */
	readonly folderExists: (path: string) => Promise<boolean>;
}

export function openRepository(input: RepositoryInput, tools: RepositoryTools): Repository {
	const gitDir = join(input.store, `${input.name}.git`);
	const limits = { timeoutMs: input.timeoutMs };
	const git: Repository['git'] = (args, options) => tools.git.run(gitDir, args, { ...limits, ...options });
	const prepared = once(() => initialise(gitDir, input.store, tools, limits));
	const remotes = once(() => readRemotes(input, tools, limits));
	const objects = createObjectReader(() => tools.commands.converse({ argv: ['git', 'cat-file', '--batch'], cwd: gitDir }));
	const immutable = new Map<string, Promise<unknown>>();
	const remember = <T>(key: string, take: () => Promise<T>): Promise<T> => keep(immutable, key, take);

	const remoteUrl: Repository['remoteUrl'] = async (nameOrUrl) => {
		if (isUrl(nameOrUrl)) return nameOrUrl;
		return (await remotes()).get(nameOrUrl) ?? null;
	};
	const originUrl = async () => {
		const url = (await remoteUrl('origin')) ?? input.url;
		if (url === null) throw new Unreadable(`origin of ${input.name}`, 'the checkout has no remote named origin, and the file gives no url');
		return url;
	};
	const patterns = [`refs/heads/${input.mainBranch}`, `refs/heads/${input.releaseBranch}`, 'refs/tags/v*'];
	const refsAt: Repository['refsAt'] = (url, asked) =>
		tools.readings.read(url, asked.join(' '), () => tools.git.lsRemote(url, asked, limits));
	const originRefs = async () => refsAt(await originUrl(), patterns);

	const fetchFrom: Repository['fetchFrom'] = async (url, ref) => {
		await prepared();
		const result = await git(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--end-of-options', url, ref]);
		outputOf(result, `git fetch ${url}`);
	};
	const fetch = async () => {
		await prepared();
		const url = await originUrl();
		const specs = ['+refs/heads/*:refs/slipway/origin/*', '+refs/tags/v*:refs/slipway/tags/v*'];
		outputOf(await git(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--end-of-options', url, ...specs]), `git fetch ${url}`);
	};
	const commitHere = async (sha: Sha) => {
		await prepared();
		return (await objects.read(`${sha}^{commit}`)) !== null;
	};
	const hasCommit: Repository['hasCommit'] = (sha) =>
		remember(`commit ${sha}`, async () => {
			if (await commitHere(sha)) return true;
			await fetch();
			return commitHere(sha);
		}).then((here) => {
			// An absence is true of this moment only; a presence is for good.
			if (!here) immutable.delete(`commit ${sha}`);
			return here;
		});
	const objectAt = (sha: Sha, path: string): Promise<GitObject | null> =>
		remember(`object ${sha}:${path}`, async () => {
			if (!(await hasCommit(sha))) throw new Unreadable(`${input.name} at ${sha}`, 'origin has no such commit');
			return objects.read(`${sha}:${path}`);
		});

	return {
		name: input.name,
		gitDir,
		remoteUrl,
		originUrl,
		originRefs,
		refsAt,
		hasCommit,
		fetch,
		fetchFrom,
		git,
		file: async (sha, path) => {
			const object = await objectAt(sha, path);
			return object?.type === 'blob' ? object.bytes : null;
		},
		entry: async (sha, path) => {
			const cut = path.lastIndexOf('/');
			const folder = await objectAt(sha, cut < 0 ? '' : path.slice(0, cut));
			if (folder?.type !== 'tree') return null;
			return parseTree(folder.bytes, sha.length / 2).find((entry) => entry.name === path.slice(cut + 1)) ?? null;
		},
		parents: (sha) =>
			remember(`parents ${sha}`, async () => {
				if (!(await hasCommit(sha))) throw new Unreadable(`${input.name} at ${sha}`, 'origin has no such commit');
				return parseCommit((await objects.read(`${sha}^{commit}`))?.bytes ?? Buffer.alloc(0));
			}),
		isAncestor: (ancestor, descendant) =>
			ancestor === descendant
				? Promise.resolve(true)
				: remember(`ancestor ${ancestor} ${descendant}`, async () => {
						if (!((await hasCommit(descendant)) && (await hasCommit(ancestor)))) return false;
						const args = ['merge-base', '--is-ancestor', ancestor, descendant];
						return yesOrNo(await git(args), `git merge-base in ${input.name}`);
					}),
		push: async (url, update, options) => {
			tools.readings.forget(url);
			const result = await tools.git.push(gitDir, url, update, { ...limits, ...options });
			tools.readings.forget(url);
			return result;
		},
		exposeRemotes: once(async () => {
			for (const [name, url] of await remotes()) {
				outputOf(await git(['config', `remote.${name}.url`, url]), `git config in ${gitDir}`);
			}
		}),
		close: () => objects.close(),
	};
}

async function initialise(gitDir: string, store: string, tools: RepositoryTools, limits: GitOptions): Promise<void> {
	if (await tools.folderExists(join(gitDir, 'objects'))) return;
	const made = await tools.git.run(store, ['init', '--quiet', '--bare', '--end-of-options', gitDir], limits);
	outputOf(made, `git init ${gitDir}`);
}

/** The remotes of the operator's checkout. Relative paths are relative to the checkout. */
async function readRemotes(input: RepositoryInput, tools: RepositoryTools, limits: GitOptions): Promise<Map<string, string>> {
	const remotes = new Map<string, string>();
	if (input.checkout === null) return remotes;
	const asked = ['config', '--null', '--get-regexp', '^remote\\..*\\.url$'];
	const result = await tools.git.run(input.checkout, asked, limits);
	if (result.exitCode === 1) return remotes;
	for (const pair of outputOf(result, `git config in ${input.checkout}`).split('\0')) {
		const [key, url] = pair.split('\n', 2);
		if (!key || !url) continue;
		const name = key.slice('remote.'.length, -'.url'.length);
		if (!remotes.has(name)) remotes.set(name, /^\.\.?(\/|$)/.test(url) ? resolve(input.checkout, url) : url);
	}
	return remotes;
}

function isUrl(text: string): boolean {
	return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || isAbsolute(text) || /^[^/\s]+@[^/\s]+:/.test(text);
}

/** The header of a raw commit object; the committer line ends in `<seconds> <zone>`. */
function parseCommit(bytes: Buffer): { parents: Sha[]; committedAt: number } {
	const header = bytes.toString('utf8').split('\n\n', 1)[0] ?? '';
	const parents = [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1] as Sha);
	const committed = /^committer .* (\d+) [+-]\d{4}$/m.exec(header);
	if (!committed) throw new Unreadable('git commit', 'no committer line');
	return { parents, committedAt: Number(committed[1]) };
}

function once<T>(take: () => Promise<T>): () => Promise<T> {
	let taken: Promise<T> | null = null;
	return () => {
		taken ??= take().catch((error: unknown) => {
			taken = null;
			throw error;
		});
		return taken;
	};
}

/** A fact that can't change is read once; a failed read is forgotten. */
function keep<T>(facts: Map<string, Promise<unknown>>, key: string, take: () => Promise<T>): Promise<T> {
	const known = facts.get(key);
	if (known) return known as Promise<T>;
	const value = take();
	facts.set(key, value);
	value.catch(() => facts.delete(key));
	return value;
}
