import { frameHeader } from './frame-header.ts';
import type { Canvas, FrameLine } from './frame-line.ts';
import { failureRow, runningRow, settledRow, waitingRow } from './frame-rows.ts';
import type { LiveState, LiveTask } from './live-state.ts';

/** What has settled and what waits is context: no terminal is tall enough to want more of it. */
const MOST_SETTLED = 8;
const MOST_WAITING = 5;

/**
 * Draws one moment of a run: line 1 the bar, the counts and the clock, then the latest settled
 * tasks, failures, running tasks and the next waiting ones. Gives at most `rows - 1` lines (always
 * one), each narrower than `columns`: the last row and column belong to the cursor.
 */
export function frame(state: LiveState, canvas: Canvas): FrameLine[] {
	const share = shareRows(state, Math.max(0, canvas.rows - 2));
	const settled = state.settled.slice(state.settled.length - share.settled);
	return [
		frameHeader(state, canvas),
		...settled.map((task) => settledRow(state, task, canvas)),
		...state.failures.slice(0, share.failures).map((task) => failureRow(state, task, canvas)),
		...runningTasks(state, share.running).map((task) => runningRow(state, task, canvas)),
		...nextWaiting(state, share.waiting).map((task) => waitingRow(state, task, canvas)),
	];
}

interface Shares {
	readonly settled: number;
	readonly failures: number;
	readonly running: number;
	readonly waiting: number;
}

/** Failures come first, then what runs; where there is room, a row of context is kept on either side. */
function shareRows(state: LiveState, rows: number): Shares {
	const settledWanted = Math.min(state.settled.length, MOST_SETTLED);
	const waitingWanted = state.outcome === null ? Math.min(state.counts.waiting, MOST_WAITING) : 0;
	const runningWanted = runningTasks(state, rows).length;
	const failures = Math.min(state.failures.length, runningWanted > 0 ? Math.ceil(rows / 3) : rows);
	const context = rows - failures >= 4 ? Math.min(1, settledWanted) + Math.min(1, waitingWanted) : 0;
	const running = Math.min(runningWanted, rows - failures - context);
	const rest = rows - failures - running;
	const waiting = Math.min(waitingWanted, Math.max(rest - settledWanted, Math.ceil(rest / 3)));
	return { settled: Math.min(settledWanted, rest - waiting), failures, running, waiting };
}

/** The first `count` running tasks: the longest at work, where trouble shows first. */
function runningTasks(state: LiveState, count: number): LiveTask[] {
	return state.running
		.values()
		.filter((task) => !task.isJoin)
		.take(count)
		.toArray();
}

/** Those that only want a free place, then the first ones in the graph's topological order. */
function nextWaiting(state: LiveState, count: number): LiveTask[] {
	const ready: LiveTask[] = [];
	const held: LiveTask[] = [];
	if (count === 0) return ready;
	for (const task of state.tasks.values()) {
		if (task.status !== 'waiting' || task.isJoin) continue;
		const list = task.unmet === 0 ? ready : held;
		if (list.length < count) list.push(task);
		if (ready.length === count) break;
	}
	return [...ready, ...held].slice(0, count);
}
