import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Sha } from '../../src/core/brand.ts';
import { Unreadable } from '../../src/core/diagnostic.ts';
import { ensurePrivateDir, removeFolder } from '../../src/io/files.ts';
import { createWorkspaces, type Workspaces } from '../../src/io/workspace.ts';
import { suite } from '../support/suite.ts';
import { treeDigest } from '../support/world.ts';
import { inFolder } from './folder.ts';
import { commit, git, makePair, type Opened, withRepository } from './repos.ts';

interface Setting extends Opened {
	readonly folder: string;
	readonly checkout: string;
	readonly first: Sha;
	readonly second: Sha;
	/** Where the workspace of harbor is. */
	readonly path: string;
	/** Workspaces as another run would open them: nothing is remembered. */
	fresh(): Workspaces;
}

/** An origin with two commits, and a folder for workspaces whose name has spaces. */
function inWorkspaces(body: (setting: Setting) => Promise<void>): () => Promise<void> {
	return inFolder(async (folder) => {
		const { checkout, first } = await makePair(folder);
		const second = await commit(checkout, "echo '*.log' > .gitignore; printf two > file");
		await git(checkout, 'push', '--quiet', 'origin', 'main');
		const place = join(folder, 'a place with spaces');
		await withRepository(folder, { checkout }, async (opened) => {
			const tools = { git: opened.git, timeoutMs: 20_000, ensureFolder: ensurePrivateDir, removeFolder };
			const fresh = () => createWorkspaces(place, tools);
			await opened.repository.hasCommit(second);
			await body({ ...opened, folder, checkout, first, second, fresh, path: join(place, 'harbor') });
		});
	});
}

async function isCleanAt(path: string, sha: Sha): Promise<void> {
	assert.is(await git(path, 'rev-parse', 'HEAD'), sha);
	assert.is(await git(path, 'status', '--porcelain', '--ignored'), '');
	assert.is(await git(path, 'rev-parse', '--abbrev-ref', 'HEAD'), 'HEAD');
}

