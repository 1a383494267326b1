import type { TaskId } from '../core/brand.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import type { PlanChange, PlanState } from '../graph/plan.ts';

export type TaskOutcome = 'done' | 'skipped' | 'failed' | 'cancelled' | 'not_started';
export type RunOutcome = 'done' | 'failed' | 'cancelled';

/** What a run tells its views and `--json` (4-cli.md): the names and fields are a contract. */
export type RunEvent = { readonly at: string; readonly run: string } & (
	| {
			readonly type: 'run.started';
			readonly name: string;
			readonly tasks: readonly { readonly id: TaskId; readonly kind: string; readonly needs: readonly TaskId[] }[];
	  }
	| {
			readonly type: 'task.probed';
			readonly task: TaskId;
			readonly state: PlanState;
			readonly reasons: readonly string[];
	  }
	| { readonly type: 'task.started'; readonly task: TaskId; readonly change: PlanChange }
	| { readonly type: 'task.output'; readonly task: TaskId; readonly stream: 'stdout' | 'stderr'; readonly line: string }
	| {
			readonly type: 'task.finished';
			readonly task: TaskId;
			readonly outcome: TaskOutcome;
			readonly evidence: JsonObject | null;
			readonly ms: number;
			/** One line for people: why it was skipped, what it did. */
			readonly note?: string;
			readonly error?: Diagnostic;
	  }
	| {
			readonly type: 'run.finished';
			readonly outcome: RunOutcome;
			readonly counts: Readonly<Record<TaskOutcome, number>>;
			readonly ms: number;
	  }
);

/** A listener; it must not throw, and it is called in the order things happened. */
export type EventSink = (event: RunEvent) => void;
