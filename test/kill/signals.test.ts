import { rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { slipwayArgv } from '../support/slipway.ts';
import { hold, type Step } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { commandsRun, deployed, originRef } from '../support/world.ts';
import { type Arena, newestJournal, stateOf } from './arena.ts';
import { descendantsOf, kill, markedWith } from './processes.ts';
import { assembledArena, type Ended, lockOwner, type Running, start, until } from './running.ts';
import { resume } from './trial.ts';

const SHIP = ['ship', '--yes'];
const TEST_OF_HUB: Step = { command: 'test', repo: 'harbor' };
const PUSH_OF_HUB: Step = { command: 'push', repo: 'harbor' };

/** Nothing of a train runs on, and nobody holds its lock. */
function assertAllEnded(arena: Arena): void {
	assert.equal(markedWith(arena.fleet.dir), [], 'no process of the sandbox is left');
	assert.is(lockOwner(arena.fleet), null, 'the lock was given back');
}

async function outcomes(arena: Arena): Promise<Record<string, unknown>> {
	const lines = await newestJournal(arena.fleet);
	return Object.fromEntries(
		lines.flatMap(({ type, task, data }) => (type === 'outcome' ? [[task, data.outcome]] : [])),
	);
}

async function assertEndWritten(arena: Arena, outcome: string): Promise<void> {
	const last = (await newestJournal(arena.fleet)).at(-1);
	assert.is(last?.type, 'end');
	assert.is(last?.data.outcome, outcome);
}

/** The train while one of its commands is held open. */
async function withHeld(
	arena: Arena,
	step: Step,
	body: (running: Running, release: () => Promise<void>) => Promise<void>,
): Promise<Ended> {
	const held = await hold(arena.fleet, step);
	const running = start(arena.fleet, SHIP);
	await held.reached;
	await body(running, held.release);
	return running.ended;
}

function isStopping(running: Running): Promise<unknown> {
	return until('Slipway to say that it stops', () => running.output().includes('stopping'));
}

async function assertResumes(arena: Arena): Promise<void> {
	const { attempts, said } = await resume(arena, SHIP);
	assert.is(attempts, 1, said.join('\n'));
	assert.is(arena.server().pushes().length - PUSHED_BEFORE, arena.fleet.gems.length);
	for (const app of arena.fleet.apps) assert.is(deployed(arena.fleet, app).length, 1, `${app} was deployed once`);
}

/** Two versions of somebody else's gem, and one of each gem of the train. */
const PUSHED_BEFORE = 4;

suite('signals', (test) => {
	const inArena = assembledArena(0);

	for (const [signal, code] of [
		['SIGINT', 130],
		['SIGTERM', 143],
		// A terminal that hangs up says so twice, and means it once.
		['SIGHUP', 129],
	] as const) {
		test(
			`${signal} once: what runs is finished, nothing new starts, exit ${code}, and the report says how to go on`,
			inArena(async (arena) => {
				const ended = await withHeld(arena, TEST_OF_HUB, async (running, release) => {
					kill(running.pid, signal);
					await isStopping(running);
					// A shell that ends says it to its jobs once more.
					if (signal === 'SIGHUP') kill(running.pid, signal);
					await release();
				});
				assert.is(ended.code, code, ended.stderr);
				assert.match(ended.stdout, /Cancelled/);
				assert.match(ended.stdout, /Resume {2}slipway ship/);
				assert.match(ended.stdout, /Not started/);
				assert.is((await outcomes(arena))['gate:harbor'], 'done', 'the running gate was finished');
				assert.is(commandsRun(arena.fleet).filter(({ command }) => command === 'push').length, 0);
				assert.is.not(
					await originRef(arena.fleet, 'harbor', 'refs/heads/main'),
					await originRef(arena.fleet, 'harbor', 'refs/heads/release'),
				);
				await assertEndWritten(arena, 'cancelled');
				assertAllEnded(arena);
				if (signal === 'SIGTERM') await assertResumes(arena);
			}),
		);
	}

	test(
		'twice: a reversible command is stopped with all that it started, also when it ignores SIGTERM',
		inArena(async (arena) => {
			const file = join(arena.fleet.layout.rig, 'step');
			const stubborn = '#!/bin/sh\ntrap "" TERM\nsleep 600 >/dev/null 2>&1 &\necho waiting\nwait\nsleep 600\n';
			const patient = `[ "$1" = test ] || exec "${file}.patient" "$@"\n`;
			writeFileSync(`${file}.patient`, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
			writeFileSync(file, stubborn.replace('#!/bin/sh\n', `#!/bin/sh\n${patient}`), { mode: 0o755 });
			const running = start(arena.fleet, SHIP);
			await until('the stubborn test', () => markedWith(arena.fleet.dir).find((seen) => /^sleep/.test(seen.command)));
			kill(running.pid, 'SIGTERM');
			await isStopping(running);
			kill(running.pid, 'SIGTERM');
			const ended = await running.ended;
			assert.is(ended.code, 143, ended.stderr);
			const settled = await outcomes(arena);
			assert.ok(Object.values(settled).includes('cancelled'), JSON.stringify(settled));
			assert.match(ended.stdout, /⚠ gate:harbor {2}test_cmd failed: bin\/test \(cancelled\)/);
			await assertEndWritten(arena, 'cancelled');
			assertAllEnded(arena);
		}),
	);

	test(
		'twice: an irreversible command is never stopped, and its outcome is written',
		inArena(async (arena) => {
			const ended = await withHeld(arena, PUSH_OF_HUB, async (running, release) => {
				const pushing = descendantsOf(running.pid).filter(({ command }) => / push /.test(command));
				kill(running.pid, 'SIGINT');
				await isStopping(running);
				kill(running.pid, 'SIGINT');
				kill(running.pid, 'SIGQUIT');
				const alive = new Set(descendantsOf(running.pid).map(({ pid }) => pid));
				assert.ok(pushing.length > 0 && pushing.every(({ pid }) => alive.has(pid)), 'the push goes on');
				await release();
			});
			assert.is(ended.code, 130, ended.stderr);
			assert.is((await outcomes(arena))['deploy:harbor'], 'done');
			assert.is(deployed(arena.fleet, 'harbor').length, 1);
			await assertEndWritten(arena, 'cancelled');
			assertAllEnded(arena);
		}),
	);

	test(
		'a terminal that is closed under a train lets it finish what runs',
		inArena(async (arena) => {
			const held = await hold(arena.fleet, TEST_OF_HUB);
			const terminal = startInTerminal(arena);
			await held.reached;
			const lock = lockOwner(arena.fleet);
			assert.ok(lock);
			kill(terminal.pid, 'SIGKILL');
			await held.release();
			await until('the train to end', () => lockOwner(arena.fleet) === null);
			assert.is((await outcomes(arena))['gate:harbor'], 'done');
			await assertEndWritten(arena, 'cancelled');
			await until('all processes to end', () => markedWith(arena.fleet.dir).length === 0);
		}),
	);

	test(
		'Ctrl-C in a terminal reaches Slipway and none of its children',
		inArena(async (arena) => {
			const held = await hold(arena.fleet, PUSH_OF_HUB);
			const terminal = startInTerminal(arena);
			await held.reached;
			const children = descendantsOf(terminal.pid).filter(({ command }) => /^git |\/step /.test(command));
			terminal.stdin.write('\x03\x03');
			await isStopping(terminal);
			const alive = new Set(descendantsOf(terminal.pid).map(({ pid }) => pid));
			assert.ok(children.length > 2 && children.every(({ pid }) => alive.has(pid)), JSON.stringify(children));
			await held.release();
			const ended = await terminal.ended;
			assert.is(ended.code, 130, ended.stdout);
			assert.is((await outcomes(arena))['deploy:harbor'], 'done');
			await assertEndWritten(arena, 'cancelled');
			assertAllEnded(arena);
		}),
	);
});

/** The CLI on a terminal of its own, as `script` makes one. */
function startInTerminal(arena: Arena): ReturnType<typeof start> {
	const command = slipwayArgv(SHIP)
		.map((word) => `'${word}'`)
		.join(' ');
	const argv = ['script', '--quiet', '--return', '--command', `exec ${command}`, '/dev/null'];
	return start(arena.fleet, [], { argv, env: { TERM: 'xterm-256color', SHELL: '/bin/sh' } });
}

suite('lock', (test) => {
	const inArena = assembledArena(0);
	const files = (arena: Arena) => ({
		owner: join(stateOf(arena.fleet), 'train.lock.json'),
		beat: join(stateOf(arena.fleet), 'train.lock'),
	});

	test(
		'a lock that was removed in flight stops the train before its next task, and it says so',
		inArena(async (arena) => {
			const ended = await withHeld(arena, TEST_OF_HUB, async (_running, release) => {
				const { owner, beat } = files(arena);
				rmSync(owner);
				rmdirSync(beat);
				await release();
			});
			assert.is(ended.code, 1, ended.stderr);
			assert.match(ended.stderr, /error\[lock-lost\]/);
			assert.is((await outcomes(arena))['gate:harbor'], 'done', 'what ran was finished');
			assert.is(commandsRun(arena.fleet).filter(({ command }) => command === 'push').length, 0);
			await assertResumes(arena);
		}),
	);

	test(
		'a lock that somebody else holds by now is lost as well, and is left to them',
		inArena(async (arena) => {
			const { owner } = files(arena);
			let theirs = '';
			const ended = await withHeld(arena, TEST_OF_HUB, async (_running, release) => {
				theirs = JSON.stringify({ ...lockOwner(arena.fleet), id: '0badcafe', run: 'theirs' });
				writeFileSync(owner, theirs);
				await release();
			});
			assert.is(ended.code, 1, ended.stderr);
			assert.match(ended.stderr, /error\[lock-lost\]/);
			assert.equal(lockOwner(arena.fleet), JSON.parse(theirs));
		}),
	);
});
