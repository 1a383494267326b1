import * as assert from 'uvu/assert';
import { hold } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { deployed, originRef, servedVersions } from '../support/world.ts';
import { pushCommit, setRef } from './colleague.ts';
import type { StatusDocument } from './documents.ts';
import { openStage, type Stage } from './stage.ts';

async function recordOf(stage: Stage): Promise<StatusDocument['record']> {
	return (JSON.parse((await stage.must(0, ['status', '--json'])).stdout) as StatusDocument).record;
}

/** Somebody merges to an app while the gems go out: QA has to look again, at a train that is half under way. */
async function mergeMidway() {
	const stage = await openStage({ satellites: 2 });
	const { fleet } = stage;
	await stage.must(0, ['prepare', '--yes']);
	const held = await hold(fleet, { command: 'release-check', repo: 'studio-ui' });
	const shipping = stage.run(['ship', '--yes']);
	await held.reached;
	const late = await pushCommit(fleet, { repo: 'lagoon', branch: 'release', files: { 'app/late.rb': 'puts 1\n' } });
	await held.release();
	const stopped = await shipping;
	const untouched = await originRef(fleet, 'lagoon', 'refs/heads/release');
	const refused = await stage.run(['ship', '--yes']);
	// As they stand after the gems' lanes ended: published, tagged and on main.
	for (const gem of fleet.gems)
		await setRef(fleet, gem, { ref: 'refs/heads/main', sha: await originRef(fleet, gem, 'refs/heads/release') });
	const prepared = await stage.run(['prepare', '--yes']);
	const assembled = await recordOf(stage);
	const shipped = await stage.run(['ship', '--yes']);
	const record = await recordOf(stage);
	const served = await Promise.all(fleet.gems.map((gem) => servedVersions(fleet.gemServerUrl, gem)));
	const live = Object.fromEntries(fleet.apps.map((app) => [app, deployed(fleet, app).map(({ sha }) => sha)]));
	await stage.stop();
	return { fleet, late, stopped, untouched, refused, prepared, assembled, shipped, record, served, live };
}

const seen = await mergeMidway();
if (process.env.SHOW) console.log(seen.stopped.stdout, seen.prepared.stderr);

suite('a merge while the train is under way', (test) => {
	test('stops it at the app that moved, and nothing of that app is touched', () => {
		assert.is(seen.stopped.code, 1);
		assert.match(seen.stopped.stdout, /^✖ repin:lagoon /m);
		assert.is(seen.untouched, seen.late);
		assert.is(seen.refused.code, 3);
		assert.match(seen.refused.stderr, /error\[drift\]: lagoon/);
	});

	test('prepare keeps aboard what this release has shipped already: the apps still need its gems', () => {
		assert.is(seen.prepared.code, 0, seen.prepared.stderr);
		assert.equal(Object.keys(seen.assembled?.frozen ?? {}).sort(), [...seen.fleet.repos].sort());
		assert.is(seen.assembled?.frozen.lagoon, seen.late);
		for (const gem of seen.fleet.gems)
			assert.match(seen.prepared.stderr, new RegExp(`^${gem}: release is not ahead of main, stays aboard`, 'm'));
	});

	test('the same release then ships whole: no gem twice, each app once', () => {
		assert.is(seen.shipped.code, 0, seen.shipped.stderr);
		assert.is(seen.record?.slug, seen.assembled?.slug);
		assert.is(seen.record?.state, 'shipped');
		for (const versions of seen.served)
			assert.equal(
				versions.map(({ version }) => version),
				['0.1.0', '0.2.0'],
			);
		for (const app of seen.fleet.apps) assert.equal(seen.live[app], [seen.record?.ship[app]], app);
	});
});
