import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type AppPlan, type AppWorld, appHistory, HUB, planApps } from './fleet/app-repos.ts';
import { GEMS, type GemVersions, gemHistory } from './fleet/gem-repos.ts';
import { AUTHOR, type CommitSpec } from './fleet/history.ts';
import { type Environment, type Layout, layoutOf } from './fleet/layout.ts';
import { liveChecksums, pushLiveGems } from './fleet/live-gems.ts';
import { registryText } from './fleet/registry-text.ts';
import { makeCheckout, makeOrigin, makePlatform, type Repositories, writeFile } from './fleet/repositories.ts';
import { goLiveProgram, liveProgram, stepProgram, testScript } from './fleet/scripts.ts';
import { loadToolchain } from './toolchain.ts';

export interface FleetOptions {
	/** Absolute, and empty or absent. */
	readonly dir: string;
	readonly gemServer: { readonly url: string; readonly apiKey: string };
	/** Base URL of the smoke server (smoke-server.ts); apps have no smoke_url when absent. */
	readonly smokeUrl?: string;
	/** 4 when absent; turf, lagoon, quay (no production target), atoll, then more by script. */
	readonly satellites?: number;
	readonly versions?: GemVersions;
	/** Who wrote the lock files: the machine's Bundler when absent, or one that writes CHECKSUMS. */
	readonly bundler?: 'system' | 'newer';
	/** Repositories whose release branch stands at main. */
	readonly unchanged?: readonly string[];
	/** Repositories that have no release branch yet. */
	readonly withoutRelease?: readonly string[];
	/** Lines under `train:` of the registry, such as `gates: per_app`. */
	readonly train?: readonly string[];
	/** Whole sections at the end of the registry, such as `tasks:`. */
	readonly more?: string;
}

/** A sandbox that a whole train can run in: real git, real gems, nothing outside of `dir`. */
export interface Fleet {
	readonly dir: string;
	readonly layout: Layout;
	readonly projectsDir: string;
	readonly registryFile: string;
	/** The whole environment of an operator of this fleet; its HOME holds the key of the gem server. */
	readonly env: Readonly<Record<string, string>>;
	readonly gemServerUrl: string;
	readonly versions: GemVersions;
	readonly gems: readonly string[];
	readonly hub: string;
	/** Hub first. */
	readonly apps: readonly string[];
	/** Gems, then apps. The parked `drydock` is not among them. */
	readonly repos: readonly string[];
}

const PARKED = 'drydock';
const DEFAULT_VERSIONS: GemVersions = { live: '0.1.0', next: '0.2.0' };
const QUICK = ['timeouts: {probe: 10s, command: 60s, deploy: 60s, smoke: 10s, index: 20s}'];

function operatorEnv(layout: Layout): Record<string, string> {
	return {
		// Both Bundlers: `bundle` runs the one that a lock names. The colon at the end adds the usual folders.
		GEM_PATH: `${loadToolchain().gemHome}/bundler:`,
		PATH: process.env.PATH ?? '',
		HOME: layout.home,
		TMPDIR: layout.tmp,
		LANG: 'C.UTF-8',
		TZ: 'UTC',
		GIT_CONFIG_NOSYSTEM: '1',
		BUNDLE_SILENCE_ROOT_WARNING: '1',
	};
}

function writeHome(layout: Layout, gemServer: FleetOptions['gemServer']): void {
	const [, name, email] = /^(.*) <(.*)>$/.exec(AUTHOR) ?? [];
	const gitConfig = `[user]\n\tname = ${name}\n\temail = ${email}\n[init]\n\tdefaultBranch = main\n`;
	writeFile(join(layout.home, '.gitconfig'), gitConfig);
	writeFile(join(layout.home, '.gem', 'credentials'), `---\n${gemServer.url}: ${gemServer.apiKey}\n`, 0o600);
}

function writeRig(layout: Layout): void {
	for (const dir of [layout.tmp, layout.live, layout.origins, layout.projects]) mkdirSync(dir, { recursive: true });
	writeFile(join(layout.rig, 'step'), stepProgram(layout), 0o755);
	writeFile(join(layout.rig, 'go-live'), goLiveProgram(layout), 0o755);
	writeFile(join(layout.rig, 'live'), liveProgram(layout), 0o755);
}

