import type { Argv, Deploy } from '../../config/types.ts';
import type { Sha } from '../../core/brand.ts';
import type { JsonObject } from '../../core/json.ts';
import type { AnyChange, Decision, TaskContext } from '../contract.ts';
import type { Finding } from '../preflight/check.ts';

/** One commit that goes live at one place. Data, so that a plan can hold it. */
export type Deployment<Target extends Deploy = Deploy> = {
	readonly target: Target;
	/** What should be live. */
	readonly sha: Sha;
	/** Of `qa_deploy` or of `prod_deploy`: the record keeps the two apart. */
	readonly purpose: 'qa' | 'ship';
};

/** One way to put a commit live (2-train.md §7): a folder, and one line in adapters.ts. */
export interface DeployAdapter<Target extends Deploy, Observed, Change extends AnyChange> {
	readonly strategy: Target['strategy'];
	/** What it runs that the repository holds or PATH must have; nothing when absent. Pure. */
	commands?(target: Target): readonly Argv[];
	/** What preflight asks of the target before anything moves; nothing when absent. */
	check?(target: Target, at: CheckedAt, context: TaskContext): Promise<TargetCheck>;
	probe(deployment: Deployment<Target>, context: TaskContext): Promise<Observed>;
	decide(deployment: Deployment<Target>, observed: Observed): Decision<Change>;
	run(change: Change, deployment: Deployment<Target>, context: TaskContext): Promise<void>;
}

export interface CheckedAt {
	/** What ships, or QA's commit while the re-pin has yet to make it; null before anything was frozen. */
	readonly ships: Sha | null;
}

export interface TargetCheck {
	readonly findings: readonly Finding[];
	/** What a plan stands on: a saved plan is stale when one of these moved. */
	readonly facts?: JsonObject;
}

export type TargetOf<Strategy extends Deploy['strategy']> = Extract<Deploy, { readonly strategy: Strategy }>;
