/** One thing waits for another. */
export interface Edge {
	readonly from: string;
	readonly to: string;
}

/** Enough to mend the file by; a tangle of thousands of edges must not print thousands of circles. */
const MOST_CYCLES = 10;
/** Steps of one circle that a message shows. */
const LONGEST_TEXT = 12;

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

/** A circle for people: each edge with its reason. Of a very long one, the beginning and the end. */
export function cycleText<E extends Edge>(cycle: readonly E[], reason: (edge: E) => string): string {
	const steps = cycle.map((edge) => `${edge.from} → ${edge.to} (${reason(edge)})`);
	const hidden = steps.length - LONGEST_TEXT;
	if (hidden > 1) steps.splice(LONGEST_TEXT - 1, hidden, `… ${hidden} more …`);
	return `a circle, in which none can be first: ${steps.join(', ')}`;
}

interface Search<E> extends Edge {
	readonly inside: (edge: E) => boolean;
}

/** Breadth first; both ends are of one component, so that there is a way. */
function shortestWay<E extends Edge>(
	outgoing: ReadonlyMap<string, readonly E[]>,
	{ from, to, inside }: Search<E>,
): E[] {
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
	/** The earliest visit that can be reached from here and is in no component yet. */
	low: number;
	readonly rest: Iterator<E>;
}

interface Walk<E> {
	readonly outgoing: ReadonlyMap<string, readonly E[]>;
	readonly component: Map<string, number>;
	readonly visits: Map<string, Visit<E>>;
	/** Visited names that are in no component yet. */
	readonly unassigned: Visit<E>[];
	/** From where the walk began to where it is. */
	readonly path: Visit<E>[];
}

/** Tarjan's strongly connected components, with our own stack: for each name the number of its component. */
function components<E extends Edge>(outgoing: ReadonlyMap<string, readonly E[]>): Map<string, number> {
	const walk: Walk<E> = { outgoing, component: new Map(), visits: new Map(), unassigned: [], path: [] };
	for (const start of outgoing.keys()) {
		if (!walk.visits.has(start)) enter(walk, start);
		for (let visit = walk.path.at(-1); visit; visit = walk.path.at(-1)) {
			const step = visit.rest.next();
			if (step.done) leave(walk, visit);
			else follow(walk, visit, step.value.to);
		}
	}
	return walk.component;
}

function enter<E extends Edge>({ outgoing, visits, unassigned, path }: Walk<E>, name: string): void {
	const rest = (outgoing.get(name) ?? [])[Symbol.iterator]();
	const visit = { name, index: visits.size, low: visits.size, rest };
	visits.set(name, visit);
	unassigned.push(visit);
	path.push(visit);
}

function follow<E extends Edge>(walk: Walk<E>, visit: Visit<E>, to: string): void {
	const known = walk.visits.get(to);
	if (!known) enter(walk, to);
	else if (!walk.component.has(to)) visit.low = Math.min(visit.low, known.index);
}

/** What is above a root on the stack is its component. */
function leave<E extends Edge>({ component, unassigned, path }: Walk<E>, visit: Visit<E>): void {
	path.pop();
	const parent = path.at(-1);
	if (parent) parent.low = Math.min(parent.low, visit.low);
	if (visit.low !== visit.index) return;
	for (let member = unassigned.pop(); member; member = unassigned.pop()) {
		component.set(member.name, visit.index);
		if (member === visit) break;
	}
}
