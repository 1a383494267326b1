import { Unanswered } from '../../../io/github.ts';
import type { WorkflowRun } from '../../../io/github-answers.ts';

export interface Following {
	/** Reads the run once, now. */
	readonly read: () => Promise<WorkflowRun>;
	/** How long GitHub may be out of reach in one piece. */
	readonly patienceMs: number;
	readonly clock: Clock;
	/** One line for the views. */
	readonly tell: (line: string) => void;
}

/** Time, as far as following needs it. */
export interface Clock {
	/** Milliseconds, never going back. */
	now(): number;
	pause(ms: number): Promise<void>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Follows a run to its end, however long that takes: any status but `completed` is alive. A lost
 * connection is no verdict: it is asked again, and only when nothing was heard for `patienceMs` does
 * Unanswered pass. Every other failed read passes at once. Gives the completed run.
 */
export async function followRun({ read, patienceMs, clock, tell }: Following): Promise<WorkflowRun> {
	let told = '';
	let heardAt = clock.now();
	for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.6, LONGEST_PAUSE_MS)) {
		const heard = await read().catch((error: unknown) => {
			if (error instanceof Unanswered) return error;
			throw error;
		});
		if (heard instanceof Unanswered && clock.now() - heardAt > patienceMs) throw heard;
		if (!(heard instanceof Unanswered)) {
			heardAt = clock.now();
			if (heard.status === 'completed') return heard;
		}
		const line =
			heard instanceof Unanswered
				? `GitHub is out of reach: ${heard.seen}`
				: `${heard.status.replaceAll('_', ' ')}: ${heard.url}`;
		if (line !== told) tell(line);
		told = line;
		await clock.pause(heard instanceof Unanswered ? Math.max(pauseMs, heard.retryAfterMs) : pauseMs);
	}
}
