import type { Deploy } from '../../config/types.ts';
import type { Sha } from '../../core/brand.ts';
import type { AnyChange, Decision, TaskContext } from '../contract.ts';

/** One way to put a commit live (2-train.md §7): a folder, and one line in adapters.ts. */
export interface DeployAdapter<Target extends Deploy, Observed, Change extends AnyChange> {
	readonly strategy: Target['strategy'];
	/** `sha` is what should be live. */
	probe(target: Target, sha: Sha, context: TaskContext): Promise<Observed>;
	decide(target: Target, sha: Sha, observed: Observed): Decision<Change>;
	run(change: Change, target: Target, context: TaskContext): Promise<void>;
}

export type TargetOf<Strategy extends Deploy['strategy']> = Extract<Deploy, { readonly strategy: Strategy }>;
