import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { originRef, show } from '../support/world.ts';
import { pushCommit, setRef } from './colleague.ts';
import type { StatusDocument } from './documents.ts';
import { openStage, type Stage } from './stage.ts';

/** The tip of a branch of an origin, which exists. */
async function tip(stage: Stage, repo: string, branch: string): Promise<string> {
	return (await originRef(stage.fleet, repo, `refs/heads/${branch}`)) ?? '';
}

const VERSION_FILE = 'lib/studio_engine/version.rb';
const versionText = (version: string) => `module StudioEngine\n  VERSION = "${version}"\nend\n`;

/** One thing wrong at a time; each is undone before the next. */
async function refuseInTurn() {
	const stage = await openStage({ satellites: 1 });
	const { fleet } = stage;
	const release = { gem: await tip(stage, 'studio-engine', 'release'), main: await tip(stage, 'turf', 'main') };
	const withGem = async (files: Record<string, string>) => {
		await pushCommit(fleet, { repo: 'studio-engine', branch: 'release', files });
		const before = stage.worldDigest();
		const ran = await stage.run(['prepare', '--yes']);
		const untouched = stage.worldDigest() === before;
		await setRef(fleet, 'studio-engine', { ref: 'refs/heads/release', sha: release.gem });
		return { ran, untouched };
	};
	const gemspec = (await show(fleet, { repo: 'studio-engine', ref: 'release', path: 'studio-engine.gemspec' })) ?? '';
	const stranded = await withGem({ [VERSION_FILE]: versionText('0.1.0') });
	const backward = await withGem({ [VERSION_FILE]: versionText('0.0.9') });
	const mismatch = await withGem({ 'studio-engine.gemspec': gemspec.replace('StudioEngine::VERSION', '"0.3.0"') });
	const broken = await withGem({
		'studio-engine.gemspec': 'Gem::Specification.new do |spec| raise "no such part" end\n',
	});
	await pushCommit(fleet, { repo: 'turf', branch: 'main', files: { 'app/home.rb': 'puts "another"\n' } });
	const before = stage.worldDigest();
	const conflict = { ran: await stage.run(['prepare', '--yes']), untouched: stage.worldDigest() === before };
	await setRef(fleet, 'turf', { ref: 'refs/heads/main', sha: release.main });
	// Ahead of nobody, and never published: its version is what makes it a member.
	await setRef(fleet, 'studio-engine', { ref: 'refs/heads/main', sha: release.gem });
	const unpublished = await stage.run(['prepare', '--yes']);
	const { record } = JSON.parse((await stage.must(0, ['status', '--json'])).stdout) as StatusDocument;
	await stage.stop();
	return { stranded, backward, mismatch, broken, conflict, unpublished, record };
}

const refusals = await refuseInTurn();

suite('prepare: what can not be published', (test) => {
	for (const [name, code, words] of [
		['stranded', 'stranded', /studio-engine 0\.1\.0 is live already[\s\S]*bump lib\/studio_engine\/version\.rb/],
		[
			'backward',
			'backward',
			/studio-engine 0\.0\.9 is not newer than 0\.1\.0[\s\S]*bump lib\/studio_engine\/version\.rb/,
		],
		['mismatch', 'version-mismatch', /declares 0\.3\.0, and lib\/studio_engine\/version\.rb does not say so/],
		['broken', 'command-failed', /studio-engine does not build[\s\S]*no such part/],
	] as const) {
		test(`${code}: refused before anything changes, with what to do`, () => {
			const { ran, untouched } = refusals[name];
			assert.is(ran.code, 3);
			assert.match(`${ran.stdout}${ran.stderr}`, words);
			assert.match(ran.stderr, `freeze:studio-engine`);
			assert.ok(untouched);
		});
	}

	test('a conflict names the files, is left for a person, and changes nothing', () => {
		const { ran, untouched } = refusals.conflict;
		assert.is(ran.code, 3);
		assert.match(ran.stdout, /main and release of turf do not merge[\s\S]*conflicts in:\n.*app\/home\.rb/);
		assert.ok(untouched);
	});

	test('a gem that is ahead of nobody rides when its version is not live', () => {
		const { unpublished, record } = refusals;
		assert.is(unpublished.code, 0);
		assert.match(unpublished.stderr, 'studio-engine: studio-engine 0.2.0 is not live\n');
		assert.ok(record?.frozen['studio-engine']);
	});
});