function platformsOf(app: AppPlan): Environment[] {
	return [...(app.production === 'push' ? ['production' as const] : []), ...(app.qa === 'push' ? ['qa' as const] : [])];
}

async function lockedBy(
	bundler: 'system' | 'newer',
	{ live }: GemVersions,
): Promise<Pick<AppWorld, 'platform' | 'bundler' | 'checksums'>> {
	const { platform, ...versions } = loadToolchain();
	if (bundler === 'system') return { platform, bundler: versions.bundler, checksums: null };
	return { platform, bundler: versions.newerBundler, checksums: await liveChecksums(live) };
}

/** Origins, checkouts and platforms of all repositories: gems first, because locks name their commits. */
async function makeRepositories(repos: Repositories, apps: readonly AppPlan[], options: FleetOptions): Promise<void> {
	const { layout } = repos;
	const versions = options.versions ?? DEFAULT_VERSIONS;
	const add = async (name: string, history: readonly CommitSpec[], platforms: readonly Environment[] = []) => {
		const release = !options.withoutRelease?.includes(name);
		const commits = options.unchanged?.includes(name) ? history.filter((c) => c.branch === 'main') : history;
		const head = await makeOrigin(repos, { name, commits, release });
		await Promise.all([
			makeCheckout(repos, { name, branch: release ? 'release' : 'main', platforms }),
			...platforms.map((environment) => makePlatform(repos, environment, name)),
		]);
		return [name, head] as const;
	};
	const heads = await Promise.all(GEMS.map((gem) => add(gem, gemHistory(layout, gem, versions))));
	const world: AppWorld = {
		layout,
		gemServerUrl: options.gemServer.url,
		versions,
		gemHeads: Object.fromEntries(heads),
		...(await lockedBy(options.bundler ?? 'system', versions)),
	};
	await Promise.all(apps.map((app) => add(app.name, appHistory(world, app), platformsOf(app))));
	await add(PARKED, [
		{
			branch: 'main',
			message: `Start ${PARKED}`,
			files: { 'bin/test': { executable: testScript(layout, PARKED) } },
		},
	]);
}

/** The fleet that buildFleet makes of these options, whether it stands already or not; starts nothing. */
export function describeFleet(options: FleetOptions): Fleet {
	const layout = layoutOf(options.dir);
	const apps = planApps(options.satellites ?? 4).map((app) => app.name);
	return {
		dir: layout.dir,
		layout,
		projectsDir: layout.projects,
		registryFile: join(layout.conductor, 'release_repos.yml'),
		env: operatorEnv(layout),
		gemServerUrl: options.gemServer.url,
		versions: options.versions ?? DEFAULT_VERSIONS,
		gems: GEMS,
		hub: HUB,
		apps,
		repos: [...GEMS, ...apps],
	};
}

/**
 * Builds a fleet under `dir`: two gems, a hub, satellites that deploy in each way there is, one without
 * a target, and a parked app; origins, the operator's checkouts (one of them dirty), what is live on the
 * gem server, and release_repos.yml. Every release branch is ahead of main.
 */
export async function buildFleet(options: FleetOptions): Promise<Fleet> {
	const fleet = describeFleet(options);
	const { layout, env, versions, gemServerUrl } = fleet;
	const apps = planApps(options.satellites ?? 4);
	writeRig(layout);
	writeHome(layout, options.gemServer);
	const { smokeUrl = null, more = '' } = options;
	const train = [...QUICK, ...(options.train ?? [])];
	writeFile(fleet.registryFile, registryText(apps, { layout, gemServerUrl, smokeUrl, train, more }));
	await Promise.all([makeRepositories({ layout, env }, apps, options), pushLiveGems(options.gemServer, versions.live)]);
	// An operator's dirt must never matter, and never be touched.
	writeFile(join(layout.projects, HUB, 'README.md'), '# half a thought\n');
	writeFile(join(layout.projects, HUB, 'notes.txt'), 'not tracked\n');
	return fleet;
}
