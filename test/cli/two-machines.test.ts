import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Finished } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { deployed, originRef, servedVersions, subjects } from '../support/world.ts';
import type { StatusDocument } from './documents.ts';
import { openStage } from './stage.ts';

const PUSHED = ['harbor', 'lagoon'];

/** Two operators with the same release, each on a machine whose lock the other can't see. */
async function shipTwice() {
	const stage = await openStage({ satellites: 3 });
	const { fleet } = stage;
	await stage.must(0, ['prepare', '--yes']);
	const elsewhere = join(fleet.layout.conductor, '..', 'colleague');
	cpSync(fleet.layout.conductor, elsewhere, { recursive: true });
	for (const folder of ['repos', 'work', 'built', 'runs'])
		rmSync(join(elsewhere, '.slipway', folder), { recursive: true, force: true });
	const at = [{}, { cwd: elsewhere }];
	const together = await Promise.all(at.map((machine) => stage.run(['ship', '--yes'], machine)));
	const resumed: Finished[] = [];
	for (const machine of at) resumed.push(await stage.run(['ship', '--yes'], machine));
	const { record } = JSON.parse((await stage.must(0, ['status', '--json'])).stdout) as StatusDocument;
	const mains = await Promise.all(fleet.apps.map((app) => originRef(fleet, app, 'refs/heads/main')));
	const facts = {
		together,
		resumed,
		record,
		mains: Object.fromEntries(fleet.apps.map((app, i) => [app, mains[i]])),
		served: await Promise.all(fleet.gems.map((gem) => servedVersions(fleet.gemServerUrl, gem))),
		commits: await Promise.all(
			fleet.apps.map((app) => subjects(fleet, app, `${record?.frozen[app]}..refs/heads/release`)),
		),
		deploys: Object.fromEntries(PUSHED.map((app) => [app, deployed(fleet, app).map(({ sha }) => sha)])),
	};
	await stage.stop();
	return facts;
}

const seen = await shipTwice();

suite('a colleague ships the same release at the same time, on another machine', (test) => {
	test('each train ends well or is stopped by what moved, and one command more ends it well', () => {
		for (const { code, stdout } of seen.together) assert.ok(code === 0 || code === 1, `exit ${code}\n${stdout}`);
		for (const { code, stderr } of seen.resumed) assert.is(code, 0, stderr);
		assert.is(seen.record?.state, 'shipped');
	});

	test('no gem is published twice', () => {
		for (const versions of seen.served)
			assert.equal(
				versions.map(({ version }) => version),
				['0.1.0', '0.2.0'],
			);
	});

	test('both make the same re-pin commit, so there is one, and main is at it', () => {
		for (const commits of seen.commits) assert.is(commits.length, 1, commits.join());
		for (const [app, main] of Object.entries(seen.mains)) assert.is(main, seen.record?.ship[app], app);
	});

	test('what is deployed by a push is deployed once', () => {
		for (const app of PUSHED) assert.equal(seen.deploys[app], [seen.mains[app]], app);
	});
});
