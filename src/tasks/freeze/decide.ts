import { type Sha, shortSha } from '../../core/brand.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { compareVersions, newestVersion } from '../../gemfile/version.ts';
import type { GemSpec, Specs } from '../../graph/specs.ts';
import type { BuiltGem, UsedGem } from '../../record/types.ts';
import { type Blocked, blocked, type Decision, done, todo } from '../contract.ts';
import { type LiveRelease, yankedRelease } from '../publish/decide.ts';

export interface ObservedRepo {
	/** Tips of origin. */
	readonly main: Sha | null;
	readonly release: Sha | null;
	/** What the record has frozen already. */
	readonly frozen: Sha | null;
	readonly gem: ObservedGem | null;
	readonly uses: readonly UsedGem[];
}

export interface ObservedGem {
	readonly built: BuiltGem;
	/** The text of the version file at that commit; null when there is none. */
	readonly versionText: string | null;
	readonly liveVersions: readonly string[];
	/** The registry's entry for the built version. */
	readonly live: LiveRelease | null;
	/** Where `v<version>` is on origin. */
	readonly tagAt: Sha | null;
}

export type FreezeChange = {
	readonly type: 'freeze';
	readonly summary: string;
	readonly sha: Sha;
	readonly main: Sha;
	readonly gem: BuiltGem | null;
	readonly uses: readonly UsedGem[];
};

/** The commit of the release branch that QA is to see, and for a gem that its version can be published (2-train.md §3). */
export function decideFreeze(spec: Specs['freeze'], observed: ObservedRepo): Decision<FreezeChange> {
	const { main, release } = observed;
	if (!main || !release) {
		return blocked({
			code: 'blocked',
			summary: `origin has no ${main ? spec.releaseBranch : spec.mainBranch}`,
			hint: 'run `slipway init`',
		});
	}
	if (observed.frozen === release) return done(`frozen at ${shortSha(release)}`, { sha: release });
	const findings = spec.gem && observed.gem ? judgeGem(spec.gem, observed.gem, release) : [];
	if (findings.length > 0) return { type: 'blocked', findings } satisfies Blocked;
	const gem = observed.gem ? { ...observed.gem.built } : null;
	const reason = observed.frozen ? `${spec.releaseBranch} moved to ${shortSha(release)}` : 'not frozen yet';
	const summary = `freeze ${shortSha(release)}${gem ? ` as ${gem.name} ${gem.version}` : ''}`;
	return todo(reason, { type: 'freeze', summary, sha: release, main, gem, uses: observed.uses });
}

/** All that stands in the way of publishing this commit's version. Also asked again by preflight. */
export function judgeGem(spec: GemSpec, observed: ObservedGem, sha: Sha): Diagnostic[] {
	const { built, versionText, liveVersions, live, tagAt } = observed;
	const findings: Omit<Diagnostic, 'severity'>[] = [];
	if (built.name !== spec.gem) {
		findings.push({
			code: 'version-mismatch',
			summary: `${spec.gemspec} builds a gem named ${built.name}, not ${spec.gem}`,
		});
	}
	if (!versionText || !says(versionText, built.version)) {
		findings.push({
			code: 'version-mismatch',
			summary: `${spec.gemspec} declares ${built.version}, and ${spec.versionFile} does not say so`,
			...(versionText === null ? { seen: `${spec.versionFile} is not in the tree at ${shortSha(sha)}` } : {}),
			hint: 'name the file that holds the version as version_file, or make the two agree',
		});
	}
	const isLive = live !== null && live.state !== 'yanked';
	const moved = tagAt !== null && tagAt !== sha;
	const foreign = live !== null && live.differing !== null && live.differing.length > 0;
	if (live?.state === 'yanked') findings.push(yankedRelease({ ...spec, version: built.version }));
	if (isLive && (moved || foreign)) findings.push(stranded(spec, observed, sha));
	else if (moved) findings.push(tagElsewhere(spec, observed, sha));
	const newest = newestVersion(liveVersions);
	if (!isLive && newest !== null && !isNewer(built.version, newest)) {
		findings.push({
			code: 'backward',
			summary: `${spec.gem} ${built.version} is not newer than ${newest}, which is live`,
			hint: `bump ${spec.versionFile} on the release branch and prepare again`,
		});
	}
	return findings.map((finding) => ({ severity: 'error', ...finding }));
}

/** Whether a text holds a version by itself: `1.0.5` and `11.0` do not say `1.0`. */
function says(text: string, version: string): boolean {
	const literal = version.replaceAll('.', '\\.');
	return new RegExp(`(?<![0-9.])${literal}(?![0-9A-Za-z]|\\.[0-9A-Za-z])`).test(text);
}

/** `1.0` and `1.0.0` are one version to every gem registry. The very same one may be live for another platform. */
function isNewer(version: string, newest: string): boolean {
	return version === newest || compareVersions(version, newest) > 0;
}

/** Work that no release would ever carry: its version number is taken by what came before it. */
function stranded(spec: GemSpec, { built, live, tagAt }: ObservedGem, sha: Sha): Omit<Diagnostic, 'severity'> {
	const differing = live?.differing ?? [];
	const seen = [
		...(tagAt && tagAt !== sha
			? [`v${built.version} is tagged at ${shortSha(tagAt)}, the release branch is at ${shortSha(sha)}`]
			: []),
		...(differing.length > 0 ? ['these files differ from the live gem:', ...differing.slice(0, 20)] : []),
	];
	return {
		code: 'stranded',
		summary: `${spec.gem} ${built.version} is live already, and the release branch has commits that it does not contain`,
		seen: seen.join('\n'),
		hint: `bump ${spec.versionFile} on the release branch and prepare again`,
	};
}

function tagElsewhere(spec: GemSpec, { built, tagAt }: ObservedGem, sha: Sha): Omit<Diagnostic, 'severity'> {
	return {
		code: 'blocked',
		summary: `v${built.version} is tagged at ${tagAt ? shortSha(tagAt) : '?'}, not at ${shortSha(sha)}, and ${spec.gem} ${built.version} is not live`,
		hint: `bump ${spec.versionFile}, or delete the tag on origin if it was made by mistake`,
	};
}
