import type { TaskId } from '../../core/brand.ts';
import type { PlanState } from '../plan.ts';
import { spanLabel } from '../span-label.ts';
import type { EdgeReason, Graph, TaskNode } from '../types.ts';

/** What a drawing may colour a task by: a probed state, or how a run ended. */
export type NodeState = PlanState | 'failed';
export type States = ReadonlyMap<TaskId, NodeState>;

export interface DrawOptions {
	/** Colours tasks by state instead of by kind. A task that is not in it is drawn plain. */
	readonly states?: States;
}

/** One box of a drawing. `key` is safe in every drawing language: names never are. */
export interface Box {
	readonly key: string;
	readonly id: TaskId;
	readonly label: string;
	readonly kind: string;
	readonly irreversible: boolean;
	readonly state: NodeState | null;
}

export interface Arrow {
	readonly from: string;
	readonly to: string;
	/** Why, and the source line when a file asked for it. */
	readonly reason: string;
	/** Between two repositories, or through a barrier. */
	readonly crosses: boolean;
}

/** A graph laid out for drawing: a group for each repository, joins and once-only tasks outside. */
export interface Picture {
	readonly name: string;
	readonly groups: readonly { readonly repo: string; readonly boxes: readonly Box[] }[];
	readonly joins: readonly Box[];
	readonly loose: readonly Box[];
	readonly arrows: readonly Arrow[];
}

/** Sorts a graph into what DOT and Mermaid draw alike. */
export function pictureOf(graph: Graph, options: DrawOptions = {}): Picture {
	const groups = new Map<string, Box[]>();
	const joins: Box[] = [];
	const loose: Box[] = [];
	const keys = new Map<TaskId, string>();
	for (const node of graph.nodes.values()) {
		const key = `n${keys.size}`;
		keys.set(node.id, key);
		const box = boxOf(node, key, options.states?.get(node.id) ?? null);
		if (node.kind === 'barrier') joins.push(box);
		else if (node.repo === null) loose.push(box);
		else groupOf(groups, node.repo).push(box);
	}
	return {
		name: graph.name,
		groups: [...groups].map(([repo, boxes]) => ({ repo, boxes })),
		joins,
		loose,
		arrows: graph.edges.map((edge) => arrowOf(edge, graph, keys)),
	};
}

function groupOf(groups: Map<string, Box[]>, repo: string): Box[] {
	const boxes = groups.get(repo) ?? [];
	groups.set(repo, boxes);
	return boxes;
}

function boxOf(node: TaskNode, key: string, state: NodeState | null): Box {
	const { id, kind, irreversible } = node;
	return { key, id, label: shortName(node), kind, irreversible, state };
}

/** The part of an id that its surroundings do not say already: `qa-gate` inside its repository, `gated` at a join. */
export function shortName(node: Pick<TaskNode, 'id' | 'kind'> & { readonly repo: string | null }): string {
	if (node.kind === 'barrier') return node.id.replace(/^barrier:/, '');
	const suffix = `:${node.repo}`;
	return node.repo !== null && node.id.endsWith(suffix) ? node.id.slice(0, -suffix.length) : node.id;
}

function arrowOf(edge: EdgeReason, graph: Graph, keys: ReadonlyMap<TaskId, string>): Arrow {
	const from = graph.nodes.get(edge.from);
	const to = graph.nodes.get(edge.to);
	return {
		from: keys.get(edge.from) ?? '',
		to: keys.get(edge.to) ?? '',
		reason: edge.at ? `${edge.reason} (${spanLabel(edge.at)})` : edge.reason,
		crosses: from?.repo !== to?.repo,
	};
}
