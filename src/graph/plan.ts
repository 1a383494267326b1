import type { TaskId } from '../core/brand.ts';
import type { JsonObject } from '../core/json.ts';

/** What a task would do, as data. `summary` is the line of it that people read. */
export type PlanChange = JsonObject & { readonly summary: string };

export type PlanState = 'done' | 'todo' | 'blocked' | 'unknown';

/** One task of a plan document (4-cli.md, "Output"). */
export interface PlanNode {
	readonly id: TaskId;
	readonly kind: string;
	readonly repo: string | null;
	readonly needs: readonly TaskId[];
	readonly state: PlanState;
	/** Never empty unless the state is done. */
	readonly reasons: readonly string[];
	readonly change: PlanChange | null;
	readonly irreversible: boolean;
}

/** `slipway.plan/1`. `observed` holds the facts that the plan stands on, by name. */
export interface Plan {
	readonly schema: 'slipway.plan/1';
	readonly train: string;
	readonly nodes: readonly PlanNode[];
	readonly observed: JsonObject;
}

/** Counts by state, for summaries and for `--detailed-exitcode`. */
export function planCounts(plan: Plan): Record<PlanState, number> {
	const counts: Record<PlanState, number> = { done: 0, todo: 0, blocked: 0, unknown: 0 };
	for (const node of plan.nodes) counts[node.state] += 1;
	return counts;
}
