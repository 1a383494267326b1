import type { Argv } from '../../core/argv.ts';
import { type Sha, shortSha } from '../../core/brand.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Specs } from '../../graph/specs.ts';
import { blocked, type Decision, done, todo } from '../contract.ts';

/** What the gem registry holds under this very version, beside what the frozen SHA builds. */
export interface ObservedRelease {
	readonly built: { readonly file: string; readonly sha256: string };
	readonly live: LiveRelease | null;
}

export interface LiveRelease {
	/**
	 * `listed` in an index, or only `held`: the registry gives the file, and no index lists it (yet).
	 * `yanked` is what a versions API says of a version that was taken back.
	 */
	readonly state: 'listed' | 'held' | 'yanked';
	/** The registry's checksum; null where it publishes none. */
	readonly sha256: string | null;
	/** What differs from ours; null when it was not compared, because the checksums are equal. */
	readonly differing: readonly string[] | null;
}

export type PublishChange = {
	readonly type: 'publish';
	readonly summary: string;
	readonly gem: string;
	readonly version: string;
	readonly registry: string;
	readonly file: string;
	readonly sha256: string;
	readonly sha: Sha;
	readonly versionFile: string;
	readonly releaseCheck: Argv | null;
	/** The registry has our bytes already; only its index is waited for. */
	readonly held: boolean;
};

/** Identity by rebuild (2-train.md §6): a live version counts as ours only when its content is. */
export function decidePublish(spec: Specs['publish'], { built, live }: ObservedRelease): Decision<PublishChange> {
	const { version, frozen } = frozenRelease(spec);
	const { gem, registry, releaseCheck, versionFile } = spec;
	const name = `${gem} ${version}`;
	const change = { type: 'publish', gem, version, registry, ...built, sha: frozen, versionFile, releaseCheck } as const;
	if (!live) return todo(`${name} is not on ${registry}`, { ...change, summary: `push ${built.file}`, held: false });
	if (live.state === 'yanked') return blocked(yankedRelease(change));
	const sameBytes = live.sha256 === built.sha256;
	if (!sameBytes && live.differing?.length !== 0) return blocked(foreignRelease(change, live));
	const content = sameBytes ? 'bytes' : 'files';
	if (live.state === 'held') {
		const reason = `${registry} holds ${name} with the ${content} that ${shortSha(frozen)} builds, and no index lists it`;
		return todo(reason, { ...change, summary: `wait until ${registry} lists ${built.file}`, held: true });
	}
	const evidence = { gem, version, registry, sha256: live.sha256 ?? built.sha256, sha: frozen };
	return done(`${name} is live, with the ${content} that ${shortSha(frozen)} builds`, evidence);
}

type Release = Pick<PublishChange, 'gem' | 'version' | 'registry' | 'sha' | 'versionFile'>;

/** A number that was taken back and is not given again. */
export function yankedRelease(release: Omit<Release, 'sha'>): Omit<Diagnostic, 'severity'> {
	const { gem, version, registry, versionFile } = release;
	return {
		code: 'blocked',
		summary: `version yanked: bump ${versionFile} and re-run`,
		seen: `${registry} lists ${gem} ${version} as yanked`,
		hint: 'prepare again after the bump',
	};
}

/** Somebody else's content under our version number. */
export function foreignRelease(release: Release, live: LiveRelease): Omit<Diagnostic, 'severity'> {
	const { gem, version, sha, versionFile } = release;
	return {
		code: 'stranded',
		summary: `${gem} ${version} is live and was not built from ${shortSha(sha)}`,
		...(live.differing ? { seen: `these files differ:\n${live.differing.slice(0, 20).join('\n')}` } : {}),
		hint: `bump ${versionFile} and prepare again: a published version can't be replaced`,
	};
}

function frozenRelease(spec: Specs['publish']): { version: string; frozen: Sha } {
	if (!spec.version || !spec.frozen) throw new Error('a publish task of a graph drawn from the file alone was run');
	return { version: spec.version, frozen: spec.frozen };
}
