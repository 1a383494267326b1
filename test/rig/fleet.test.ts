import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../src/config/parse.ts';
import { originUrl } from '../support/fleet/layout.ts';
import { buildFleet, type Fleet, type FleetOptions } from '../support/fleet.ts';
import { type GemServer, startGemServer } from '../support/gem-server.ts';
import { output, runProcess } from '../support/process.ts';
import { startSmokeServer } from '../support/smoke-server.ts';
import { fail, hold, mend } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { commandsRun, deployed, originRef, originRefs, servedVersions, show, treeDigest } from '../support/world.ts';

interface World {
	readonly fleet: Fleet;
	readonly server: GemServer;
	/** A clone of an origin at a branch or tag, beside the others in one folder. */
	clone(repo: string, at: string): Promise<string>;
}

async function inFleet(body: (world: World) => unknown, more: Pick<FleetOptions, 'bundler'> = {}): Promise<void> {
	const dir = mkdtempSync(join(tmpdir(), 'slipway-fleet-'));
	const server = await startGemServer();
	try {
		// The space proves that no script and no URL minds one.
		const fleet = await buildFleet({ dir: join(dir, 'a fleet'), gemServer: server, ...more });
		const clone = async (repo: string, at: string) => {
			const path = join(dir, 'side', repo);
			await output(['git', 'clone', '--quiet', `--branch=${at}`, originUrl(fleet.layout, repo), path], {
				env: fleet.env,
			});
			return path;
		};
		await body({ fleet, server, clone });
	} finally {
		await server.stop();
		rmSync(dir, { recursive: true, force: true });
	}
}

/** The lock that Bundler makes of a Gemfile, when all it knows is its own version and one older gem. */
async function lockedByBundler(fleet: Fleet, checkout: string, flags: readonly string[]): Promise<string> {
	const file = join(checkout, 'Gemfile.lock');
	const [bundledWith = ''] = /BUNDLED WITH.*/s.exec(readFileSync(file, 'utf8')) ?? [];
	const known = `GEM\n  remote: ${fleet.gemServerUrl}/\n  specs:\n    tack (1.0.0)\n`;
	writeFileSync(file, `${known}\nDEPENDENCIES\n  tack (~> 1.0)\n\n${bundledWith}`);
	await output(['bundle', 'lock', ...flags], { cwd: checkout, env: fleet.env });
	return readFileSync(file, 'utf8');
}

/** Holds the lock of every app's release branch to the one that Bundler makes. */
async function checkLocks({ fleet, clone }: World, flags: readonly string[]): Promise<void> {
	await Promise.all(fleet.gems.map((gem) => clone(gem, 'release')));
	const check = async (app: string) => {
		const checkout = await clone(app, 'release');
		const committed = readFileSync(join(checkout, 'Gemfile.lock'), 'utf8');
		assert.is(await lockedByBundler(fleet, checkout, flags), committed, app);
	};
	await Promise.all(fleet.apps.map(check));
}

async function buildGem(fleet: Fleet, checkout: string, gem: string): Promise<string> {
	const at = (await output(['git', 'show', '-s', '--format=%ct', 'HEAD'], { cwd: checkout, env: fleet.env })).trim();
	const env = { ...fleet.env, SOURCE_DATE_EPOCH: at };
	await output(['gem', 'build', '--silent', `${gem}.gemspec`, '--output', 'built.gem'], { cwd: checkout, env });
	return join(checkout, 'built.gem');
}

