import type { RepoName, Sha, TaskId } from '../core/brand.ts';
import type { SourceSpan } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';

/**
 * A task is data (5-style.md): it can be written to JSON and rebuilt on another machine. What it
 * means is the business of the kind that its `kind` names in tasks/registry.ts.
 */
export interface TaskNode {
	readonly id: TaskId;
	readonly kind: string;
	readonly repo: RepoName | null;
	readonly spec: JsonObject;
	/** Tasks that must be settled first, sorted. */
	readonly needs: readonly TaskId[];
	readonly irreversible: boolean;
	/** Estimated duration, a unitless weight; the longest remaining path runs first. */
	readonly weight: number;
}

/** Why one task waits for another: a sentence, and the line that asked for it when a file did. */
export interface EdgeReason {
	readonly from: TaskId;
	readonly to: TaskId;
	readonly reason: string;
	readonly at?: SourceSpan;
}

/** A compiled graph: nodes in a stable topological order; every `needs` names a node of the graph. */
export interface Graph {
	readonly name: string;
	readonly nodes: ReadonlyMap<TaskId, TaskNode>;
	readonly edges: readonly EdgeReason[];
}

/** One repository of a train, as `prepare` froze it. */
export interface Member {
	readonly repo: RepoName;
	/** Null when the graph is drawn from the file alone. */
	readonly frozen: Sha | null;
	/** Gems only: the version that the gemspec declares at the frozen SHA. */
	readonly version: string | null;
}

/** An edge read from a gemspec or a Gemfile at a frozen SHA: `repo` uses the gem of `uses`. */
export interface DerivedNeed {
	readonly repo: RepoName;
	readonly uses: RepoName;
	/** `Gemfile:12 at 1a2b3c4d`: where it was read. */
	readonly source: string;
}

/** What a train is compiled from, besides the file. */
export interface TrainInput {
	readonly slug: string;
	readonly members: readonly Member[];
	readonly derived: readonly DerivedNeed[];
}
