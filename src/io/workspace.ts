import { join } from 'node:path';
import type { RepoName, Sha } from '../core/brand.ts';
import { outputOf } from './command.ts';
import type { Git } from './git.ts';
import type { Repository } from './repository.ts';

/** A private detached work tree that Slipway owns, at one commit. */
export interface Workspace {
	readonly path: string;
	readonly sha: Sha;
}

/**
 * All workspaces of one train, side by side under `.slipway/work/<slug>`: a Gemfile that names
 * `path: "../studio-engine"` finds there the gem at its frozen SHA, not somebody's checkout.
 */
export interface Workspaces {
	/** The repository's workspace, clean and at `sha`. Calls for one repository take turns. */
	at(repository: Repository, sha: Sha): Promise<Workspace>;
	/** Says that a command ran in it, so that the next one starts from a clean tree again. */
	used(repo: RepoName): void;
	/** Says that HEAD was moved by a commit made there. */
	moved(repo: RepoName, sha: Sha): void;
	/** Removes the folder of the whole train. */
	removeAll(): Promise<void>;
}

export interface WorkspaceTools {
	readonly git: Git;
	readonly timeoutMs: number;
	readonly folderExists: (path: string) => Promise<boolean>;
	readonly ensureFolder: (path: string) => Promise<void>;
	readonly removeFolder: (path: string) => Promise<void>;
}

export function createWorkspaces(folder: string, tools: WorkspaceTools): Workspaces {
	const clean = new Map<RepoName, Sha>();
	const turns = new Map<RepoName, Promise<Workspace>>();

	const prepare = async (repository: Repository, sha: Sha): Promise<Workspace> => {
		const path = join(folder, repository.name);
		if (clean.get(repository.name) === sha) return { path, sha };
		const left = (await tools.folderExists(join(path, '.git'))) && (await reset(tools, path, sha));
		if (!left) await add(tools, repository, { path, sha });
		clean.set(repository.name, sha);
		return { path, sha };
	};
	return {
		at: (repository, sha) => {
			const before = turns.get(repository.name);
			const turn = before
				? before.then(
						() => prepare(repository, sha),
						() => prepare(repository, sha),
					)
				: prepare(repository, sha);
			turns.set(repository.name, turn);
			return turn;
		},
		used: (repo) => clean.delete(repo),
		moved: (repo, sha) => clean.set(repo, sha),
		removeAll: async () => {
			clean.clear();
			turns.clear();
			await tools.removeFolder(folder);
		},
	};
}

async function add(tools: WorkspaceTools, repository: Repository, { path, sha }: Workspace): Promise<void> {
	await tools.ensureFolder(join(path, '..'));
	await tools.removeFolder(path);
	// --force only says that the entry of a workspace that is gone may be taken over.
	const args = ['worktree', 'add', '--quiet', '--detach', '--force', '--end-of-options', path, sha];
	outputOf(await repository.git(args, { timeoutMs: tools.timeoutMs }), `workspace of ${repository.name}`);
}

/**
 * The tree is Slipway's own: whatever an earlier command left there is thrown away. False when a
 * kill left something that git does not recognise; then it is made anew.
 */
async function reset(tools: WorkspaceTools, path: string, sha: Sha): Promise<boolean> {
	const limits = { timeoutMs: tools.timeoutMs };
	const moved = await tools.git.run(path, ['checkout', '--quiet', '--force', '--detach', sha, '--'], limits);
	if (moved.exitCode !== 0) return false;
	return (await tools.git.run(path, ['clean', '--quiet', '-ffdx'], limits)).exitCode === 0;
}