suite('workspace', (test) => {
	test(
		'is a detached clean tree at the commit, and costs nothing while it is still that',
		inWorkspaces(async (s) => {
			const workspaces = s.fresh();
			const workspace = await workspaces.at(s.repository, s.first);
			assert.equal(workspace, { path: s.path, sha: s.first });
			await isCleanAt(s.path, s.first);
			const before = s.started();
			await workspaces.at(s.repository, s.first);
			assert.is(s.started(), before);
		}),
	);
	test(
		'moves to another commit',
		inWorkspaces(async (s) => {
			const workspaces = s.fresh();
			await workspaces.at(s.repository, s.first);
			await workspaces.at(s.repository, s.second);
			await isCleanAt(s.path, s.second);
			assert.is(await readFile(join(s.path, 'file'), 'utf8'), 'two');
		}),
	);
	test(
		'starts clean again after a command: edits, new files, ignored files and folders are gone',
		inWorkspaces(async (s) => {
			const workspaces = s.fresh();
			await workspaces.at(s.repository, s.second);
			await writeFile(join(s.path, 'file'), 'edited');
			await writeFile(join(s.path, 'new'), 'new');
			await writeFile(join(s.path, 'out.log'), 'ignored');
			await mkdir(join(s.path, 'nested'));
			await git(join(s.path, 'nested'), 'init', '--quiet');
			await rm(join(s.path, 'bin'), { recursive: true });
			workspaces.used(s.repository.name);
			await workspaces.at(s.repository, s.second);
			await isCleanAt(s.path, s.second);
			assert.equal((await readdir(s.path)).sort(), ['.git', '.gitignore', 'bin', 'file']);
		}),
	);
	test(
		'what an earlier run left is brought in order, not made anew',
		inWorkspaces(async (s) => {
			await s.fresh().at(s.repository, s.first);
			await writeFile(join(s.path, 'file'), 'edited');
			await s.fresh().at(s.repository, s.second);
			await isCleanAt(s.path, s.second);
			assert.is((await git(s.repository.gitDir, 'worktree', 'list')).split('\n').length, 2);
		}),
	);
	for (const [what, ruin] of [
		['a folder without its .git', (path: string) => rm(join(path, '.git'))],
		['an empty .git', (path: string) => writeFile(join(path, '.git'), '')],
		['a .git that points nowhere', (path: string) => writeFile(join(path, '.git'), 'gitdir: /absent/place\n')],
		['no folder at all', (path: string) => rm(path, { recursive: true })],
	] as const) {
		test(
			`a kill that left ${what} is repaired`,
			inWorkspaces(async (s) => {
				await s.fresh().at(s.repository, s.first);
				await ruin(s.path);
				await s.fresh().at(s.repository, s.second);
				await isCleanAt(s.path, s.second);
			}),
		);
	}
	for (const [what, file] of [
		['the index of a workspace was written', 'index.lock'],
		['git was still making the workspace', 'locked'],
	] as const) {
		test(
			`a kill while ${what} is repaired`,
			inWorkspaces(async (s) => {
				await s.fresh().at(s.repository, s.first);
				await writeFile(join(s.repository.gitDir, 'worktrees', 'harbor', file), 'initializing');
				if (file === 'locked') await rm(s.path, { recursive: true });
				await s.fresh().at(s.repository, s.second);
				await isCleanAt(s.path, s.second);
			}),
		);
	}
	test(
		'half a workspace inside somebody’s repository never resets that repository',
		inWorkspaces(async (s) => {
			const inside = join(s.checkout, '.slipway', 'work');
			await mkdir(join(inside, 'harbor', '.git'), { recursive: true });
			await writeFile(join(s.checkout, 'file'), 'not committed');
			await writeFile(join(s.checkout, 'untracked'), 'mine');
			const tools = { git: s.git, timeoutMs: 20_000, ensureFolder: ensurePrivateDir, removeFolder };
			await createWorkspaces(inside, tools).at(s.repository, s.first);
			await isCleanAt(join(inside, 'harbor'), s.first);
			await rm(join(s.checkout, '.slipway'), { recursive: true });
			assert.is(await readFile(join(s.checkout, 'file'), 'utf8'), 'not committed');
			assert.is(await git(s.checkout, 'rev-parse', '--abbrev-ref', 'HEAD'), 'main');
			assert.ok(existsSync(join(s.checkout, 'untracked')));
		}),
	);
	test(
		'calls for one repository take turns',
		inWorkspaces(async (s) => {
			const workspaces = s.fresh();
			const shas = [s.first, s.second, s.first, s.second];
			const made = await Promise.all(shas.map((sha) => workspaces.at(s.repository, sha)));
			assert.equal(
				made.map(({ sha }) => sha),
				shas,
			);
			await isCleanAt(s.path, s.second);
		}),
	);
	test(
		'a commit that is not there is unreadable, and the next call works',
		inWorkspaces(async (s) => {
			const workspaces = s.fresh();
			const failed = await workspaces.at(s.repository, 'd'.repeat(40) as Sha).catch((error: unknown) => error);
			assert.instance(failed, Unreadable);
			await workspaces.at(s.repository, s.first);
			await isCleanAt(s.path, s.first);
		}),
	);
	test(
		'a commit that was made there is known, and is where it is',
		inWorkspaces(async (s) => {
			const workspaces = s.fresh();
			await workspaces.at(s.repository, s.first);
			workspaces.used(s.repository.name);
			const made = await commit(s.path, 'echo pinned > Gemfile');
			assert.is(await workspaces.committed(s.repository), made);
			const before = s.started();
			await workspaces.at(s.repository, made);
			assert.is(s.started(), before);
		}),
	);
	test(
		'the checkout stays byte for byte as it was',
		inWorkspaces(async (s) => {
			await writeFile(join(s.checkout, 'file'), 'not committed');
			const before = treeDigest(s.checkout);
			const workspaces = s.fresh();
			await workspaces.at(s.repository, s.first);
			await workspaces.at(s.repository, s.second);
			await workspaces.removeAll();
			assert.is(treeDigest(s.checkout), before);
			assert.not.ok(existsSync(s.path));
		}),
	);
});
