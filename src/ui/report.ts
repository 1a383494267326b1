import type { JsonObject } from '../core/json.ts';
import type { RunOutcome } from '../runner/events.ts';

/** One run, told after the fact: all that the closing text and `slipway report` need, as plain data. */
export interface RunReport {
	/** The slug of the train, or the name of another run. */
	readonly train: string;
	readonly outcome: RunOutcome;
	/** False when every task was found done: the run changed nothing. */
	readonly changed: boolean;
	readonly elapsedMs: number;
	/** One row a repository that is now where the train wanted it. */
	readonly shipped: readonly ShippedRow[];
	readonly failures: readonly FailureRow[];
	/** Tasks that failed without stopping the run, and those that a second signal stopped half-way. */
	readonly warnings: readonly FailureRow[];
	/** What production holds now, because of this run or an earlier one of the same train. */
	readonly live: readonly LiveRow[];
	/** Ids of tasks that no one began; barriers, which nobody would miss, left out. */
	readonly notStarted: readonly string[];
	/** `assembled`, `shipped`, …; null where no record is involved. */
	readonly recordState: string | null;
	/** The one command that goes on from here; null when nothing is left to do. */
	readonly resume: string | null;
}

export interface ShippedRow {
	readonly repo: string;
	readonly version: string | null;
	readonly sha: string | null;
	readonly url: string | null;
	/** `no production target, nothing dispatched`, `already live`. */
	readonly note: string | null;
}

export interface FailureRow {
	readonly task: string;
	readonly summary: string;
	/** As a person would type it. */
	readonly command: string | null;
	readonly cwd: string | null;
	/** Null when no command ran, or a signal ended it. */
	readonly exitCode: number | null;
	readonly lastLines: readonly string[];
	readonly hint: string | null;
}

export interface LiveRow {
	readonly task: string;
	readonly evidence: JsonObject;
}