suite('fleet: what stands in it is what real tools make', (test) => {
	test('every lock of a release branch is byte for byte what Bundler writes', () =>
		inFleet((world) => checkLocks(world, [])));

	test('so is one with CHECKSUMS, as the newer Bundler writes it', () =>
		inFleet((world) => checkLocks(world, ['--add-checksums']), { bundler: 'newer' }));

	test('live gems are what `gem build` makes from their tag', () =>
		inFleet(async ({ fleet, clone }) => {
			for (const gem of fleet.gems) {
				const built = await buildGem(fleet, await clone(gem, 'v0.1.0'), gem);
				const sha256 = createHash('sha256').update(readFileSync(built)).digest('hex');
				assert.equal(await servedVersions(fleet.gemServerUrl, gem), [{ version: '0.1.0', sha256 }]);
			}
		}));

	test('the operator can `gem push` the next version, and nobody else can', () =>
		inFleet(async ({ fleet, server, clone }) => {
			const [gem = ''] = fleet.gems;
			const built = await buildGem(fleet, await clone(gem, 'release'), gem);
			const argv = ['gem', 'push', '--host', fleet.gemServerUrl, built];
			const stranger = await runProcess(argv, { env: { ...fleet.env, GEM_HOST_API_KEY: 'wrong' } });
			assert.is.not(stranger.code, 0);
			const before = server.pushes().length;
			await output(argv, { env: fleet.env });
			assert.is(server.pushes().length, before + 1);
			const served = await servedVersions(fleet.gemServerUrl, gem);
			assert.equal(
				served.map((entry) => entry.version),
				['0.1.0', '0.2.0'],
			);
		}));

	test('release_repos.yml loads without a finding, and finds every checkout', () =>
		inFleet(({ fleet }) => {
			const where = { file: fleet.registryFile, display: 'release_repos.yml', env: {} };
			const { config, diagnostics } = parseConfig(readFileSync(fleet.registryFile, 'utf8'), where);
			assert.equal(diagnostics, []);
			const repos = [...(config?.gems ?? []), ...(config?.apps ?? [])];
			assert.equal(
				repos.filter((repo) => repo.parked === null).map((repo) => repo.name),
				fleet.repos,
			);
			assert.ok(repos.every((repo) => existsSync(join(repo.path, '.git'))));
		}));

	test('release is ahead of main, main carries the tag of the live version', () =>
		inFleet(async ({ fleet }) => {
			for (const repo of fleet.repos) {
				const [main, release] = [
					await originRef(fleet, repo, 'refs/heads/main'),
					await originRef(fleet, repo, 'release'),
				];
				assert.ok(main && release && main !== release, repo);
			}
			assert.is(await originRef(fleet, 'studio-ui', 'v0.1.0'), await originRef(fleet, 'studio-ui', 'main'));
			assert.is(await originRef(fleet, 'studio-ui', 'v0.2.0'), null);
			assert.match((await show(fleet, { repo: 'turf', ref: 'release', path: 'Gemfile' })) ?? '', 'git: "file://');
			assert.match((await show(fleet, { repo: 'quay', ref: 'release', path: 'Gemfile' })) ?? '', '"~> 0.1"');
		}));

	test('a checkout keeps its digest as long as nobody touches it', () =>
		inFleet(async ({ fleet }) => {
			const checkout = join(fleet.projectsDir, fleet.hub);
			const before = treeDigest(checkout);
			assert.is(treeDigest(checkout), before);
			await output(['git', 'fetch', '--quiet', 'origin'], { cwd: checkout, env: fleet.env });
			assert.is.not(treeDigest(checkout), before);
		}));
});

