import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Finished } from '../support/process.ts';
import { output } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { pushCommit } from './colleague.ts';
import { codesOf } from './documents.ts';
import { openStage } from './stage.ts';

interface DoctorDocument {
	readonly schema: string;
	readonly findings: readonly {
		readonly code: string;
		readonly severity: string;
		readonly repo: string | null;
		readonly summary: string;
		readonly hint: string | null;
	}[];
}

const findingsOf = ({ stdout }: Finished) => (JSON.parse(stdout) as DoctorDocument).findings;

/** No release yet; then a release; then a colleague who pushes past what QA saw. */
async function consultWell() {
	const stage = await openStage({ satellites: 1 });
	const before = stage.worldDigest();
	const early = await stage.run(['doctor']);
	const earlyJson = await stage.run(['doctor', '--json']);
	const same = stage.worldDigest() === before;
	await stage.must(0, ['prepare', '--yes']);
	const ready = await stage.run(['doctor']);
	await pushCommit(stage.fleet, { repo: 'turf', branch: 'release', files: { 'README.md': '# later\n' } });
	const drifted = await stage.run(['doctor', '--json']);
	writeFileSync(join(stage.fleet.layout.conductor, '.slipway', 'record.json'), '{"torn');
	const torn = await stage.run(['doctor']);
	await stage.stop();
	return { early, earlyJson, same, ready, drifted, torn };
}

/** A fleet with something wrong in every corner, before any release. */
async function consultSick() {
	const stage = await openStage({ satellites: 1, withoutRelease: ['turf'] });
	const { fleet } = stage;
	const harbor = join(fleet.projectsDir, 'harbor');
	await output(['git', '-C', harbor, 'remote', 'remove', 'heroku'], { env: fleet.env });
	// A home without a key for the gem server.
	const env = { HOME: fleet.layout.tmp };
	const text = await stage.run(['doctor'], { env });
	const json = await stage.run(['doctor', '--json'], { env });
	await stage.server.stop();
	const down = await stage.run(['doctor', '--json'], { env });
	await stage.smoke.stop();
	return { text, json, down };
}

const well = await consultWell();
const sick = await consultSick();

suite('doctor', (test) => {
	test('without a release: what needs no frozen SHA is checked, each check is named, and nothing changes', () => {
		assert.is(well.early.code, 0, well.early.stderr);
		assert.match(well.early.stdout, /there is no active release, so only what needs no frozen SHA/);
		assert.match(well.early.stdout, /✔ origin has the main and the release branch {2}\(4 repositories\)/);
		assert.match(well.early.stdout, /✔ the gem registry answers, and there is a key for it {2}\(2 repositories\)/);
		assert.match(well.early.stdout, /✔ no train holds the lock/);
		assert.not.match(well.early.stdout, /frozen SHA is on origin/);
		assert.equal(JSON.parse(well.earlyJson.stdout), { schema: 'slipway.doctor/1', findings: [] });
		assert.ok(well.same);
	});

	test('with a release: every check of preflight', () => {
		assert.is(well.ready.code, 0, well.ready.stderr);
		assert.match(well.ready.stdout, /rel-\d{8}-[0-9a-f]{6}, assembled/);
		assert.match(well.ready.stdout, /✔ the frozen SHA is on origin/);
		assert.match(well.ready.stdout, /✔ every command exists and is executable at the frozen SHA/);
	});

	test('what an app says now is noted, and is no finding', () => {
		for (const { stdout } of [well.early, well.ready])
			assert.match(stdout, /^· harbor: http:\/\/127\.0\.0\.1:\d+\/production\/harbor\/up answers 503$/m);
	});

	test('drift past the frozen SHA is a finding: exit 3', () => {
		assert.is(well.drifted.code, 3);
		assert.equal(
			findingsOf(well.drifted).map(({ code, repo }) => [code, repo]),
			[['drift', 'turf']],
		);
	});

	test('a damaged record is a finding, and what needs none is checked all the same', () => {
		assert.is(well.torn.code, 3);
		assert.equal(codesOf(well.torn), ['bad-record']);
		assert.match(well.torn.stdout, /the record of the release can't be used, so only what needs no frozen SHA/);
		assert.match(well.torn.stdout, /✔ origin answers/);
	});

	test('every finding at once, as text and as JSON with exactly the fields of the contract', () => {
		assert.is(sick.text.code, 3);
		assert.equal(codesOf(sick.text).toSorted(), ['blocked', 'preflight', 'preflight', 'preflight']);
		assert.match(sick.text.stdout, /✖ origin has the main and the release branch: turf/);
		assert.match(sick.text.stdout, /✖ the deploy target answers: harbor/);
		const findings = findingsOf(sick.json);
		for (const finding of findings) assert.equal(Object.keys(finding), ['code', 'severity', 'repo', 'summary', 'hint']);
		const branch = findings.find(({ repo }) => repo === 'turf');
		assert.is(branch?.summary, 'origin has no release');
		assert.match(branch?.hint ?? '', /slipway init/);
		assert.match(findings.find(({ repo }) => repo === 'harbor')?.hint ?? '', /git remote add heroku/);
		assert.match(findings.find(({ repo }) => repo === 'studio-ui')?.summary ?? '', /no key to push studio-ui/);
	});

	test('a gem server that is away is unknown, and hides no other finding', () => {
		assert.is(sick.down.code, 3);
		const found = findingsOf(sick.down).map(({ code, repo }) => `${code} ${repo}`);
		assert.equal(found.toSorted(), ['blocked turf', 'preflight harbor', 'unknown studio-engine', 'unknown studio-ui']);
	});
});
