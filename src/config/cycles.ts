/** One thing waits for another. */
export interface Edge {
	readonly from: string;
	readonly to: string;
}

/** Enough to mend the file by; a tangle of thousands of edges must not print thousands of circles. */
const MOST_CYCLES = 10;

/**
 * Circles among edges, each as the edges that lead around it, beginning with the edge that is declared
 * first. Every edge that lies on a circle is part of a circle that is given, up to ten of them. Each is
 * as short as its first edge allows. Names that only edges mention are fine. Iterative: a chain of any
 * length is safe. Linear, but for one search for each circle given.
 */
export function findCycles<E extends Edge>(edges: readonly E[]): E[][] {
	const outgoing = Map.groupBy(edges, (edge) => edge.from);
	const component = components(outgoing);
	const covered = new Set<E>();
	const cycles: E[][] = [];
	for (const edge of edges) {
		if (cycles.length === MOST_CYCLES) break;
		if (covered.has(edge) || component.get(edge.from) !== component.get(edge.to)) continue;
		const inside = (next: E) => component.get(next.to) === component.get(edge.from);
		const cycle = [edge, ...shortestWay(outgoing, { from: edge.to, to: edge.from, inside })];
		for (const part of cycle) covered.add(part);
		cycles.push(cycle);
	}
	return cycles;
}

interface Search<E> extends Edge {
	readonly inside: (edge: E) => boolean;
}

/** Breadth first; both ends are of one component, so that there is a way. */
function shortestWay<E extends Edge>(outgoing: ReadonlyMap<string, readonly E[]>, { from, to, inside }: Search<E>): E[] {
	const reachedBy = new Map<string, E | null>([[from, null]]);
	for (const name of reachedBy.keys()) {
		if (name === to) break;
		for (const edge of outgoing.get(name) ?? []) {
			if (inside(edge) && !reachedBy.has(edge.to)) reachedBy.set(edge.to, edge);
		}
	}
	const way: E[] = [];
	for (let edge = reachedBy.get(to); edge; edge = reachedBy.get(edge.from)) way.push(edge);
	return way.reverse();
}

interface Visit<E> {
	readonly name: string;
	readonly index: number;
	low: number;
	readonly rest: Iterator<E>;
}

/** Tarjan's strongly connected components, with our own stack: for each name the number of its component. */
function components<E extends Edge>(outgoing: ReadonlyMap<string, readonly E[]>): Map<string, number> {
	const component = new Map<string, number>();
	const visits = new Map<string, Visit<E>>();
	const unassigned: Visit<E>[] = [];
	const path: Visit<E>[] = [];
	const enter = (name: string) => {
		const rest = (outgoing.get(name) ?? [])[Symbol.iterator]();
		const visit = { name, index: visits.size, low: visits.size, rest };
		visits.set(name, visit);
		unassigned.push(visit);
		path.push(visit);
	};
	for (const start of outgoing.keys()) {
		if (!visits.has(start)) enter(start);
		for (let visit = path.at(-1); visit; visit = path.at(-1)) {
			const step = visit.rest.next();
			if (step.done) {
				path.pop();
				const parent = path.at(-1);
				if (parent) parent.low = Math.min(parent.low, visit.low);
				if (visit.low === visit.index) close(visit, unassigned, component);
				continue;
			}
			const known = visits.get(step.value.to);
			if (!known) enter(step.value.to);
			else if (!component.has(known.name)) visit.low = Math.min(visit.low, known.index);
		}
	}
	return component;
}

/** Everything above a root on the stack is its component. */
function close<E>(root: Visit<E>, unassigned: Visit<E>[], component: Map<string, number>): void {
	for (let member = unassigned.pop(); member; member = unassigned.pop()) {
		component.set(member.name, root.index);
		if (member === root) break;
	}
}
