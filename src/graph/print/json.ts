import type { TaskId } from '../../core/brand.ts';
import type { PlanNode } from '../plan.ts';
import { spanLabel } from '../span-label.ts';
import type { Graph } from '../types.ts';

/** `graph --json` (4-cli.md): a plan document without states, and the reason of each edge. */
export interface GraphDocument {
	readonly schema: 'slipway.plan/1';
	/** Null where the graph is drawn from the file alone. */
	readonly train: string | null;
	readonly nodes: readonly Omit<PlanNode, 'state' | 'reasons' | 'change'>[];
	readonly edges: readonly {
		readonly from: TaskId;
		readonly to: TaskId;
		readonly reason: string;
		/** `release_repos.yml:12`, where the file asked for the edge. */
		readonly at?: string;
	}[];
}

/** The document of a graph, in its topological order; equal graphs give equal documents on every machine. */
export function graphDocument(graph: Graph, train: string | null): GraphDocument {
	return {
		schema: 'slipway.plan/1',
		train,
		nodes: [...graph.nodes.values()].map(({ id, kind, repo, needs, irreversible }) => ({
			id,
			kind,
			repo,
			needs,
			irreversible,
		})),
		edges: graph.edges.map(({ from, to, reason, at }) => ({ from, to, reason, ...(at && { at: spanLabel(at) }) })),
	};
}
