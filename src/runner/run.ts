import type { TaskId } from '../core/brand.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import type { Graph, TaskNode } from '../graph/types.ts';
import type { TaskContext } from '../tasks/contract.ts';
import type { KindOf } from '../tasks/registry.ts';
import type { EventSink, RunEvent, RunOutcome, TaskOutcome } from './events.ts';
import { executeTask, type Settlement } from './execute.ts';
import type { Journal } from './journal.ts';
import type { Probed } from './probe.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import { createWarmer } from './warm.ts';

export interface RunOptions {
	readonly run: string;
	readonly jobs: number;
	readonly contextOf: (node: TaskNode, output: TaskContext['output']) => TaskContext;
	readonly sink: EventSink;
	readonly journal: Journal;
	/** Aborted by the first signal, or when the lock was lost: start nothing new. */
	readonly stop: AbortSignal;
	/** Asked before each change: whether the train's lock is still ours. A yes when absent. */
	readonly isHeld?: () => Promise<boolean>;
	/** Has the last word on what a probe found (plan-review.ts); as found when absent. */
	readonly review?: (node: TaskNode, probed: Probed) => Probed;
	/** Those of tasks/registry.ts when absent. */
	readonly kindOf?: KindOf;
}

export interface RunResult {
	readonly outcome: RunOutcome;
	readonly settled: ReadonlyMap<TaskId, Settlement>;
	readonly notStarted: readonly TaskId[];
	readonly counts: Readonly<Record<TaskOutcome, number>>;
	readonly ms: number;
}

/** What an event says besides when and in which run. */
type Told = RunEvent extends infer Event ? (Event extends RunEvent ? Omit<Event, 'at' | 'run'> : never) : never;

/**
 * Runs a graph: ready tasks with the longest remaining path first, at most `jobs` at once; after the
 * first failure nothing new starts and what runs is waited for. Rejects only for a bug of our own,
 * and then too after everything that runs has ended.
 */
export async function runGraph(graph: Graph, options: RunOptions): Promise<RunResult> {
	const startedAt = performance.now();
	const settled = new Map<TaskId, Settlement>();
	const schedule = createSchedule(graph.nodes.values(), { jobs: options.jobs });
	const tell = (event: Told) => options.sink({ at: new Date().toISOString(), run: options.run, ...event } as RunEvent);
	const tasks = [...graph.nodes.values()].map(({ id, kind, needs }) => ({ id, kind, needs }));
	tell({ type: 'run.started', name: graph.name, tasks });
	await runAll(graph, { ...options, schedule, settled, tell });
	const notStarted = [...graph.nodes.keys()].filter((id) => !settled.has(id));
	for (const task of notStarted) tell({ type: 'task.finished', task, outcome: 'not_started', evidence: null, ms: 0 });
	const counts = countOutcomes(settled, notStarted.length);
	const outcome = counts.failed > 0 ? 'failed' : counts.cancelled + notStarted.length > 0 ? 'cancelled' : 'done';
	const ms = Math.round(performance.now() - startedAt);
	await options.journal.append({ type: 'end', data: { outcome, counts, ms } });
	tell({ type: 'run.finished', outcome, counts, ms });
	return { outcome, settled, notStarted, counts, ms };
}

interface Running extends RunOptions {
	readonly schedule: Schedule;
	readonly settled: Map<TaskId, Settlement>;
	readonly tell: (event: Told) => void;
}

async function runAll(graph: Graph, running: Running): Promise<void> {
	const { schedule, stop, settled } = running;
	const inFlight = new Set<Promise<void>>();
	let bug: unknown = null;
	const warmer = createWarmer(graph, {
		contextOf: (node) => running.contextOf(node, () => undefined),
		...(running.kindOf ? { kindOf: running.kindOf } : {}),
	});
	const begun = new Set<TaskId>();
	const start = (id: TaskId) => {
		begun.add(id);
		schedule.started(id);
		const flight = runOne(graph.nodes.get(id) as TaskNode, running)
			.then((settlement) => {
				if (isSettled(settlement)) settled.set(id, settlement);
				schedule.settled(id, settlement.outcome);
			})
			.catch((error: unknown) => {
				bug ??= error;
				schedule.settled(id, 'failed');
			})
			.finally(() => inFlight.delete(flight));
		inFlight.add(flight);
	};
	while (!schedule.finished()) {
		if (stop.aborted) schedule.stop();
		for (const id of schedule.ready()) start(id);
		if (!stop.aborted) warmer.fill(running.jobs - inFlight.size, (id) => begun.has(id));
		if (inFlight.size > 0) await Promise.race(inFlight);
	}
	await warmer.settled();
	if (bug) throw bug;
}

/** What was stopped between its probe and its change is as if it had never been started. */
function isSettled({ outcome, began }: Settlement): boolean {
	return began || outcome !== 'cancelled';
}

async function runOne(
	node: TaskNode,
	{ tell, journal, contextOf, kindOf, stop, isHeld, review }: Running,
): Promise<Settlement> {
	const { id: task } = node;
	const context = contextOf(node, (stream, line) => tell({ type: 'task.output', task, stream, line }));
	let why: readonly string[] = [];
	const settlement = await executeTask(node, context, {
		kindOf,
		review: review && ((probed) => review(node, probed)),
		mayBegin: async () => !stop.aborted && (isHeld === undefined || (await isHeld())),
		onProbed: ({ state, reasons }) => {
			why = reasons;
			tell({ type: 'task.probed', task, state, reasons });
		},
		beforeRun: async (change) => {
			await journal.append({ type: 'intent', task, data: { kind: node.kind, reasons: why, change } });
			tell({ type: 'task.started', task, change });
		},
	});
	if (!isSettled(settlement)) return settlement;
	await journal.append({ type: settlement.began ? 'outcome' : 'note', task, data: outcomeData(settlement) });
	const { outcome, evidence, ms, reasons } = settlement;
	const error = settlement.findings[0];
	const note = reasons[0];
	tell({ type: 'task.finished', task, outcome, evidence, ms, ...(note ? { note } : {}), ...(error ? { error } : {}) });
	return settlement;
}

function outcomeData({ outcome, evidence, reasons, findings, command, ms }: Settlement): JsonObject {
	return {
		outcome,
		reasons,
		ms,
		...(evidence ? { evidence } : {}),
		...(findings.length > 0 ? { findings: findings.map(findingData) } : {}),
		...(command
			? { command: { argv: command.argv, cwd: command.cwd, exit: command.exitCode, ended: command.ended } }
			: {}),
	};
}

function findingData({ code, severity, summary, seen, hint }: Diagnostic): JsonObject {
	return { code, severity, summary, seen: seen ?? null, hint: hint ?? null };
}

function countOutcomes(settled: ReadonlyMap<TaskId, Settlement>, notStarted: number): Record<TaskOutcome, number> {
	const counts = { done: 0, skipped: 0, failed: 0, cancelled: 0, not_started: notStarted };
	for (const { outcome } of settled.values()) counts[outcome] += 1;
	return counts;
}
