import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parseJournal } from '../../src/runner/journal-entries.ts';
import { output } from '../support/process.ts';
import { fail, hold, mend } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { deployed, originRef, servedVersions, treeDigest } from '../support/world.ts';
import { pushCommit, setRef } from './colleague.ts';
import { codesOf } from './documents.ts';
import { factsOf, PLAN, planFile, prepared, refused, SMALL, shaAt, stateOf } from './saved-plans.ts';
import { onStage, type Stage } from './stage.ts';

suite('ship PLAN: what cannot be moved back', (test) => {
	test('a record that was prepared anew, and a gem that was published meanwhile: refused, and named', () =>
		onStage(SMALL, async (on) => {
			const { fleet } = on;
			await prepared(on);
			const release = await shaAt(on, 'turf', 'release');
			await pushCommit(fleet, { repo: 'turf', branch: 'release', files: { 'app/late.rb': 'puts 1\n' } });
			await on.must(0, ['prepare', '--yes']);
			const facts = factsOf(await refused(on));
			assert.ok(facts.includes('record revision'), facts.join('\n'));
			assert.ok(facts.includes('repin:turf spec.frozen'), facts.join('\n'));

			await setRef(fleet, 'turf', { ref: 'refs/heads/release', sha: release });
			await on.must(0, ['prepare', '--yes']);
			assert.equal(factsOf(await refused(on)), ['record revision'], 'nothing else moved');

			await on.must(0, ['ship', '--dry-run', '--out', PLAN]);
			const built = readdirSync(join(stateOf(on), 'built'), { recursive: true, encoding: 'utf8' });
			const gem = built.find((path) => path.endsWith('studio-engine-0.2.0.gem')) ?? '';
			const push = ['gem', 'push', '--host', fleet.gemServerUrl, join(stateOf(on), 'built', gem)];
			await output(push, { env: fleet.env });
			const said = await refused(on);
			assert.ok(factsOf(said).includes('publish:studio-engine state'), said.stderr);
			assert.match(
				said.stderr,
				/was to do: studio-engine 0\.2\.0 is not on .*\n +is {2}done: studio-engine 0\.2\.0 is live/,
			);
		}));
});

interface PlannedTask {
	readonly id: string;
	readonly state: string;
	readonly change: { readonly summary: string } | null;
}

/** Every change that a run announced is one of the plan, and every one of the plan was announced. */
function assertAsPlanned(on: Stage, run: string): void {
	const reading = parseJournal(readFileSync(join(stateOf(on), 'runs', run, 'journal.ndjson')));
	if ('problem' in reading) throw new Error(reading.problem);
	const begun = reading.entries.filter(({ type }) => type === 'intent');
	const { nodes } = JSON.parse(readFileSync(planFile(on), 'utf8')) as { readonly nodes: readonly PlannedTask[] };
	const planned = new Map(nodes.filter(({ state }) => state === 'todo').map((node) => [node.id, node.change]));
	// An app that is up once it was deployed needs no waiting for.
	const expected = [...planned.keys()].filter((id) => !id.startsWith('smoke:'));
	assert.equal(begun.map(({ task }) => task as string).sort(), expected.sort());
	for (const { task = '', data } of begun) {
		const change = planned.get(task);
		if (change) assert.is((data.change as unknown as PlannedTask['change'])?.summary, change.summary);
	}
}

suite('ship PLAN: exactly that plan, once', (test) => {
	test('a fresh plan is applied: each of its changes is made, as it stands there, and nothing else', () =>
		onStage(SMALL, async (on) => {
			await prepared(on);
			const { fleet } = on;
			const checkouts = fleet.repos.map((repo) => treeDigest(join(fleet.projectsDir, repo)));
			await on.must(0, ['ship', PLAN, '--yes']);
			assert.equal(
				fleet.repos.map((repo) => treeDigest(join(fleet.projectsDir, repo))),
				checkouts,
			);
			for (const gem of fleet.gems) assert.is((await servedVersions(fleet.gemServerUrl, gem)).at(-1)?.version, '0.2.0');
			for (const repo of fleet.repos)
				assert.is(await originRef(fleet, repo, 'main'), await originRef(fleet, repo, 'release'));
			for (const app of fleet.apps) assert.is(deployed(fleet, app).length, 1);

			const run = readdirSync(join(stateOf(on), 'runs')).at(-1) ?? '';
			assertAsPlanned(on, run);
			const said = await refused(on);
			assert.equal(codesOf(said), ['stale-plan']);
			assert.match(said.stderr, `${PLAN} was applied by run ${run} at `);
		}));

	test('a plan whose run failed is not begun again; `slipway ship` goes on from what is live', () =>
		onStage(SMALL, async (on) => {
			await prepared(on);
			const before = on.server.pushes().length;
			await fail(on.fleet, { command: 'test', repo: 'turf' });
			const stopped = await on.must(1, ['ship', PLAN, '--yes']);
			assert.match(stopped.stdout, /Resume +slipway ship\n/);
			assert.match((await on.must(0, ['report'])).stdout, /Resume +slipway ship\n/);
			await mend(on.fleet, { command: 'test', repo: 'turf' });
			assert.match((await refused(on)).stderr, /was begun by run \S+ at [^,]+, which failed: a plan is good once/);
			await on.must(0, ['ship', '--yes']);
			assert.is(on.server.pushes().length, before + on.fleet.gems.length);
		}));

	test('what moves while the plan runs stops the task that it concerns before it begins', () =>
		onStage(SMALL, async (on) => {
			await prepared(on);
			const held = await hold(on.fleet, { command: 'release-check', repo: 'studio-ui' });
			const shipping = on.run(['ship', PLAN, '--yes']);
			await held.reached;
			const sha = await shaAt(on, 'studio-ui', 'release~1');
			await setRef(on.fleet, 'studio-ui', { ref: 'refs/heads/main', sha });
			await held.release();
			const { code, stdout } = await shipping;
			assert.is(code, 1);
			assert.match(stdout, /✖ promote:studio-ui {2}promote:studio-ui is not as the saved plan has it: change\.from/);
			assert.is(await originRef(on.fleet, 'studio-ui', 'main'), sha);
			await on.must(0, ['ship', '--yes']);
			assert.is(await originRef(on.fleet, 'studio-ui', 'main'), await originRef(on.fleet, 'studio-ui', 'release'));
		}));
});
