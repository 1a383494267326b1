import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { pushLiveGems } from '../support/fleet/live-gems.ts';
import { suite } from '../support/suite.ts';
import { originRef } from '../support/world.ts';
import { pushCommit, setRef } from './colleague.ts';
import { codesOf } from './documents.ts';
import { openStage, type Stage } from './stage.ts';

interface Refused {
	readonly code: number | null;
	readonly stderr: string;
	readonly untouched: boolean;
}

async function refused(stage: Stage, args: readonly string[] = []): Promise<Refused> {
	const state = () =>
		readFileSync(join(stage.fleet.layout.conductor, '.slipway', 'record.json'), 'utf8') + stage.worldDigest();
	const before = state();
	const { code, stderr } = await stage.run(['ship', '--yes', ...args]);
	return { code, stderr, untouched: state() === before };
}

/** While a ref of an origin is somewhere else. */
async function whileAt(
	stage: Stage,
	at: { repo: string; ref: string },
	move: () => Promise<unknown>,
): Promise<Refused> {
	const sha = await originRef(stage.fleet, at.repo, at.ref);
	await move();
	const told = await refused(stage);
	await setRef(stage.fleet, at.repo, { ref: at.ref, sha });
	return told;
}

/** What was right when the release was prepared, and is not any more; what can be moved back is, before the next. */
async function moveAfterPrepare() {
	const stage = await openStage({ satellites: 1 });
	const { fleet, server } = stage;
	await stage.must(0, ['prepare', '--yes']);
	const release = async (repo: string) => (await originRef(fleet, repo, 'refs/heads/release')) ?? '';
	const gemMoved = await whileAt(stage, { repo: 'studio-ui', ref: 'refs/heads/release' }, () =>
		pushCommit(fleet, { repo: 'studio-ui', branch: 'release', files: { 'lib/late.rb': 'LATE = true\n' } }),
	);
	// Main has all that QA saw, and a commit on top: a re-pin of the frozen SHA could never get there.
	const mainAhead = await whileAt(stage, { repo: 'turf', ref: 'refs/heads/main' }, async () => {
		await setRef(fleet, 'turf', { ref: 'refs/heads/main', sha: await release('turf') });
		await pushCommit(fleet, { repo: 'turf', branch: 'main', files: { 'hotfix.rb': 'puts 1\n' } });
	});
	const tagElsewhere = await whileAt(stage, { repo: 'studio-engine', ref: 'refs/tags/v0.2.0' }, async () =>
		setRef(fleet, 'studio-engine', {
			ref: 'refs/tags/v0.2.0',
			sha: await originRef(fleet, 'studio-engine', 'refs/heads/main'),
		}),
	);
	const text = readFileSync(fleet.registryFile, 'utf8');
	const file = join(fleet.layout.conductor, 'other.yml');
	writeFileSync(file, text.replace(/live_cmd: "[^"]*"/, 'live_cmd: bin/which-sha'));
	const noLiveCmd = await refused(stage, ['--registry', file]);
	// From here on nothing can be moved back: what is published stays.
	await pushLiveGems(server, '0.3.0');
	const backward = await refused(stage);
	await pushLiveGems(server, '0.2.0');
	const stranded = await refused(stage);
	await stage.stop();
	return { gemMoved, mainAhead, tagElsewhere, noLiveCmd, backward, stranded };
}

const seen = await moveAfterPrepare();

suite('ship: what prepare approved is looked at again, and nothing has changed when it no longer holds', (test) => {
	for (const [rule, told, codes, words] of [
		[
			'drift: a commit was merged to a gem after QA saw it',
			seen.gemMoved,
			['drift'],
			/studio-ui: origin\/release is at [0-9a-f]{8}, and QA approved [0-9a-f]{8}/,
		],
		[
			'main holds the frozen SHA and went on: no re-pin could be promoted, so no gem is published',
			seen.mainAhead,
			['drift'],
			/turf: main \([0-9a-f]{8}\) can't fast-forward to the frozen SHA/,
		],
		[
			'the tag of a version that is not live is elsewhere',
			seen.tagElsewhere,
			['blocked', 'blocked'],
			/v0\.2\.0 is tagged at [0-9a-f]{8}, not at [0-9a-f]{8}/,
		],
		[
			'a live_cmd that is not in the tree: the deploy could never be proven',
			seen.noLiveCmd,
			['preflight'],
			/turf: bin\/which-sha is missing at the frozen SHA/,
		],
		[
			'backward: a newer version was published meanwhile',
			seen.backward,
			['backward', 'backward'],
			/studio-engine 0\.2\.0 is not newer than 0\.3\.0, which is live/,
		],
	] as const) {
		test(rule, () => {
			assert.is(told.code, 3, told.stderr);
			assert.equal(codesOf(told), codes);
			assert.match(told.stderr, words);
			assert.ok(told.untouched);
		});
	}

	test('stranded: our version number was published with other content; the files are named', () => {
		const { code, stderr, untouched } = seen.stranded;
		assert.is(code, 3);
		assert.equal(new Set(codesOf({ stderr })), new Set(['stranded']));
		assert.match(stderr, /studio-engine 0\.2\.0 is live already[\s\S]*these files differ[\s\S]*lib\/studio_engine/);
		assert.match(stderr, /bump lib\/studio_engine\/version\.rb/);
		assert.ok(untouched);
	});
});
