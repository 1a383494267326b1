/** A gem in a lock file, with the gems it needs. */
export interface LockedGem {
	readonly name: string;
	readonly version: string;
	readonly needs?: Readonly<Record<string, string>>;
}

/** Where the gems of one section come from. */
export type LockSource =
	| { readonly type: 'git'; readonly remote: string; readonly revision: string; readonly branch: string }
	| { readonly type: 'path'; readonly remote: string }
	| { readonly type: 'gem'; readonly remote: string };

export interface LockSection {
	readonly source: LockSource;
	readonly gems: readonly LockedGem[];
}

export interface LockSpec {
	readonly sections: readonly LockSection[];
	/** What the Gemfile itself declares: name → requirement, or null when it only names a source. */
	readonly dependencies: Readonly<Record<string, string | null>>;
	readonly platform: string;
	readonly bundler: string;
	/** SHA-256 of published gems by `name-version`; null for a lock without the section. */
	readonly checksums: ReadonlyMap<string, string> | null;
}

function gemLines(gem: LockedGem): string[] {
	const needs = Object.entries(gem.needs ?? {}).map(([name, requirement]) => `      ${name} (${requirement})`);
	return [`    ${gem.name} (${gem.version})`, ...needs];
}

function sectionLines({ source, gems }: LockSection): string[] {
	const origin = source.type === 'git' ? [`  revision: ${source.revision}`, `  branch: ${source.branch}`] : [];
	return [
		source.type.toUpperCase(),
		`  remote: ${source.remote}`,
		...origin,
		'  specs:',
		...gems.flatMap(gemLines),
		'',
	];
}

function dependencyLine(name: string, requirement: string | null): string {
	return requirement === null ? `  ${name}!` : `  ${name} (${requirement})`;
}

/** Gems that come from no gem server are listed without a digest. */
function checksumLines({ sections, checksums }: LockSpec): string[] {
	if (!checksums) return [];
	const lines = sections.flatMap(({ source, gems }) =>
		gems.map(({ name, version }) => {
			const sha256 = source.type === 'gem' ? checksums.get(`${name}-${version}`) : undefined;
			return `  ${name} (${version})${sha256 ? ` sha256=${sha256}` : ''}`;
		}),
	);
	return ['CHECKSUMS', ...lines.sort(), ''];
}

/**
 * The text of a Gemfile.lock, byte for byte as Bundler writes it: test/rig/fleet.test.ts holds it to
 * the real one. Starting Bundler for every lock of every fleet would cost a second each.
 */
export function lockText(lock: LockSpec): string {
	return [
		...lock.sections.flatMap(sectionLines),
		'PLATFORMS',
		`  ${lock.platform}`,
		'',
		'DEPENDENCIES',
		...Object.entries(lock.dependencies)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([name, requirement]) => dependencyLine(name, requirement)),
		'',
		...checksumLines(lock),
		'BUNDLED WITH',
		`   ${lock.bundler}`,
		'',
	].join('\n');
}
