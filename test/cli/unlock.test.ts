import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { startGroup } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { NODE, ROOT } from '../support/toolchain.ts';
import { codesOf } from './documents.ts';
import { openStage } from './stage.ts';

/** A train that holds the lock and lives; then the same one, killed. */
async function meetHolder() {
	const stage = await openStage({ satellites: 1 });
	await stage.must(0, ['prepare', '--yes']);
	const state = join(stage.fleet.layout.conductor, '.slipway');
	const holder = startGroup([NODE, `${ROOT}test/io/hold-train-lock.ts`, state], { cwd: ROOT });
	await once(holder.stdout, 'data');
	const { id } = JSON.parse(readFileSync(join(state, 'train.lock.json'), 'utf8')) as { id: string };
	const alive = {
		unlock: await stage.run(['unlock', id]),
		abandon: await stage.run(['abandon', '--yes']),
		doctor: await stage.run(['doctor', '--json']),
		word: await stage.run(['complete', '--', 'unlock', '']),
	};
	const gone = once(holder, 'exit');
	process.kill(holder.pid ?? 0, 'SIGKILL');
	await gone;
	const dead = {
		doctor: await stage.run(['doctor']),
		wrong: await stage.run(['unlock', 'ffffffff']),
		unlock: await stage.run(['unlock', id, '--json']),
		again: await stage.run(['unlock', id]),
		after: await stage.run(['doctor']),
	};
	const status = await stage.run(['status', '--json']);
	await stage.stop();
	return { id, alive, dead, status };
}

const { id, alive, dead, status } = await meetHolder();

suite('unlock', (test) => {
	test('a holder that lives keeps its lock: exit 4', () => {
		assert.is(alive.unlock.code, 4);
		assert.equal(codesOf(alive.unlock), ['locked']);
	});

	test('abandon while a train holds the lock: exit 4, and the release stays as it was', () => {
		assert.is(alive.abandon.code, 4);
		assert.is((JSON.parse(status.stdout) as { record: { state: string } }).record.state, 'assembled');
	});

	test('doctor: a lock that is not ours is a finding', () => {
		assert.is(alive.doctor.code, 3);
		const { findings } = JSON.parse(alive.doctor.stdout) as { findings: { code: string; severity: string }[] };
		assert.equal(
			findings.map(({ code, severity }) => [code, severity]),
			[['locked', 'error']],
		);
	});

	test('doctor: a dead train that left its lock is told', () => {
		assert.is(dead.doctor.code, 0);
		assert.match(dead.doctor.stdout, /! a dead train left its lock; the next one takes it over/);
		assert.match(dead.doctor.stderr, /warning\[locked\]: a dead train left its lock/);
	});

	test('another id: exit 2, and the one that is held is named', () => {
		assert.is(dead.wrong.code, 2);
		assert.match(dead.wrong.stderr, new RegExp(`the lock that is held is ${id}`));
	});

	test('the lock of a dead holder goes, and it is said whose it was', () => {
		assert.is(dead.unlock.code, 0, dead.unlock.stderr);
		const removed = JSON.parse(dead.unlock.stdout) as { schema: string; id: string; holder: string };
		assert.is(removed.schema, 'slipway.unlock/1');
		assert.is(removed.id, id);
		assert.match(dead.after.stdout, /✔ no train holds the lock/);
	});

	test('a lock that is free has nothing to remove: exit 2', () => {
		assert.is(dead.again.code, 2);
		assert.match(dead.again.stderr, /no train holds one/);
	});

	test('completion offers the id of the lock that is held', () => {
		assert.is(alive.word.stdout.split('\t')[0], id);
	});
});
