import { type Diagnostic, distinct, refuse } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import type { Plan, PlanNode } from '../graph/plan.ts';
import type { Graph, TaskNode } from '../graph/types.ts';
import type { TaskContext } from '../tasks/contract.ts';
import type { KindOf } from '../tasks/registry.ts';
import { type Probed, probeTask } from './probe.ts';

export interface PlannedGraph {
	readonly plan: Plan;
	/** All that blocks or could not be read, each once, in the order of the graph. */
	readonly findings: readonly Diagnostic[];
}

export interface PlanOptions {
	readonly jobs: number;
	readonly contextOf: (node: TaskNode) => TaskContext;
	readonly onProbed?: (node: TaskNode, probed: Probed) => void;
	/** Once aborted no further task is probed, and the answer is Refusal `stopped`. */
	readonly stop?: AbortSignal;
	/** Those of tasks/registry.ts when absent. */
	readonly kindOf?: KindOf;
}

/** Probes every task of a graph, reads only, and gives the plan document (4-cli.md, "Output"). */
export async function planGraph(graph: Graph, options: PlanOptions): Promise<PlannedGraph> {
	const nodes = [...graph.nodes.values()];
	const probed = new Map<TaskNode, Probed>();
	let next = 0;
	const worker = async () => {
		for (let node = nodes[next++]; node !== undefined; node = nodes[next++]) {
			if (options.stop?.aborted) return;
			const found = await probeTask(node, options.contextOf(node), options.kindOf);
			probed.set(node, found);
			options.onProbed?.(node, found);
		}
	};
	await Promise.all(Array.from({ length: options.jobs }, worker));
	if (options.stop?.aborted) refuse('stopped', 'stopped by a signal before anything was begun');
	const found = nodes.map((node) => ({ node, probed: probed.get(node) as Probed }));
	return {
		plan: {
			schema: 'slipway.plan/1',
			train: graph.name,
			nodes: found.map(({ node, probed: seen }) => planNode(node, seen)),
			observed: observedFacts(found),
		},
		findings: distinct(found.flatMap(({ probed: seen }) => seen.findings)),
	};
}

function planNode(node: TaskNode, { state, reasons, change }: Probed): PlanNode {
	const { id, kind, repo, needs, irreversible } = node;
	return { id, kind, repo, needs, state, reasons, change, irreversible };
}

/** The evidence behind every done task: the facts that the plan stands on. */
function observedFacts(found: readonly { node: TaskNode; probed: Probed }[]): JsonObject {
	const facts: [string, JsonObject][] = [];
	for (const { node, probed } of found) {
		if (probed.evidence && Object.keys(probed.evidence).length > 0) facts.push([node.id, probed.evidence]);
	}
	return Object.fromEntries(facts);
}
