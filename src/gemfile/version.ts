import { Requirement } from '@renovatebot/ruby-semver/dist/ruby/requirement.js';
import { Version } from '@renovatebot/ruby-semver/dist/ruby/version.js';

/** One clause of a requirement: `~> 0.9` is operator `~>`, version `0.9`. */
export interface Clause {
	readonly operator: string;
	readonly version: string;
}

const SEPARATORS = /[.-]/;

/** True for what RubyGems takes as a version; a blank, which RubyGems reads as 0, is not one here. */
export function isValid(version: string): boolean {
	return version !== '' && version.trim() === version && Version.isCorrect(version);
}

/** Negative, zero or positive, in RubyGems' order: `0.10` equals `0.10.0` and follows `0.10.0.rc1`. */
export function compareVersions(left: string, right: string): number {
	return read(left).compare(read(right));
}

/** True when a letter is in the version: `1.0.0.rc1`. */
export function isPrerelease(version: string): boolean {
	return read(version).isPrerelease();
}

/** The newest of a list, or null for an empty list. */
export function newestVersion(versions: readonly string[]): string | null {
	return versions.reduce<string | null>(
		(best, version) => (best === null || compareVersions(version, best) > 0 ? version : best),
		null,
	);
}

/** The clauses of one requirement string (`"~> 0.9"`, `"0.9.3"`), or null when RubyGems would reject it. */
export function clause(requirement: string): Clause | null {
	try {
		const [operator, version] = Requirement.parse(requirement);
		return { operator, version: version.toString() };
	} catch {
		return null;
	}
}

/**
 * True when every requirement of the list admits the version by RubyGems' own rule; an empty list
 * admits all. Says nothing about a resolver's reluctance to choose prereleases.
 * Throws a RangeError for a version or requirement that RubyGems would reject.
 */
export function satisfies(version: string, requirements: readonly string[]): boolean {
	for (const text of requirements) if (!clause(text)) throw new RangeError(`not a requirement: "${text}"`);
	return new Requirement(...requirements).isSatisfiedBy(read(version));
}

/**
 * The requirement that a re-pin writes (2-train.md §6): major.minor for a release (`~> 0.9`), the
 * whole version for a prerelease (`~> 1.0.0.rc1`), which nothing shorter would admit.
 */
export function pessimisticPin(version: string): string {
	if (isPrerelease(version)) return `~> ${version}`;
	const [major, minor = '0'] = version.split(SEPARATORS);
	return `~> ${major}.${minor}`;
}

function read(version: string): Version {
	if (!isValid(version)) throw new RangeError(`not a gem version: "${version}"`);
	return new Version(version);
}
