import { Graph as Adjacency } from '@dagrejs/graphlib';
import { Heap } from './heap.ts';

/*
 * The one door to graphlib. It is used for what it does well: adjacency in both directions in
 * constant time, labels on edges, and the ends of a graph. Its walks are not used, because topsort,
 * components, tarjan, findCycles and postorder all recurse and overflow the stack on a chain of a few thousand
 * tasks, and findCycles gives a component where a person needs a path. Two more traps are closed
 * here: `setEdge` would create unknown nodes, and ids such as `__proto__` would break its objects.
 * So nodes are known to it by their position (`"0"`, `"1"`, …), and endpoints are checked first.
 * Such keys also list in ascending order, which makes every walk below follow the order of declaration.
 */

/** A directed graph over ids of any spelling; `Label` is carried by each edge. */
export class Digraph<Id extends string, Label = undefined> {
	readonly #adjacency = new Adjacency<undefined, undefined, Label>();
	readonly #ids: Id[] = [];
	readonly #positions = new Map<Id, number>();

	get size(): number {
		return this.#ids.length;
	}

	/** The ids in the order of their declaration. */
	get ids(): readonly Id[] {
		return this.#ids;
	}

	has(id: Id): boolean {
		return this.#positions.has(id);
	}

	/** Adds a node. Throws on an id that is already there: two tasks with one name are our own bug. */
	add(id: Id): void {
		if (this.#positions.has(id)) throw new Error(`the graph already has ${id}`);
		const position = this.#ids.push(id) - 1;
		this.#positions.set(id, position);
		this.#adjacency.setNode(String(position));
	}

	/** Adds an edge, or replaces its label. Throws when an end is not a node: that is our own bug. */
	link(from: Id, to: Id, label: Label): void {
		this.#adjacency.setEdge(this.#key(from, `an edge to ${to}`), this.#key(to, `an edge from ${from}`), label);
	}

	/** The label of an edge; undefined when there is no such edge. Throws when an end is not a node. */
	label(from: Id, to: Id): Label | undefined {
		return this.#adjacency.edge(this.#key(from, `an edge to ${to}`), this.#key(to, `an edge from ${from}`));
	}

	successors(id: Id): Id[] {
		return this.#idsOf(this.#adjacency.successors(this.#key(id, 'a walk')));
	}

	predecessors(id: Id): Id[] {
		return this.#idsOf(this.#adjacency.predecessors(this.#key(id, 'a walk')));
	}

	/** What nothing waits for. */
	sinks(): Id[] {
		return this.#idsOf(this.#adjacency.sinks());
	}

	/** Place in the order of declaration, from 0. Throws on an unknown id. */
	position(id: Id): number {
		return Number(this.#key(id, 'a position'));
	}

	#key(id: Id, use: string): string {
		const position = this.#positions.get(id);
		if (position === undefined) throw new Error(`${use} names ${id}, which the graph does not have`);
		return String(position);
	}

	#idsOf(keys: readonly string[] | undefined): Id[] {
		return (keys ?? []).map((key) => this.#ids[Number(key)] as Id);
	}
}

/**
 * Kahn's order: each node after all its predecessors, ties by order of declaration. Iterative,
 * O((n + e) log n). Gives null when there is a cycle, which `findCycle` then names.
 */
export function topologicalOrder<Id extends string>(graph: Digraph<Id, unknown>): readonly Id[] | null {
	const open = new Heap<number>((a, b) => a < b);
	const waiting = graph.ids.map((id) => graph.predecessors(id).length);
	for (const [position, count] of waiting.entries()) if (count === 0) open.push(position);
	const order: Id[] = [];
	for (let at = open.pop(); at !== undefined; at = open.pop()) {
		const id = graph.ids[at] as Id;
		order.push(id);
		for (const next of graph.successors(id)) {
			const position = graph.position(next);
			const left = (waiting[position] as number) - 1;
			waiting[position] = left;
			if (left === 0) open.push(position);
		}
	}
	return order.length === graph.size ? order : null;
}

/**
 * One cycle as a path `[a, b, c]`, which stands for a → b → c → a, or null when there is none.
 * Deterministic; the shortest of those that run through its first node. Iterative, O(n + e).
 */
export function findCycle<Id extends string>(graph: Digraph<Id, unknown>): readonly Id[] | null {
	const member = memberOfCycle(graph);
	return member === null ? null : shortestLoop(graph, member);
}

/** Depth first with an explicit stack: an edge back into the open path proves a cycle. */
function memberOfCycle<Id extends string>(graph: Digraph<Id, unknown>): Id | null {
	const state = new Map<Id, 'open' | 'closed'>();
	for (const root of graph.ids) {
		if (state.has(root)) continue;
		state.set(root, 'open');
		const path = [{ id: root, rest: graph.successors(root).values() }];
		for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
			const step = top.rest.next();
			if (step.done) {
				state.set(top.id, 'closed');
				path.pop();
			} else if (state.get(step.value) === 'open') {
				return step.value;
			} else if (!state.has(step.value)) {
				state.set(step.value, 'open');
				path.push({ id: step.value, rest: graph.successors(step.value).values() });
			}
		}
	}
	return null;
}

