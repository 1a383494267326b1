import type { Graph } from '../../src/graph/types.ts';
import type { RunEvent } from '../../src/runner/events.ts';
import type { Journal } from '../../src/runner/journal.ts';
import { type RunResult, runGraph } from '../../src/runner/run.ts';
import { context, kinds, type Toy } from './toys.ts';

export const RUN = 'run-1';

export interface Wired {
	readonly jobs?: number;
	readonly stop?: AbortSignal;
	readonly journal: Journal;
	readonly sink: (event: RunEvent) => void;
}

/** Starts a graph of toys. */
export function start(
	of: Graph,
	toys: Readonly<Record<string, Toy>>,
	{ journal, sink, jobs = 4, stop }: Wired,
): Promise<RunResult> {
	return runGraph(of, {
		run: RUN,
		jobs,
		journal,
		sink,
		stop: stop ?? new AbortController().signal,
		contextOf: (node, output) => context(node.repo, output),
		kindOf: kinds(toys),
	});
}

/** Keeps nothing: for runs whose journal is not looked at. */
export const NO_JOURNAL: Journal = { path: '', append: async () => undefined, close: async () => undefined };
