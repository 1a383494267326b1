import * as assert from 'uvu/assert';
import type { FleetOptions } from '../support/fleet.ts';
import { suite } from '../support/suite.ts';
import {
	commandsRun,
	deployed,
	originRef,
	originRefs,
	type ServedVersion,
	servedVersions,
	show,
} from '../support/world.ts';
import { pushCommit } from './colleague.ts';
import { codesOf } from './documents.ts';
import { onStage, type Stage } from './stage.ts';

type Variation = Omit<FleetOptions, 'dir' | 'gemServer' | 'smokeUrl'>;

/** A small fleet, shipped; `body` reads what became of it. */
function shipped(options: Variation, body: (stage: Stage) => Promise<void>): Promise<void> {
	return onStage({ satellites: 1, ...options }, async (stage) => {
		await stage.must(0, ['prepare', '--yes']);
		await stage.must(0, ['ship', '--yes']);
		await body(stage);
	});
}

const lockOf = async ({ fleet }: Stage, app: string) =>
	(await show(fleet, { repo: app, ref: 'refs/heads/main', path: 'Gemfile.lock' })) ?? '';
const gemfileOf = async ({ fleet }: Stage, app: string) =>
	(await show(fleet, { repo: app, ref: 'refs/heads/main', path: 'Gemfile' })) ?? '';
const newest = (versions: readonly ServedVersion[]) => versions.at(-1)?.sha256 ?? '';

/** What `~> 1.0` does not admit, this does. */
async function admitPrerelease({ fleet }: Stage): Promise<void> {
	const path = 'studio-ui.gemspec';
	const gemspec = (await show(fleet, { repo: 'studio-ui', ref: 'release', path })) ?? '';
	const files = { [path]: gemspec.replace('"~> 1.0"', '"~> 1.0.0.rc1"') };
	await pushCommit(fleet, { repo: 'studio-ui', branch: 'release', files });
}

/** The release branch of an app goes back to the published gems. */
async function pinAsOnMain({ fleet }: Stage, repo: string): Promise<void> {
	const onMain = async (path: string) => (await show(fleet, { repo, ref: 'main', path })) ?? '';
	const files = { Gemfile: await onMain('Gemfile'), 'Gemfile.lock': await onMain('Gemfile.lock') };
	await pushCommit(fleet, { repo, branch: 'release', files });
}

suite('ship: other fleets', (test) => {
	test('a lock with CHECKSUMS gets those of the gems that the server serves, by the Bundler that it names', () =>
		shipped({ bundler: 'newer' }, async (stage) => {
			for (const app of stage.fleet.apps) {
				const lock = await lockOf(stage, app);
				assert.match(lock, /^BUNDLED WITH\n {3}2\.6\.9$/m, app);
				for (const gem of stage.fleet.gems) {
					const sha256 = newest(await servedVersions(stage.server.url, gem));
					assert.match(lock, `  ${gem} (0.2.0) sha256=${sha256}\n`, app);
				}
			}
		}));

	test('gems that were never published ship their first version', () =>
		shipped({ versions: { live: null, next: '0.1.0' } }, async (stage) => {
			for (const gem of stage.fleet.gems) {
				assert.equal(
					(await servedVersions(stage.server.url, gem)).map(({ version }) => version),
					['0.1.0'],
					gem,
				);
				assert.is(
					(await originRefs(stage.fleet, gem))['refs/tags/v0.1.0'],
					await originRef(stage.fleet, gem, 'refs/heads/main'),
					gem,
				);
			}
			assert.match(await gemfileOf(stage, 'harbor'), 'gem "studio-ui", "~> 0.1"');
		}));

	test('gems that do not admit each other are refused before one is published; corrected, a prerelease ships', () =>
		onStage({ satellites: 1, versions: { live: '0.1.0', next: '1.0.0.rc1' } }, async (stage) => {
			await stage.must(0, ['prepare', '--yes']);
			const before = stage.worldDigest();
			const { stderr } = await stage.must(3, ['ship', '--yes']);
			assert.equal(codesOf({ stderr }), ['preflight']);
			assert.match(stderr, 'studio-ui needs studio-engine ~> 1.0, and this train ships studio-engine 1.0.0.rc1');
			assert.match(stderr, 'hint: correct it in studio-ui.gemspec');
			assert.is(stage.worldDigest(), before);
			await admitPrerelease(stage);
			await stage.must(0, ['prepare', '--yes']);
			await stage.must(0, ['ship', '--yes']);
			for (const app of stage.fleet.apps) {
				assert.match(await gemfileOf(stage, app), 'gem "studio-engine", "~> 1.0.0.rc1"', app);
				assert.match(await lockOf(stage, app), /^ {4}studio-engine \(1\.0\.0\.rc1\)$/m, app);
			}
		}));

	test('a train without gems ships the frozen commits themselves, with no commit of its own', () =>
		onStage(
			{ satellites: 1, unchanged: ['studio-engine', 'studio-ui'], versions: { live: '0.2.0', next: '0.2.0' } },
			async (stage) => {
				for (const app of stage.fleet.apps) await pinAsOnMain(stage, app);
				await stage.must(0, ['prepare', '--yes']);
				const pushes = stage.server.pushes().length;
				const frozen = await originRef(stage.fleet, 'harbor', 'refs/heads/release');
				await stage.must(0, ['ship', '--yes']);
				assert.is(stage.server.pushes().length, pushes);
				assert.is(await originRef(stage.fleet, 'harbor', 'refs/heads/main'), frozen);
				assert.equal(
					deployed(stage.fleet, 'harbor').map(({ sha }) => sha),
					[frozen],
				);
				assert.is(commandsRun(stage.fleet).filter(({ command }) => command === 'release-check').length, 0);
			},
		));
});
