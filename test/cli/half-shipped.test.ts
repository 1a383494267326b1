import { readFileSync, writeFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { fail, mend } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { commandsRun, deployed, originRef } from '../support/world.ts';
import type { StatusDocument } from './documents.ts';
import { openStage, type Stage } from './stage.ts';

const APPS = ['harbor', 'turf', 'lagoon'];

interface Moment {
	/** SHA by app. */
	readonly mains: Readonly<Record<string, string | null>>;
	readonly live: Readonly<Record<string, readonly string[]>>;
	readonly record: StatusDocument['record'];
}

async function look(stage: Stage): Promise<Moment> {
	const { fleet } = stage;
	const main = async (app: string) => [app, await originRef(fleet, app, 'refs/heads/main')] as const;
	const { record } = JSON.parse((await stage.must(0, ['status', '--json'])).stdout) as StatusDocument;
	return {
		mains: Object.fromEntries(await Promise.all(APPS.map(main))),
		live: Object.fromEntries(APPS.map((app) => [app, deployed(fleet, app).map(({ sha }) => sha)])),
		record,
	};
}

/** A platform that refuses the hub after main moved; then one that takes a satellite and does not bring it up. */
async function shipInHalves() {
	const stage = await openStage({ satellites: 2 });
	const { fleet, smoke } = stage;
	writeFileSync(fleet.registryFile, readFileSync(fleet.registryFile, 'utf8').replace('smoke: 10s', 'smoke: 1s'));
	await stage.must(0, ['prepare', '--yes']);
	await fail(fleet, { command: 'push', repo: 'harbor' }, 'the build ran out of memory');
	const refused = { ran: await stage.run(['ship', '--yes']), ...(await look(stage)) };
	await mend(fleet, { command: 'push', repo: 'harbor' });
	smoke.answer('lagoon', 503);
	const taken = { ran: await stage.run(['ship', '--yes']), ...(await look(stage)) };
	const stillDown = { ran: await stage.run(['ship', '--yes']), ...(await look(stage)) };
	smoke.answer('lagoon', null);
	const shipped = { ran: await stage.run(['ship', '--yes']), ...(await look(stage)) };
	const pushes = commandsRun(fleet).filter(({ command }) => command === 'push');
	await stage.stop();
	return { refused, taken, stillDown, shipped, pushes };
}

const seen = await shipInHalves();

suite('half shipped: main moved and nothing was deployed', (test) => {
	const { ran, mains, live, record } = seen.refused;

	test('is told: what is live with its evidence, what failed in the words of the platform, what was not begun', () => {
		assert.is(ran.code, 1);
		for (const app of APPS)
			assert.match(ran.stdout, new RegExp(`^ {2}promote:${app} +sha ${mains[app]?.slice(0, 8)}`, 'm'));
		assert.match(
			ran.stdout,
			/✖ deploy:harbor[\s\S]*the build ran out of memory[\s\S]*hint: correct what the remote says/,
		);
		assert.match(ran.stdout, /Not started[\s\S]*deploy:turf[\s\S]*deploy:lagoon[\s\S]*record/);
		assert.ok(ran.stdout.endsWith('Record  assembled\nResume  slipway ship\n'), ran.stdout.slice(-80));
	});

	test('the hub that failed aborts: no satellite was touched, and the record is not flipped', () => {
		assert.equal(live, { harbor: [], turf: [], lagoon: [] });
		assert.is(record?.state, 'assembled');
	});

	test('the next run deploys what is on main, and moves no main again', () => {
		assert.equal(seen.taken.mains, mains);
		assert.equal(seen.taken.live.harbor, [mains.harbor]);
	});
});

suite('half shipped: a push that was taken while its release failed', (test) => {
	test('is not live, however often it is asked and though nothing is left to push', () => {
		for (const { ran, record } of [seen.taken, seen.stillDown]) {
			assert.is(ran.code, 1);
			assert.match(ran.stdout, /✖ deploy:lagoon[\s\S]*answers 503/);
			assert.is(record?.state, 'assembled');
		}
	});

	test('an app that was up once it came up is live, and nothing was deployed a second time', () => {
		assert.is(seen.shipped.ran.code, 0, seen.shipped.ran.stderr);
		const { mains, live, record } = seen.shipped;
		assert.equal(live, Object.fromEntries(APPS.map((app) => [app, [mains[app]]])));
		assert.is(record?.state, 'shipped');
		const pushed = seen.pushes.filter(({ repo }) => repo === 'lagoon');
		assert.is(pushed.length, 1);
	});
});
