import * as assert from 'uvu/assert';
import { slipway } from '../support/slipway.ts';
import { hold } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { commandsRun, deployed } from '../support/world.ts';
import type { Arena } from './arena.ts';
import { kill, killTree, markedWith } from './processes.ts';
import { assembledArena, lockOwner, start, until } from './running.ts';
import { resume } from './trial.ts';

const SHIP = ['ship', '--yes'];
/** Two versions of somebody else's gem, and one of each gem of the train. */
const PUSHED_BEFORE = 4;

function pushes(arena: Arena): number {
	return arena.server().pushes().length - PUSHED_BEFORE;
}

function childrenEnd(arena: Arena): Promise<unknown> {
	return until('the children to end', () => markedWith(arena.fleet.dir).length === 0);
}

async function assertConverges(arena: Arena): Promise<void> {
	const { attempts, said } = await resume(arena, SHIP);
	assert.is.not(attempts, null, said.join('\n'));
	assert.is(pushes(arena), arena.fleet.gems.length, 'each gem was pushed once');
	assert.equal(
		arena.fleet.apps.map((app) => deployed(arena.fleet, app).length),
		arena.fleet.apps.map(() => 1),
	);
}

suite('orphans: the command alone is killed, and what it started lives on', (test) => {
	const inArena = assembledArena(0);

	test(
		'a deploy that goes on alone is waited for, not begun beside itself',
		inArena(async (arena) => {
			const held = await hold(arena.fleet, { command: 'push', repo: 'harbor' });
			const running = start(arena.fleet, SHIP);
			await held.reached;
			kill(running.pid, 'SIGKILL');
			const again = await slipway(arena.fleet, SHIP);
			assert.is(again.code, 4, again.stderr);
			assert.match(again.stderr, /error\[locked\].*was killed, and what it started is still at work/);
			assert.match(again.stderr, /pid \d+: git .*push/);
			await held.release();
			await childrenEnd(arena);
			await assertConverges(arena);
			assert.is(commandsRun(arena.fleet).filter(({ command }) => command === 'push').length, 1);
		}),
	);

	test(
		'a `gem push` that goes on alone is not repeated, whether the server had taken the gem or not',
		inArena(async (arena) => {
			for (const moment of ['request', 'reply'] as const) {
				const held = await arena.server().holdPush(moment);
				const running = start(arena.fleet, SHIP);
				await held.reached;
				kill(running.pid, 'SIGKILL');
				const again = await slipway(arena.fleet, SHIP);
				assert.is(again.code, 4, again.stderr);
				await held.release();
				await childrenEnd(arena);
			}
			await assertConverges(arena);
		}),
	);

	test(
		'whoever knows better goes on at once with `slipway unlock`',
		inArena(async (arena) => {
			const held = await hold(arena.fleet, { command: 'test', repo: 'harbor' });
			const running = start(arena.fleet, SHIP);
			await held.reached;
			kill(running.pid, 'SIGKILL');
			await running.ended;
			const refused = await slipway(arena.fleet, SHIP);
			const id = lockOwner(arena.fleet)?.id ?? '';
			assert.ok(refused.stderr.includes(`slipway unlock ${id}`), refused.stderr);
			const unlocked = await slipway(arena.fleet, ['unlock', id]);
			assert.is(unlocked.code, 0, unlocked.stderr);
			await held.release();
			await assertConverges(arena);
			await childrenEnd(arena);
		}),
	);
});

suite('lost replies: everything is killed while the other side is at work', (test) => {
	const inArena = assembledArena(0);

	test(
		'a reply lost after the server took the gem ends as done, not as a second push',
		inArena(async (arena) => {
			const held = await arena.server().holdPush('reply');
			const running = start(arena.fleet, SHIP);
			await held.reached;
			assert.is(pushes(arena), 1);
			killTree(running.pid);
			await running.ended;
			await held.release();
			await assertConverges(arena);
		}),
	);

	test(
		'a platform that builds on after its client died is not deployed to twice',
		inArena(async (arena) => {
			const held = await hold(arena.fleet, { command: 'push', repo: 'harbor' });
			const running = start(arena.fleet, SHIP);
			await held.reached;
			killTree(running.pid);
			await running.ended;
			assert.is(deployed(arena.fleet, 'harbor').length, 0);
			await held.release();
			await assertConverges(arena);
			await childrenEnd(arena);
		}),
	);
});
