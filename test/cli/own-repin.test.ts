import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { fail, mend } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { originRef, show, subjects } from '../support/world.ts';
import { pushCommit, setRef } from './colleague.ts';
import { codesOf, type StatusDocument } from './documents.ts';
import { openStage, type Stage } from './stage.ts';

const RELEASE = 'refs/heads/release';
const GATE = { command: 'test', repo: 'harbor' };

async function tips(stage: Stage): Promise<Record<string, string | null>> {
	const of = async (app: string) => [app, await originRef(stage.fleet, app, RELEASE)] as const;
	return Object.fromEntries(await Promise.all(stage.fleet.apps.map(of)));
}

/** The state of another machine: it knows what QA approved, and nothing of what was pushed since or built here. */
function becomeAnotherMachine({ fleet }: Stage): void {
	const state = join(fleet.layout.conductor, '.slipway');
	for (const folder of ['repos', 'work', 'built']) rmSync(join(state, folder), { recursive: true, force: true });
	const file = join(state, 'record.json');
	writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/"ship":\s*"[0-9a-f]+"/g, '"ship": null'));
}

interface Looked {
	readonly code: number | null;
	readonly stderr: string;
	readonly untouched: boolean;
}

/** A ship while a branch of an app holds something else; put back afterwards. */
async function shipWhile(stage: Stage, app: string, put: () => Promise<unknown>): Promise<Looked> {
	const before = await originRef(stage.fleet, app, RELEASE);
	await put();
	const world = stage.worldDigest();
	const { code, stderr } = await stage.run(['ship', '--yes']);
	const untouched = stage.worldDigest() === world;
	await setRef(stage.fleet, app, { ref: RELEASE, sha: before });
	return { code, stderr, untouched };
}

/** A train that stops at a gate after all re-pins were pushed, and what then may and may not be on the branches. */
async function resumeElsewhere() {
	const stage = await openStage({ satellites: 2 });
	const { fleet } = stage;
	await stage.must(0, ['prepare', '--yes']);
	const frozen = await tips(stage);
	const lock = (await show(fleet, { repo: 'turf', ref: 'release', path: 'Gemfile.lock' })) ?? '';
	const foreign = (files: Record<string, string>) => () =>
		pushCommit(fleet, { repo: 'turf', branch: 'release', files });
	const bundleOnly = { 'Gemfile.lock': `${lock}\n` };
	const beforePublish = await shipWhile(stage, 'turf', foreign(bundleOnly));
	await fail(fleet, GATE);
	await stage.must(1, ['ship', '--yes']);
	await mend(fleet, GATE);
	const pinned = await tips(stage);
	const onTop = await shipWhile(stage, 'turf', foreign({ 'Gemfile.lock': `${lock}\n` }));
	becomeAnotherMachine(stage);
	const instead = await shipWhile(stage, 'turf', async () => {
		await setRef(fleet, 'turf', { ref: RELEASE, sha: frozen.turf ?? null });
		await foreign(bundleOnly)();
	});
	const dryRun = await stage.run(['ship', '--dry-run', '--jobs', '8']);
	const shipped = await stage.run(['ship', '--yes']);
	const { record } = JSON.parse((await stage.must(0, ['status', '--json'])).stdout) as StatusDocument;
	const pins = await Promise.all(fleet.apps.map((app) => subjects(fleet, app, `${frozen[app]}..${RELEASE}`)));
	const after = await tips(stage);
	await stage.stop();
	return { beforePublish, onTop, instead, dryRun, shipped, record, pins, pinned, after };
}

const seen = await resumeElsewhere();

suite('our own re-pin commit is no drift', (test) => {
	test('a machine whose record does not know it makes it again, byte for byte, and goes on', () => {
		assert.is(seen.dryRun.code, 0, seen.dryRun.stderr);
		assert.is(seen.shipped.code, 0, seen.shipped.stderr);
		assert.is(seen.record?.state, 'shipped');
		assert.equal(seen.after, seen.pinned);
		for (const app of Object.keys(seen.pinned)) assert.is(seen.record?.ship[app], seen.pinned[app], app);
	});

	test('there is one of it', () => {
		for (const subjectsOfApp of seen.pins) assert.is(subjectsOfApp.length, 1, subjectsOfApp.join());
	});
});

suite('drift: a commit of somebody else that touches the lock alone', (test) => {
	for (const [where, { code, stderr, untouched }] of [
		['on the frozen SHA, before anything was published', seen.beforePublish],
		['on top of our own', seen.onTop],
		['in the place of our own, where the record does not know that', seen.instead],
	] as const) {
		test(`${where}: refused`, () => {
			assert.is(code, 3, stderr);
			assert.equal(codesOf({ stderr }), ['drift']);
			assert.match(stderr, /turf: origin\/release is at [0-9a-f]{8}, and QA approved [0-9a-f]{8}/);
			assert.ok(untouched);
		});
	}
});
