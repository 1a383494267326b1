import type { TaskId } from '../core/brand.ts';
import { unreachable } from '../core/unreachable.ts';
import type { RunEvent, RunOutcome, TaskOutcome } from '../runner/events.ts';
import { finishNote } from './describe.ts';

export type LiveStatus = 'waiting' | 'running' | TaskOutcome;

/** One task as the live view knows it. Text is as it came: it is cleaned where it is shown. */
export interface LiveTask {
	readonly id: TaskId;
	/** A barrier: it counts, and it never gets a row of its own. */
	readonly isJoin: boolean;
	readonly needs: readonly TaskId[];
	status: LiveStatus;
	/** Needs that are not settled well yet. */
	unmet: number;
	/** Milliseconds since the epoch; 0 until it starts. */
	startedAt: number;
	ms: number;
	/** The last line that its command printed. */
	output: string;
	/** What became of it, once it is settled. */
	note: string;
}

/** All that the live view knows of a run: a fold over its events, without I/O, clock or colour. */
export interface LiveState {
	startedAt: number;
	/** Null while the run goes on. */
	outcome: RunOutcome | null;
	/** A signal was taken: what runs is finished, and nothing new starts. */
	stopping: boolean;
	ms: number;
	readonly tasks: Map<TaskId, LiveTask>;
	readonly counts: Record<LiveStatus, number>;
	/** In the order in which they started. */
	readonly running: Set<LiveTask>;
	/** Done and skipped ones, latest last. */
	readonly settled: LiveTask[];
	/** Failed and cancelled ones, first one first. */
	readonly failures: LiveTask[];
	readonly dependents: Map<TaskId, LiveTask[]>;
	/** UTF-16 units of the longest id that can get a row: the id column never jumps. */
	longestId: number;
}

/** The state before the first event. */
export function createLiveState(): LiveState {
	return {
		startedAt: 0,
		outcome: null,
		stopping: false,
		ms: 0,
		tasks: new Map(),
		counts: { waiting: 0, running: 0, done: 0, skipped: 0, failed: 0, cancelled: 0, not_started: 0 },
		running: new Set(),
		settled: [],
		failures: [],
		dependents: new Map(),
		longestId: 0,
	};
}

/**
 * Takes the state one event further, in place: a run of a thousand tasks has tens of thousands of
 * output events, and each costs the same here. An event of an unknown task changes nothing.
 */
export function advance(state: LiveState, event: RunEvent): void {
	switch (event.type) {
		case 'run.started':
			begin(state, event);
			break;
		case 'task.probed':
			break;
		case 'task.started':
			start(state, event.task, Date.parse(event.at));
			break;
		case 'task.output':
			keepOutput(state, event.task, event.line);
			break;
		case 'task.finished':
			settle(state, event);
			break;
		case 'run.finished':
			state.outcome = event.outcome;
			state.ms = event.ms;
			break;
		default:
			unreachable(event);
	}
}

function begin(state: LiveState, event: Extract<RunEvent, { type: 'run.started' }>): void {
	state.startedAt = Date.parse(event.at);
	for (const { id, kind, needs } of event.tasks) {
		const isJoin = kind === 'barrier';
		const task: LiveTask = {
			id,
			isJoin,
			needs,
			status: 'waiting',
			unmet: needs.length,
			startedAt: 0,
			ms: 0,
			output: '',
			note: '',
		};
		state.tasks.set(id, task);
		if (!isJoin) state.longestId = Math.max(state.longestId, id.length);
		for (const need of needs) {
			const dependents = state.dependents.get(need);
			if (dependents) dependents.push(task);
			else state.dependents.set(need, [task]);
		}
	}
	state.counts.waiting = state.tasks.size;
}

function start(state: LiveState, id: TaskId, at: number): void {
	const task = state.tasks.get(id);
	if (!task) return;
	move(state, task, 'running');
	task.startedAt = at;
	state.running.add(task);
}

/** Blank lines are not kept: the row would look as if the task had said nothing. */
function keepOutput(state: LiveState, id: TaskId, line: string): void {
	const task = state.tasks.get(id);
	if (task && line.trim() !== '') task.output = line;
}

function settle(state: LiveState, event: Extract<RunEvent, { type: 'task.finished' }>): void {
	const task = state.tasks.get(event.task);
	if (!task) return;
	move(state, task, event.outcome);
	state.running.delete(task);
	task.ms = event.ms;
	task.note = finishNote(event);
	if (event.outcome === 'failed' || event.outcome === 'cancelled') state.failures.push(task);
	if (event.outcome !== 'done' && event.outcome !== 'skipped') return;
	if (!task.isJoin) state.settled.push(task);
	for (const dependent of state.dependents.get(task.id) ?? []) dependent.unmet -= 1;
}

function move(state: LiveState, task: LiveTask, to: LiveStatus): void {
	state.counts[task.status] -= 1;
	state.counts[to] += 1;
	task.status = to;
}
