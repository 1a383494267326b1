import { ENGINE, GEMS, type GemVersions, gemNeeds, majorMinor, OTHER_GEM, UI } from './gem-repos.ts';
import type { CommitSpec, TreeFile } from './history.ts';
import { type Layout, originUrl } from './layout.ts';
import { type LockedGem, type LockSection, type LockSpec, lockText } from './lock-text.ts';
import { checkScript, deployScript, testScript } from './scripts.ts';

/** How the release branch of an app names the train's gems while they are worked on. */
export type GemSource = 'path' | 'git' | 'pin';

export interface AppPlan {
	readonly name: string;
	readonly role: 'hub' | 'satellite';
	readonly gems: GemSource;
	/** `script` alone keeps no account of what is live; `script-live` answers `live_cmd`. */
	readonly production: 'push' | 'script' | 'script-live' | 'none';
	readonly qa: 'push' | 'script' | 'none';
}

/** What the lock files and Gemfiles depend on. */
export interface AppWorld {
	readonly layout: Layout;
	readonly gemServerUrl: string;
	readonly versions: GemVersions;
	readonly platform: string;
	readonly bundler: string;
	readonly checksums: ReadonlyMap<string, string> | null;
	/** Newest commit of each gem's release branch. */
	readonly gemHeads: Readonly<Record<string, string>>;
}

export const HUB = 'harbor';
const HUB_PLAN: AppPlan = { name: HUB, role: 'hub', gems: 'path', production: 'push', qa: 'push' };
const SATELLITES: readonly AppPlan[] = [
	{ name: 'turf', role: 'satellite', gems: 'git', production: 'script-live', qa: 'script' },
	{ name: 'lagoon', role: 'satellite', gems: 'path', production: 'push', qa: 'none' },
	{ name: 'quay', role: 'satellite', gems: 'pin', production: 'none', qa: 'none' },
	{ name: 'atoll', role: 'satellite', gems: 'path', production: 'script', qa: 'none' },
];

/** The hub and `satellites` apps; past the named ones, more of the kind that deploys by script. */
export function planApps(satellites: number): AppPlan[] {
	const more = Array.from({ length: Math.max(0, satellites - SATELLITES.length) }, (_, index): AppPlan => {
		return { name: `islet-${index + 1}`, role: 'satellite', gems: 'path', production: 'script-live', qa: 'none' };
	});
	return [HUB_PLAN, ...SATELLITES.slice(0, satellites), ...more];
}

function gemfileText(world: AppWorld, gemLine: (gem: string) => string): string {
	return [
		`source "${world.gemServerUrl}"`,
		'',
		`gem "${OTHER_GEM}", "~> 1.0"`,
		'',
		'# Shared by every app of the fleet.',
		...GEMS.map(gemLine),
		'',
	].join('\n');
}

/** The `gem` line of a release branch; always the same gem, in the three ways developers write it. */
function sourcedLine(world: AppWorld, source: GemSource): (gem: string) => string {
	const options = {
		path: (gem: string) => `path: "../${gem}"`,
		git: (gem: string) => `git: "${originUrl(world.layout, gem)}", branch: "release"`,
		pin: () => `"${majorMinor(world.versions.live ?? world.versions.next)}"`,
	}[source];
	return (gem) => `gem "${gem}", ${options(gem)}`;
}

function lockedGem(gem: string, version: string): LockedGem {
	return { name: gem, version, needs: gemNeeds(gem, version) };
}

/** The sections of a lock. Bundler writes git, then path, then gem sources. */
function lockSections(world: AppWorld, source: GemSource, version: string): LockSection[] {
	const other: LockedGem = { name: OTHER_GEM, version: '1.0.0' };
	const remote = `${world.gemServerUrl}/`;
	const trainGems = GEMS.map((gem) => lockedGem(gem, version));
	if (source === 'pin') return [{ source: { type: 'gem', remote }, gems: [...trainGems, other] }];
	const own = trainGems.map((gem): LockSection => {
		if (source === 'path') return { source: { type: 'path', remote: `../${gem.name}` }, gems: [gem] };
		const revision = world.gemHeads[gem.name] ?? '';
		return {
			source: { type: 'git', remote: originUrl(world.layout, gem.name), revision, branch: 'release' },
			gems: [gem],
		};
	});
	return [...own, { source: { type: 'gem', remote }, gems: [other] }];
}

function lockFor(world: AppWorld, source: GemSource, version: string): LockSpec {
	const requirement = source === 'pin' ? majorMinor(version) : null;
	return {
		sections: lockSections(world, source, version),
		dependencies: { [OTHER_GEM]: '~> 1.0', [ENGINE]: requirement, [UI]: requirement },
		platform: world.platform,
		bundler: world.bundler,
		checksums: world.checksums,
	};
}

function bundle(world: AppWorld, source: GemSource, version: string): Record<string, string> {
	return {
		Gemfile: gemfileText(world, sourcedLine(world, source)),
		'Gemfile.lock': lockText(lockFor(world, source, version)),
	};
}

/** History of an app: main on the live gems, release with a feature and the gems in work. */
export function appHistory(world: AppWorld, app: AppPlan): CommitSpec[] {
	const { live, next } = world.versions;
	const scaffold: Record<string, TreeFile> = {
		'README.md': `# ${app.name}\n`,
		'app/home.rb': `puts "${app.name} 1"\n`,
		'bin/test': { executable: testScript(world.layout, app.name) },
		'bin/qa-test': { executable: checkScript(world.layout, 'qa-test', app.name) },
		...(app.production.startsWith('script')
			? { 'bin/deploy': { executable: deployScript(world.layout, app.name) } }
			: {}),
	};
	// Gems that were never published cannot be pinned.
	const source = live ? app.gems : app.gems === 'pin' ? 'path' : app.gems;
	const published = live ? bundle(world, 'pin', live) : bundle(world, 'path', '0.0.0');
	return [
		{ branch: 'main', message: `Start ${app.name}`, files: { ...scaffold, ...published } },
		{ branch: 'release', message: `Greet from ${app.name}`, files: { 'app/home.rb': `puts "${app.name} 2"\n` } },
		...(source === 'pin'
			? []
			: [{ branch: 'release', message: 'Work against the gems in work', files: bundle(world, source, next) }]),
	];
}
