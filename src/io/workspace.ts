import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RepoName, Sha } from '../core/brand.ts';
import { Unreadable } from '../core/diagnostic.ts';
import { outputOf } from './command.ts';
import { readIfExists } from './files.ts';
import type { Git } from './git.ts';
import type { Repository } from './repository.ts';

/** A private detached work tree that Slipway owns, at one commit. */
export interface Workspace {
	readonly path: string;
	readonly sha: Sha;
}

/** `any`: for commands that only ask something, such as `live_cmd`. */
export type TreeState = 'clean' | 'any';

/**
 * All workspaces of one train, side by side under `.slipway/work/<slug>`: a Gemfile that names
 * `path: "../studio-engine"` finds there the gem at its frozen SHA, not somebody's checkout.
 */
export interface Workspaces {
	/** The repository's workspace at `sha`, clean unless whatever lies about is fine. Calls for one repository take turns. */
	at(repository: Repository, sha: Sha, state?: TreeState): Promise<Workspace>;
	/** Says that a command ran in it, so that the next one starts from a clean tree again. */
	used(repo: RepoName): void;
	/** Takes note of the commit that was just made there, and gives it. */
	committed(repository: Repository): Promise<Sha>;
	/** Removes the folder with all that is in it, and what git keeps of the trees that were used. */
	removeAll(): Promise<void>;
}

export interface WorkspaceTools {
	readonly git: Git;
	readonly timeoutMs: number;
	readonly ensureFolder: (path: string) => Promise<void>;
	readonly removeFolder: (path: string) => Promise<void>;
}

export function createWorkspaces(folder: string, tools: WorkspaceTools): Workspaces {
	const heads = new Map<RepoName, Sha>();
	const clean = new Set<RepoName>();
	const turns = new Map<RepoName, Promise<Workspace>>();
	const touched = new Map<RepoName, Repository>();

	const prepare = async (repository: Repository, sha: Sha, state: TreeState): Promise<Workspace> => {
		const { name } = repository;
		const workspace = { path: join(folder, name), sha };
		if (heads.get(name) === sha && (state === 'any' || clean.has(name))) return workspace;
		if (!(await reuse(tools, workspace))) await add(tools, repository, workspace);
		heads.set(name, sha);
		clean.add(name);
		return workspace;
	};
	return {
		at: (repository, sha, state = 'clean') => {
			touched.set(repository.name, repository);
			const next = () => prepare(repository, sha, state);
			const turn = (turns.get(repository.name) ?? Promise.resolve()).then(next, next);
			turns.set(repository.name, turn);
			return turn;
		},
		used: (repo) => clean.delete(repo),
		committed: async (repository) => {
			const sha = await headOf(repository, join(folder, repository.name));
			heads.set(repository.name, sha);
			clean.add(repository.name);
			return sha;
		},
		removeAll: async () => {
			await Promise.all([...touched.values()].map((repository) => unregister(tools, repository, folder)));
			touched.clear();
			heads.clear();
			clean.clear();
			turns.clear();
			await tools.removeFolder(folder);
		},
	};
}

/**
 * Names the workspace to git, which would otherwise look for a repository in the folders above when
 * this one is half made, and find the operator's.
 */
function scopedTo(path: string): string[] {
	return ['--git-dir', join(path, '.git'), '--work-tree', path];
}

/** The HEAD of a work tree is a ref of its repository, named by the folder that its `.git` file points to. */
async function headOf(repository: Repository, path: string): Promise<Sha> {
	const pointer = (await readIfExists(join(path, '.git'))) ?? '';
	const sha = await repository.resolve(`worktrees/${basename(pointer.trim())}/HEAD`);
	if (sha === null) throw new Unreadable(`HEAD of ${path}`, 'git names no commit');
	return sha;
}

/** Its `.git` is a file that points to the repository: a folder there was made by some command, and is not ours. */
function isWorkTree(path: string): Promise<boolean> {
	return stat(join(path, '.git')).then(
		(found) => found.isFile(),
		() => false,
	);
}

/** True when what is there could be brought to the commit, clean. */
async function reuse(tools: WorkspaceTools, workspace: Workspace): Promise<boolean> {
	if (!(await isWorkTree(workspace.path))) return false;
	return (await isReady(tools, workspace)) || reset(tools, workspace);
}

/** One question to git: whether HEAD is there already and nothing lies about, ignored files included. */
async function isReady(tools: WorkspaceTools, { path, sha }: Workspace): Promise<boolean> {
	const asked = [...scopedTo(path), 'status', '--porcelain=v2', '--branch', '--ignored', '-z'];
	const result = await tools.git.run(path, asked, { timeoutMs: tools.timeoutMs });
	if (result.exitCode !== 0) return false;
	const said = result.stdout.toString('utf8').split('\0').filter(Boolean);
	return said.includes(`# branch.oid ${sha}`) && said.every((line) => line.startsWith('# '));
}

async function add(tools: WorkspaceTools, repository: Repository, { path, sha }: Workspace): Promise<void> {
	await tools.ensureFolder(join(path, '..'));
	await tools.removeFolder(path);
	// --force only says that the entry of a workspace that is gone may be taken over; twice, that of one
	// which git was still making when it was killed, and so had locked.
	const args = ['worktree', 'add', '--quiet', '--detach', '--force', '--force', '--end-of-options', path, sha];
	outputOf(await repository.git(args, { timeoutMs: tools.timeoutMs }), `workspace of ${repository.name}`);
}

/** What this leaves undone only takes room: the folder itself is removed by who asked. */
async function unregister(tools: WorkspaceTools, repository: Repository, folder: string): Promise<void> {
	const path = join(folder, repository.name);
	const args = ['worktree', 'remove', '--force', '--force', '--end-of-options', path];
	await repository.git(args, { timeoutMs: tools.timeoutMs });
}

/**
 * The tree is Slipway's own: whatever an earlier command left there is thrown away. False when a
 * kill left something that git does not recognise; then it is made anew.
 */
async function reset(tools: WorkspaceTools, { path, sha }: Workspace): Promise<boolean> {
	const limits = { timeoutMs: tools.timeoutMs };
	const moved = await tools.git.run(
		path,
		[...scopedTo(path), 'checkout', '--quiet', '--force', '--detach', sha, '--'],
		limits,
	);
	if (moved.exitCode !== 0) return false;
	return (await tools.git.run(path, [...scopedTo(path), 'clean', '--quiet', '-ffdx'], limits)).exitCode === 0;
}
