import type { Argv } from '../../core/argv.ts';
import { type Sha, shortSha } from '../../core/brand.ts';
import type { Specs } from '../../graph/specs.ts';
import { blocked, type Decision, done, todo } from '../contract.ts';

/** What the gem registry holds under this very version, beside what the frozen SHA builds. */
export interface ObservedRelease {
	readonly built: { readonly file: string; readonly sha256: string };
	readonly live: LiveRelease | null;
}

export interface LiveRelease {
	/** The registry's checksum; null where it publishes none. */
	readonly sha256: string | null;
	/** Files that differ from ours; null when they were not compared because the checksums are equal. */
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
	readonly releaseCheck: Argv | null;
};

/** Identity by rebuild (2-train.md §6): a live version counts as ours only when its content is. */
export function decidePublish(spec: Specs['publish'], observed: ObservedRelease): Decision<PublishChange> {
	const { version, frozen } = frozenRelease(spec);
	const { built, live } = observed;
	const name = `${spec.gem} ${version}`;
	if (!live) {
		const { gem, registry, releaseCheck } = spec;
		return todo(`${name} is not on ${registry}`, { type: 'publish', summary: `push ${built.file}`, gem, version, registry, ...built, sha: frozen, releaseCheck });
	}
	const evidence = { gem: spec.gem, version, registry: spec.registry, sha256: live.sha256 ?? built.sha256, sha: frozen };
	if (live.sha256 === built.sha256) return done(`${name} is live, with the bytes that ${shortSha(frozen)} builds`, evidence);
	if (live.differing?.length === 0) return done(`${name} is live, with the files that ${shortSha(frozen)} builds`, evidence);
	return blocked({
		code: 'stranded',
		summary: `${name} is live and was not built from ${shortSha(frozen)}`,
		...(live.differing ? { seen: `these files differ:\n${live.differing.slice(0, 20).join('\n')}` } : {}),
		hint: `bump ${spec.versionFile} and prepare again: a published version can't be replaced`,
	});
}

function frozenRelease(spec: Specs['publish']): { version: string; frozen: Sha } {
	if (!spec.version || !spec.frozen) throw new Error('a publish task of a graph drawn from the file alone was run');
	return { version: spec.version, frozen: spec.frozen };
}
