import type { TaskId } from '../core/brand.ts';
import type { Graph, TaskNode } from '../graph/types.ts';
import type { TaskContext } from '../tasks/contract.ts';
import { type KindOf, kindOf as registered } from '../tasks/registry.ts';

/** Uses idle places of a run for what later tasks can have ready before their turn. */
export interface Warmer {
	/** Starts as much as `idle` places allow; `begun` says which tasks need it no more. */
	fill(idle: number, begun: (id: TaskId) => boolean): void;
	/** Resolves when nothing of it runs any more. */
	settled(): Promise<void>;
}

export interface WarmerOptions {
	readonly contextOf: (node: TaskNode) => TaskContext;
	readonly kindOf?: KindOf;
}

/** In the order of the graph, each task once. What fails here is found again, and told, when its task runs. */
export function createWarmer(graph: Graph, { contextOf, kindOf = registered }: WarmerOptions): Warmer {
	const waiting = [...graph.nodes.values()].filter((node) => kindOf(node.kind).warm !== undefined);
	const inFlight = new Set<Promise<void>>();
	const start = (node: TaskNode) => {
		const warming = Promise.resolve(kindOf(node.kind).warm?.(node.spec, contextOf(node)))
			.catch(() => undefined)
			.then(() => {
				inFlight.delete(warming);
			});
		inFlight.add(warming);
	};
	return {
		fill: (idle, begun) => {
			while (inFlight.size < idle) {
				const node = waiting.shift();
				if (node === undefined) return;
				if (!begun(node.id)) start(node);
			}
		},
		settled: async () => {
			await Promise.all(inFlight);
		},
	};
}