suite('fleet: deploys', (test) => {
	test('a push to the platform goes live and answers smoke, unless the build fails', () =>
		inFleet(async ({ fleet }) => {
			const smoke = await startSmokeServer(fleet.dir);
			try {
				const up = async () => (await fetch(`${smoke.url}/production/${fleet.hub}/up`)).status;
				const push = () =>
					runProcess(['git', 'push', '--quiet', 'heroku', 'origin/release:refs/heads/main'], {
						cwd: join(fleet.projectsDir, fleet.hub),
						env: fleet.env,
					});
				assert.is(await up(), 503);
				await fail(fleet, { command: 'push', repo: fleet.hub }, 'slug too large');
				const refused = await push();
				assert.is.not(refused.code, 0);
				assert.match(refused.stderr, 'slug too large');
				assert.equal(deployed(fleet, fleet.hub), []);
				await mend(fleet, { command: 'push', repo: fleet.hub });
				assert.is((await push()).code, 0);
				const release = await originRef(fleet, fleet.hub, 'release');
				assert.equal(
					deployed(fleet, fleet.hub).map((entry) => entry.sha),
					[release],
				);
				assert.is(await up(), 200);
				smoke.answer(fleet.hub, 500);
				assert.is(await up(), 500);
			} finally {
				await smoke.stop();
			}
		}));

	test('bin/deploy goes live from a clean tree only, and rig/live tells what is', () =>
		inFleet(async ({ fleet, clone }) => {
			const cwd = await clone('turf', 'release');
			const live = [join(fleet.layout.rig, 'live'), 'turf'];
			assert.is(await output(live, { env: fleet.env }), '');
			await output(['bin/deploy'], { cwd, env: fleet.env });
			const sha = await originRef(fleet, 'turf', 'release');
			assert.is(await output(live, { env: fleet.env }), `${sha}\n`);
			await output(['git', 'rm', '--quiet', '--cached', 'README.md'], { cwd, env: fleet.env });
			assert.is((await runProcess(['bin/deploy'], { cwd, env: fleet.env })).code, 1);
			assert.equal(
				deployed(fleet, 'turf').map((entry) => entry.sha),
				[sha],
			);
		}));

	test('bin/test is red while the lock holds gems in work, green on published ones', () =>
		inFleet(async ({ fleet, clone }) => {
			const red = await runProcess(['bin/test'], { cwd: await clone('turf', 'release'), env: fleet.env });
			assert.is(red.code, 1);
			assert.match(red.stderr, 'from git or from a folder');
			await output(['bin/test'], { cwd: await clone('lagoon', 'main'), env: fleet.env });
			assert.equal(
				commandsRun(fleet).map((ran) => `${ran.command} ${ran.repo}`),
				['test turf', 'test lagoon'],
			);
		}));

	test('a held command waits until it is released, and one that never came leaves nothing behind', () =>
		inFleet(async ({ fleet, clone }) => {
			const cwd = await clone('quay', 'main');
			const held = await hold(fleet, { command: 'test', repo: 'quay' });
			let ended = false;
			const run = runProcess(['bin/test'], { cwd, env: fleet.env }).then((done) => {
				ended = true;
				return done;
			});
			await held.reached;
			assert.is(ended, false);
			await held.release();
			assert.is((await run).code, 0);
			const never = await hold(fleet, { command: 'test', repo: 'quay' });
			await never.release();
			assert.is((await runProcess(['bin/test'], { cwd, env: fleet.env })).code, 0);
		}));
});

suite('fleet: variations', (test) => {
	test('unchanged, unpublished and branchless repositories can be asked for', async () => {
		const dir = mkdtempSync(join(tmpdir(), 'slipway-fleet-'));
		const server = await startGemServer();
		try {
			const versions = { live: null, next: '0.3.0' };
			const options = { satellites: 6, unchanged: ['lagoon'], withoutRelease: ['quay'], versions };
			const fleet = await buildFleet({ dir, gemServer: server, ...options });
			assert.equal(fleet.apps.slice(-2), ['islet-1', 'islet-2']);
			assert.is(await originRef(fleet, 'lagoon', 'release'), await originRef(fleet, 'lagoon', 'main'));
			assert.equal(Object.keys(await originRefs(fleet, 'quay')), ['refs/heads/main']);
			assert.equal(await servedVersions(server.url, 'studio-engine'), []);
			assert.match(
				(await show(fleet, { repo: 'studio-ui', ref: 'release', path: 'studio-ui.gemspec' })) ?? '',
				'~> 0.3',
			);
		} finally {
			await server.stop();
			rmSync(dir, { recursive: true, force: true });
		}
	});
});
