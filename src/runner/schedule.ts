import type { TaskId } from '../core/brand.ts';
import { digraphOf, longestRemaining } from '../graph/algorithms.ts';
import { Heap } from '../graph/heap.ts';
import type { TaskNode } from '../graph/types.ts';
import type { TaskOutcome } from './events.ts';

export type ScheduleNode = Pick<TaskNode, 'id' | 'needs' | 'weight'>;
export type Settled = Exclude<TaskOutcome, 'not_started'>;

export interface ScheduleOptions {
	/** How many tasks may run at once, at least 1. */
	readonly jobs: number;
	/** After a failure, go on with what does not depend on it. The default starts nothing new. */
	readonly keepGoing?: boolean;
}

/** How many tasks stand where. They add up to the size of the graph. */
export type ScheduleCounts = Readonly<Record<Settled | 'running' | 'waiting', number>>;

/**
 * What may run when (ninja's Plan, 5-style.md): a state machine of three moves that knows no
 * promise, clock or console. The same moves give the same answers.
 */
export interface Schedule {
	/** What may start now, the longest remaining path first; asking changes nothing. */
	ready(): TaskId[];
	/** A task runs. Throws when it may not: a need is open, no job is free, it ran already, or all was stopped. */
	started(id: TaskId): void;
	/** A running task ended. Throws on any other. */
	settled(id: TaskId, outcome: Settled): void;
	/** Starts nothing new; what runs is waited for. */
	stop(): void;
	/** Nothing runs, and nothing will. */
	finished(): boolean;
	counts(): ScheduleCounts;
	/** What never ran, in the order of the graph. */
	notStarted(): TaskId[];
}

interface Slot {
	readonly id: TaskId;
	/** Place in the order of declaration, which breaks ties. */
	readonly place: number;
	readonly remaining: number;
	readonly dependents: readonly TaskId[];
	pending: number;
	state: 'waiting' | 'running' | Settled;
}

/**
 * Makes a schedule of nodes whose needs are all among them. Throws when they are not, on a cycle,
 * and on a number of jobs that is not a whole number from 1: all are our own bugs. Each move costs
 * O(log n) a task or edge touched, and `ready` O(jobs · log n).
 */
export function createSchedule(nodes: Iterable<ScheduleNode>, options: ScheduleOptions): Schedule {
	return new StateMachine(slotsOf([...nodes]), options);
}

class StateMachine implements Schedule {
	readonly #slots: ReadonlyMap<TaskId, Slot>;
	readonly #options: ScheduleOptions;
	readonly #open = new Heap<Slot>(
		(a, b) => a.remaining > b.remaining || (a.remaining === b.remaining && a.place < b.place),
	);
	readonly #counts: Record<keyof ScheduleCounts, number>;
	#halted = false;

	constructor(slots: ReadonlyMap<TaskId, Slot>, options: ScheduleOptions) {
		if (!Number.isInteger(options.jobs) || options.jobs < 1) throw new Error(`jobs must be 1 or more: ${options.jobs}`);
		this.#slots = slots;
		this.#options = options;
		this.#counts = { done: 0, skipped: 0, failed: 0, cancelled: 0, running: 0, waiting: slots.size };
		for (const slot of slots.values()) if (slot.pending === 0) this.#open.push(slot);
	}

	ready(): TaskId[] {
		if (this.#halted) return [];
		const offered: Slot[] = [];
		const free = this.#options.jobs - this.#counts.running;
		while (offered.length < free) {
			const slot = this.#nextWaiting();
			if (slot === undefined) break;
			offered.push(slot);
		}
		for (const slot of offered) this.#open.push(slot);
		return offered.map((slot) => slot.id);
	}

	started(id: TaskId): void {
		const slot = this.#slot(id);
		const allowed = !this.#halted && this.#counts.running < this.#options.jobs;
		if (!allowed || slot.state !== 'waiting' || slot.pending > 0) throw new Error(`${id} may not start now`);
		this.#move(slot, 'running');
	}

	settled(id: TaskId, outcome: Settled): void {
		const slot = this.#slot(id);
		if (slot.state !== 'running') throw new Error(`${id} cannot settle: it is ${slot.state}`);
		this.#move(slot, outcome);
		if (outcome === 'failed' || outcome === 'cancelled') {
			if (!this.#options.keepGoing) this.#halted = true;
			return;
		}
		for (const dependent of slot.dependents) {
			const next = this.#slot(dependent);
			next.pending -= 1;
			if (next.pending === 0) this.#open.push(next);
		}
	}

	stop(): void {
		this.#halted = true;
	}

	finished(): boolean {
		return this.#counts.running === 0 && this.ready().length === 0;
	}

	counts(): ScheduleCounts {
		return { ...this.#counts };
	}

	notStarted(): TaskId[] {
		return [...this.#slots.values()].filter((slot) => slot.state === 'waiting').map((slot) => slot.id);
	}

	/** Started tasks stay in the heap until they come up: taking them out of its middle would cost O(n). */
	#nextWaiting(): Slot | undefined {
		for (let slot = this.#open.pop(); slot !== undefined; slot = this.#open.pop()) {
			if (slot.state === 'waiting') return slot;
		}
		return undefined;
	}

	#slot(id: TaskId): Slot {
		const slot = this.#slots.get(id);
		if (slot === undefined) throw new Error(`the schedule has no ${id}`);
		return slot;
	}

	#move(slot: Slot, to: Slot['state']): void {
		this.#counts[slot.state] -= 1;
		slot.state = to;
		this.#counts[to] += 1;
	}
}

function slotsOf(nodes: readonly ScheduleNode[]): ReadonlyMap<TaskId, Slot> {
	const graph = digraphOf(nodes);
	const weights = new Map(nodes.map((node) => [node.id, node.weight]));
	const remaining = longestRemaining(graph, (id) => weights.get(id) ?? 0);
	return new Map(
		nodes.map((node, place): [TaskId, Slot] => [
			node.id,
			{
				id: node.id,
				place,
				remaining: remaining.get(node.id) ?? 0,
				dependents: graph.successors(node.id),
				pending: graph.predecessors(node.id).length,
				state: 'waiting',
			},
		]),
	);
}
