import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { ownIdentity } from '../../src/io/process-identity.ts';
import { output } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { type Arena, stateOf } from './arena.ts';
import { readOutcome } from './outcome.ts';
import { assembledArena } from './running.ts';
import { resume } from './trial.ts';

const SHIP = ['ship', '--yes'];
/** No process has it: the largest pid of Linux is smaller. */
const DEAD_PID = 4_194_305;

function bareOf(arena: Arena, repo: string): string {
	return join(stateOf(arena.fleet), 'repos', `${repo}.git`);
}

/** Moves the release branch of an app nowhere, but lets nothing of it be known here: it must be fetched again. */
function forgetObjects(arena: Arena, repo: string): void {
	const gitDir = bareOf(arena, repo);
	rmSync(join(gitDir, 'refs', 'slipway'), { recursive: true, force: true });
	rmSync(join(gitDir, 'packed-refs'), { force: true });
	for (const folder of readdirSync(join(gitDir, 'objects'))) {
		if (folder !== 'info' && folder !== 'pack') rmSync(join(gitDir, 'objects', folder), { recursive: true });
	}
	for (const pack of readdirSync(join(gitDir, 'objects', 'pack'))) rmSync(join(gitDir, 'objects', 'pack', pack));
}

/** Every lock that a git of ours may have held when it was killed, and half a pack. */
function leaveGitLocks(arena: Arena): void {
	const gitDir = bareOf(arena, 'harbor');
	for (const folder of ['refs/slipway/origin', 'refs/slipway/tags', 'worktrees/harbor']) {
		mkdirSync(join(gitDir, folder), { recursive: true });
	}
	for (const lock of ['config', 'HEAD', 'packed-refs', 'refs/slipway/origin/release', 'refs/slipway/origin/main']) {
		writeFileSync(join(gitDir, `${lock}.lock`), '');
	}
	writeFileSync(join(gitDir, 'worktrees', 'harbor', 'index.lock'), '');
	writeFileSync(join(gitDir, 'objects', 'pack', 'tmp_pack_h4lf'), 'PACK');
	mkdirSync(join(gitDir, 'objects', 'ab'), { recursive: true });
	writeFileSync(join(gitDir, 'objects', 'ab', 'tmp_obj_h4lf'), '');
}

/** What `git worktree add` leaves when it is killed in its first moments: an entry that is locked, and half a tree. */
async function leaveHalfWorkspace(arena: Arena): Promise<void> {
	const gitDir = bareOf(arena, 'harbor');
	const { slug } = await currentRecord(arena);
	const path = join(stateOf(arena.fleet), 'work', slug, 'harbor');
	rmSync(join(gitDir, 'worktrees'), { recursive: true, force: true });
	rmSync(path, { recursive: true, force: true });
	await output(
		['git', '-C', gitDir, 'worktree', 'add', '--quiet', '--detach', path, 'refs/slipway/origin/main'],
		arena.fleet,
	);
	const [entry = ''] = readdirSync(join(gitDir, 'worktrees'));
	writeFileSync(join(gitDir, 'worktrees', entry, 'locked'), 'initializing\n');
	writeFileSync(join(gitDir, 'worktrees', entry, 'index.lock'), '');
	rmSync(join(gitDir, 'worktrees', entry, 'index'));
	rmSync(join(path, '.git'));
	rmSync(join(path, 'Gemfile'));
}

/** The lock of the train that was killed. */
function leaveLock(arena: Arena): void {
	const moment = { startedAt: new Date().toISOString(), run: 'killed', command: 'ship', holder: 'ada@harbor' };
	const owner = { schema: 'slipway.lock/1', id: '0badcafe', ...moment, ...ownIdentity(), pid: DEAD_PID };
	writeFileSync(join(stateOf(arena.fleet), 'train.lock.json'), JSON.stringify(owner));
}

function leaveTornFiles(arena: Arena): void {
	const state = stateOf(arena.fleet);
	const built = join(state, 'built');
	const gems = (readdirSync(built, { recursive: true }) as string[]).filter((name) => name.endsWith('.gem'));
	assert.is(gems.length, arena.fleet.gems.length);
	for (const gem of gems) truncateSync(join(built, gem), 100);
	writeFileSync(join(state, `.record.json.${DEAD_PID}.0123456789ab`), '{"schema":');
	writeFileSync(join(bareOf(arena, 'harbor'), `.remotes.config.${DEAD_PID}.0123456789ab`), '[remote');
	writeFileSync(join(state, `.train.lock.json.${DEAD_PID}.0123456789ab`), '');
}

async function currentRecord(arena: Arena): Promise<{ readonly slug: string }> {
	return JSON.parse(await output(['cat', join(stateOf(arena.fleet), 'record.json')]));
}

suite('debris: what a kill leaves in .slipway stops nobody', (test) => {
	const inArena = assembledArena(0);
	const shipsAfter = (leave: (arena: Arena) => void | Promise<void>) =>
		inArena(async (arena) => {
			await leave(arena);
			leaveLock(arena);
			const { attempts, said } = await resume(arena, SHIP);
			assert.is(attempts, 1, said.join('\n'));
			assert.equal((await readOutcome(arena)).litter, []);
		});

	test(
		'lock files of a killed git, half a pack, a torn gem and torn writes',
		shipsAfter((arena) => {
			forgetObjects(arena, 'harbor');
			leaveGitLocks(arena);
			leaveTornFiles(arena);
		}),
	);

	test('a workspace that git was still making', shipsAfter(leaveHalfWorkspace));

	test(
		'a repository that was never finished',
		shipsAfter(async (arena) => {
			rmSync(bareOf(arena, 'harbor'), { recursive: true });
			await output(
				['git', 'init', '--quiet', '--bare', `${bareOf(arena, 'harbor')}.${DEAD_PID}.half-made`],
				arena.fleet,
			);
		}),
	);
});
