import { randomBytes } from 'node:crypto';
import type { Config } from '../config/types.ts';
import type { Graph } from '../graph/types.ts';
import { stateDir } from '../io/state-dir.ts';
import { openJournal } from '../runner/journal.ts';
import { type RunResult, runGraph } from '../runner/run.ts';
import type { OpenedWorld } from './open-world.ts';
import { openRunView } from './run-view.ts';
import type { Session } from './session.ts';

/** `20260102T030405-1a2b`: sorts by time, and names the folder of the run's journal. */
export function newRunId(at: Date = new Date()): string {
	const stamp = at.toISOString().replace(/[-:]|\.\d+Z$/g, '');
	return `${stamp}-${randomBytes(2).toString('hex')}`;
}

export interface ExecuteInput {
	readonly session: Session;
	readonly config: Config;
	readonly opened: OpenedWorld;
	readonly graph: Graph;
	readonly run: string;
	/** What was typed, for the journal. */
	readonly command: string;
	readonly jobs: number;
	/** Aborted when the train's lock was lost. */
	readonly lost: AbortSignal;
}

/** Runs a graph with its journal and its view; both are closed whatever happens. */
export async function executeGraph(input: ExecuteInput): Promise<RunResult> {
	const { session, config, opened, graph, run, jobs } = input;
	const journal = await openJournal({ state: stateDir(config.dir), run, redact: session.redact });
	const view = await openRunView(session);
	opened.useGraph(graph);
	try {
		await journal.append({ type: 'run', data: { name: graph.name, command: input.command, by: opened.world.by } });
		const stop = AbortSignal.any([session.stop, input.lost]);
		return await runGraph(graph, { run, jobs, journal, sink: view.sink, stop, contextOf: opened.contextOf });
	} finally {
		await view.close();
		await journal.close();
	}
}