/** Breadth first from a node of a cycle until the walk is back at it. */
function shortestLoop<Id extends string>(graph: Digraph<Id, unknown>, start: Id): readonly Id[] {
	const cameFrom = new Map<Id, Id>();
	const queue: Id[] = [start];
	for (const id of queue) {
		for (const next of graph.successors(id)) {
			if (next === start) return pathBack(cameFrom, id);
			if (cameFrom.has(next)) continue;
			cameFrom.set(next, id);
			queue.push(next);
		}
	}
	throw new Error(`${start} is on no cycle`);
}

function pathBack<Id extends string>(cameFrom: ReadonlyMap<Id, Id>, last: Id): readonly Id[] {
	const path: Id[] = [];
	for (let id: Id | undefined = last; id !== undefined; id = cameFrom.get(id)) path.push(id);
	return path.reverse();
}

/**
 * For each node its own weight plus the heaviest path behind it (its bottom level): what starts
 * first so that the whole ends soonest. Iterative. Throws on a cycle.
 */
export function longestRemaining<Id extends string>(
	graph: Digraph<Id, unknown>,
	weightOf: (id: Id) => number,
): ReadonlyMap<Id, number> {
	const order = topologicalOrder(graph);
	if (order === null) throw new Error(`a cycle has no longest path: ${findCycle(graph)?.join(' → ')}`);
	const remaining = new Map<Id, number>();
	for (const id of order.toReversed()) {
		let behind = 0;
		for (const next of graph.successors(id)) behind = Math.max(behind, remaining.get(next) as number);
		remaining.set(id, weightOf(id) + behind);
	}
	return remaining;
}

/** Everything that must be settled before one of `starts`; they are part of it only when they need each other. */
export function ancestors<Id extends string>(graph: Digraph<Id, unknown>, starts: Iterable<Id>): ReadonlySet<Id> {
	return reach(starts, (id) => graph.predecessors(id));
}

/** Everything that waits for one of `starts`; they are part of it only when they need each other. */
export function descendants<Id extends string>(graph: Digraph<Id, unknown>, starts: Iterable<Id>): ReadonlySet<Id> {
	return reach(starts, (id) => graph.successors(id));
}

function reach<Id>(starts: Iterable<Id>, neighbours: (id: Id) => readonly Id[]): ReadonlySet<Id> {
	const reached = new Set<Id>();
	const open = [...starts];
	for (let id = open.pop(); id !== undefined; id = open.pop()) {
		for (const next of neighbours(id)) {
			if (reached.has(next)) continue;
			reached.add(next);
			open.push(next);
		}
	}
	return reached;
}

/** The graph of nodes that name their needs. Throws when a need is not among them, or an id comes twice. */
export function digraphOf<Id extends string>(
	nodes: Iterable<{ readonly id: Id; readonly needs: readonly Id[] }>,
): Digraph<Id> {
	const graph = new Digraph<Id>();
	const all = [...nodes];
	for (const node of all) graph.add(node.id);
	for (const node of all) for (const need of node.needs) graph.link(need, node.id, undefined);
	return graph;
}
