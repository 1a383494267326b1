import type { Argv } from '../config/types.ts';
import type { Sha } from '../core/brand.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';

export type RecordState = 'assembling' | 'assembled' | 'shipped' | 'abandoned';

/** The durable state of one release (2-train.md §2): evidence for the next reader, never proof. */
export interface ReleaseRecord {
	readonly schema: 'slipway.record/1';
	/** Counts writes; a writer names the revision it read, and loses when another was faster. */
	readonly revision: number;
	readonly slug: string;
	readonly state: RecordState;
	readonly createdAt: string;
	readonly updatedAt: string;
	/** Who assembled it, as `user@host`. */
	readonly by: string;
	/** Set when it ships. */
	readonly shippedAt: string | null;
	readonly shippedBy: string | null;
	readonly members: Readonly<Record<string, MemberRecord>>;
	/** When the release notes went out. */
	readonly notesPostedAt: string | null;
}

export interface MemberRecord {
	readonly type: 'gem' | 'app';
	/** The commit that QA approved, and origin's main at that moment, an ancestor of it. */
	readonly frozen: Sha;
	readonly mainAtFreeze: Sha;
	readonly frozenAt: string;
	/** Gems: what `gem build` made of the frozen SHA. */
	readonly gem: BuiltGem | null;
	/** The train's gems that the gemspec or Gemfile names at the frozen SHA. */
	readonly uses: readonly UsedGem[];
	readonly verdicts: readonly Verdict[];
	/** The frozen SHA, or our re-pin commit on top of it; null until it is known. */
	readonly ship: Sha | null;
	/** By kind of task: what its last successful run or probe saw. */
	readonly evidence: Readonly<Record<string, JsonObject>>;
}

export type BuiltGem = {
	readonly name: string;
	readonly version: string;
	/** `ruby`, or the platform of a gem with compiled code. */
	readonly platform: string;
	readonly file: string;
	readonly sha256: string;
};

export type UsedGem = {
	readonly gem: string;
	readonly repo: string;
	/** `Gemfile:12 at 1a2b3c4d`. */
	readonly source: string;
};

export interface Verdict {
	readonly purpose: 'qa' | 'ship';
	readonly sha: Sha;
	readonly cmd: Argv;
	readonly ok: boolean;
	readonly at: string;
}

/** A record that was allowed, or why it was not. */
export type RecordResult =
	| { readonly ok: true; readonly record: ReleaseRecord }
	| { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };
