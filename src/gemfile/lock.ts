import { Unreadable } from '../core/diagnostic.ts';
import { compareVersions, isValid } from './version.ts';

/** Where a lock says that a gem comes from. */
export type LockSource =
	| { readonly type: 'gem'; readonly remotes: readonly string[] }
	| { readonly type: 'git' | 'path' | 'plugin'; readonly remote: string; readonly revision: string | null };

/** One line below `specs:`; a gem has one for each platform. */
export interface LockedGem {
	readonly version: string;
	/** `java`, `x86_64-linux`, …; null for a gem of pure Ruby. */
	readonly platform: string | null;
	readonly source: LockSource;
}

/** A Gemfile.lock, as far as a re-pin looks at it. */
export interface Lockfile {
	/** By name, in the order of the file. */
	readonly gems: ReadonlyMap<string, readonly LockedGem[]>;
	readonly bundledWith: string | null;
	/** SHA-256 in hex, by `name-version` or `name-version-platform`; empty without CHECKSUMS. */
	readonly checksums: ReadonlyMap<string, string>;
}

/** What a lock has to hold. */
export interface LockPin {
	readonly gem: string;
	readonly version: string;
	/** URL of the gem registry. */
	readonly registry: string;
	/** Of the gem of pure Ruby, in hex. */
	readonly sha256?: string;
}

/** `seen` says what the lock holds instead. */
export type LockHolds = { readonly ok: true } | { readonly ok: false; readonly seen: string };

const CONFLICT = /^(?:<{7}|={7}|>{7}|\|{7})/;
const SOURCES: Readonly<Record<string, LockSource['type']>> = {
	GEM: 'gem',
	GIT: 'git',
	PATH: 'path',
	'PLUGIN SOURCE': 'plugin',
};
/** A version holds no dash in a lock: what follows one is the platform. */
const SPEC = /^ {4}(\S+) \(([^-)]+)(?:-([^)]+))?\)$/;
const OPTION = /^ {2}(\w+): (.*)$/;
const CHECKSUM = /^ {2}(\S+) \(([^)]+)\) (?:.*,)?sha256=([0-9a-fA-F]{64})(?:,|$)/;

/**
 * Reads a Gemfile.lock of any Bundler; sections that it doesn't know are skipped, as Bundler does.
 * Throws Unreadable when the file holds a merge conflict.
 */
export function parseLock(text: string): Lockfile {
	const gems = new Map<string, LockedGem[]>();
	const checksums = new Map<string, string>();
	let bundledWith: string | null = null;
	for (const { title, lines } of sectionsOf(text)) {
		const type = SOURCES[title];
		if (type) readSource(type, lines, gems);
		if (title === 'BUNDLED WITH') bundledWith = lines[0]?.trim() ?? null;
		if (title !== 'CHECKSUMS') continue;
		for (const line of lines) {
			const [, name, version, digest] = CHECKSUM.exec(line) ?? [];
			if (name && version && digest) checksums.set(`${name}-${version}`, digest.toLowerCase());
		}
	}
	return { gems, bundledWith, checksums };
}

interface Section {
	readonly title: string;
	/** Without blank ones. */
	readonly lines: string[];
}

function sectionsOf(text: string): Section[] {
	const sections: Section[] = [];
	for (const [index, line] of text.split(/\r?\n/).entries()) {
		if (CONFLICT.test(line)) throw new Unreadable('Gemfile.lock', `merge conflict at line ${index + 1}: ${line}`);
		if (/^\S/.test(line)) sections.push({ title: line.trimEnd(), lines: [] });
		else if (line.trim() !== '') sections.at(-1)?.lines.push(line.trimEnd());
	}
	return sections;
}

function readSource(type: LockSource['type'], lines: readonly string[], gems: Map<string, LockedGem[]>): void {
	const options = lines.flatMap((line) => {
		const [, key, value] = OPTION.exec(line) ?? [];
		return key !== undefined && value !== undefined ? [{ key, value }] : [];
	});
	const valuesOf = (key: string): string[] => options.filter((each) => each.key === key).map((each) => each.value);
	const remotes = valuesOf('remote');
	const source: LockSource =
		type === 'gem' ? { type, remotes } : { type, remote: remotes[0] ?? '', revision: valuesOf('revision')[0] ?? null };
	for (const line of lines) {
		const [, name, version, platform = null] = SPEC.exec(line) ?? [];
		if (name && version) gems.set(name, [...(gems.get(name) ?? []), { version, platform, source }]);
	}
}

/**
 * Whether the lock holds a published gem (2-train.md §6): this very version on every platform, from
 * this gem registry, with this digest when CHECKSUMS has one. Credentials of a remote are neither
 * compared nor shown.
 */
export function lockHolds(lock: Lockfile, pin: LockPin): LockHolds {
	const locked = lock.gems.get(pin.gem) ?? [];
	if (locked.length === 0) return { ok: false, seen: `${pin.gem} is not in the lock` };
	const seen = locked.map((gem) => otherThan(pin, gem, lock)).find((other) => other !== null);
	return seen === undefined ? { ok: true } : { ok: false, seen };
}

/** What a locked gem is instead of the pin, or null when it is the pin. */
function otherThan(pin: LockPin, locked: LockedGem, lock: Lockfile): string | null {
	const { version, platform, source } = locked;
	const name = `${pin.gem} ${version}${platform === null ? '' : ` (${platform})`}`;
	const remotes = source.type === 'gem' ? source.remotes.map(normal) : [];
	if (!remotes.includes(normal(pin.registry))) return `${name} from ${described(source)}`;
	if (!isValid(version) || compareVersions(version, pin.version) !== 0) return name;
	const checksum = platform === null ? lock.checksums.get(`${pin.gem}-${version}`) : undefined;
	if (checksum === undefined || pin.sha256 === undefined) return null;
	return checksum === pin.sha256.toLowerCase() ? null : `${name} with sha256=${checksum}`;
}

function described(source: LockSource): string {
	if (source.type === 'gem') return source.remotes.map(normal).join(' or ') || 'a gem source without a remote';
	const revision = source.revision === null ? '' : ` at ${source.revision}`;
	return `${source.type} ${normal(source.remote)}${revision}`;
}

/** One spelling of a URL: lower-case host, no credentials, no slash at the end. A path stays as it is. */
function normal(remote: string): string {
	if (!URL.canParse(remote)) return remote;
	const url = new URL(remote);
	url.username = '';
	url.password = '';
	return url.href.replace(/\/+$/, '');
}
