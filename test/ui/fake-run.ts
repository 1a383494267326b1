import { taskId } from '../../src/core/brand.ts';
import type { RunEvent, TaskOutcome } from '../../src/runner/events.ts';
import { createPalette } from '../../src/ui/colour.ts';

/** 12:00:00 UTC of the day on which every run of these tests happens, in milliseconds. */
export const NOON = Date.parse('2026-11-20T12:00:00.000Z');

/** No colour: tests compare what is said. */
export const PLAIN = createPalette({ noColor: true, env: {}, isTTY: false });

const COUNTS: Record<TaskOutcome, number> = { done: 0, skipped: 0, failed: 0, cancelled: 0, not_started: 0 };

type Stamped<T> = T extends unknown ? Omit<T, 'at' | 'run'> : never;

/** Gives an event its stamp: `seconds` after noon. */
export function at(seconds: number, event: Stamped<RunEvent>): RunEvent {
	return { at: new Date(NOON + seconds * 1000).toISOString(), run: 'run-1', ...event } as RunEvent;
}

/** `{ 'publish:a': ['preflight:a'] }`: what each task needs. */
export function started(needs: Readonly<Record<string, readonly string[]>>, name = 'ship rel-1'): RunEvent {
	const tasks = Object.entries(needs).map(([id, ids]) => ({
		id: taskId(id),
		kind: id.split(':')[0] ?? id,
		needs: ids.map((need) => taskId(need)),
	}));
	return at(0, { type: 'run.started', name, tasks });
}

export function begun(seconds: number, id: string): RunEvent {
	return at(seconds, { type: 'task.started', task: taskId(id), change: { summary: 'push it', version: '0.2.0' } });
}

export function said(seconds: number, id: string, line: string): RunEvent {
	return at(seconds, { type: 'task.output', task: taskId(id), stream: 'stdout', line });
}

export function finished(id: string, outcome: TaskOutcome, note?: string): RunEvent {
	const more = note === undefined ? {} : { note };
	return at(2, { type: 'task.finished', task: taskId(id), outcome, evidence: null, ms: 2000, ...more });
}

export function failed(seconds: number, id: string, summary: string): RunEvent {
	const error = { code: 'command-failed', severity: 'error', summary, hint: 'fix it' } as const;
	return at(seconds, { type: 'task.finished', task: taskId(id), outcome: 'failed', evidence: null, ms: 3000, error });
}

export function over(
	seconds: number,
	outcome: 'done' | 'failed' | 'cancelled',
	counts: Partial<typeof COUNTS>,
): RunEvent {
	return at(seconds, { type: 'run.finished', outcome, counts: { ...COUNTS, ...counts }, ms: seconds * 1000 });
}
