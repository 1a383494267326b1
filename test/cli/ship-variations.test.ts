import * as assert from 'uvu/assert';
import type { FleetOptions } from '../support/fleet.ts';
import { suite } from '../support/suite.ts';
import { commandsRun, deployed, originRef, originRefs, type ServedVersion, servedVersions, show } from '../support/world.ts';
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

const lockOf = async ({ fleet }: Stage, app: string) => (await show(fleet, { repo: app, ref: 'refs/heads/main', path: 'Gemfile.lock' })) ?? '';
const gemfileOf = async ({ fleet }: Stage, app: string) => (await show(fleet, { repo: app, ref: 'refs/heads/main', path: 'Gemfile' })) ?? '';
const newest = (versions: readonly ServedVersion[]) => versions.at(-1)?.sha256 ?? '';

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
				assert.equal((await servedVersions(stage.server.url, gem)).map(({ version }) => version), ['0.1.0'], gem);
				assert.is((await originRefs(stage.fleet, gem))['refs/tags/v0.1.0'], await originRef(stage.fleet, gem, 'refs/heads/main'), gem);
			}
			assert.match(await gemfileOf(stage, 'harbor'), 'gem "studio-ui", "~> 0.1"');
		}));

	test('a prerelease is pinned so that Bundler may take it', () =>
		shipped({ versions: { live: '0.1.0', next: '1.0.0.rc1' } }, async (stage) => {
			for (const app of stage.fleet.apps) {
				assert.match(await gemfileOf(stage, app), 'gem "studio-engine", "~> 1.0.0.rc1"', app);
				assert.match(await lockOf(stage, app), /^ {4}studio-engine \(1\.0\.0\.rc1\)$/m, app);
			}
		}));

	test('a train without gems ships the frozen commits themselves, with no commit of its own', () =>
		onStage({ satellites: 1, unchanged: ['studio-engine', 'studio-ui'], versions: { live: '0.2.0', next: '0.2.0' } }, async (stage) => {
			await stage.must(0, ['prepare', '--yes']);
			const pushes = stage.server.pushes().length;
			const frozen = await originRef(stage.fleet, 'harbor', 'refs/heads/release');
			await stage.must(0, ['ship', '--yes']);
			assert.is(stage.server.pushes().length, pushes);
			assert.is(await originRef(stage.fleet, 'harbor', 'refs/heads/main'), frozen);
			assert.equal(deployed(stage.fleet, 'harbor').map(({ sha }) => sha), [frozen]);
			assert.is(commandsRun(stage.fleet).filter(({ command }) => command === 'release-check').length, 0);
		}));
});
