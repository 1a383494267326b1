import { randomBytes } from 'node:crypto';
import type { Config } from '../config/types.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { SavedPlan } from '../graph/saved-plan.ts';
import type { Graph } from '../graph/types.ts';
import { stateDir } from '../io/state-dir.ts';
import { holdsTrainLock } from '../io/train-lock.ts';
import { openJournal } from '../runner/journal.ts';
import { planReview } from '../runner/plan-review.ts';
import { type RunResult, runGraph } from '../runner/run.ts';
import { otpAsker } from './one-time-passwords.ts';
import type { OpenedWorld } from './open-world.ts';
import { openRunView } from './run-view.ts';
import { printDiagnostics, type Session } from './session.ts';

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
	/** The saved plan that this run is held to; from its first entry on, the journal says that it was begun. */
	readonly saved?: SavedPlan;
}

/**
 * Runs a graph with its journal and its view; both are closed whatever happens. A lock that was lost
 * stops the run before its next change, and is told.
 */
export async function executeGraph(input: ExecuteInput): Promise<RunResult> {
	const { session, config, opened, graph, run, jobs } = input;
	const lock = watchLock(input);
	const journal = await openJournal({ state: stateDir(config.dir), run, redact: session.redact });
	const view = await openRunView(session);
	opened.useGraph(graph);
	opened.world.otp.askBy(otpAsker(session, view));
	const onStop = () => view.stopping();
	session.stop.addEventListener('abort', onStop);
	try {
		const tasks = [...graph.nodes.values()].map(({ id, kind }) => ({ id, kind }));
		const { command, saved } = input;
		const plan = saved ? { plan: saved.digest } : {};
		await journal.append({ type: 'run', data: { name: graph.name, command, by: opened.world.by, tasks, ...plan } });
		const stop = AbortSignal.any([session.stop, lock.lost]);
		const { isHeld } = lock;
		const held = saved ? { review: planReview(saved, session.redact) } : {};
		const { contextOf } = opened;
		return await runGraph(graph, { run, jobs, journal, sink: view.sink, stop, isHeld, contextOf, ...held });
	} finally {
		session.stop.removeEventListener('abort', onStop);
		opened.world.otp.askBy(null);
		await view.close();
		await journal.close();
		if (lock.lost.aborted) printDiagnostics(session, { diagnostics: [LOCK_LOST] });
	}
}

const LOCK_LOST: Diagnostic = {
	code: 'lock-lost',
	severity: 'error',
	summary: 'the lock of this train was taken away while it ran; nothing more was begun',
	hint: 'see with `slipway status` who works here now; then run the same command again',
};

/** The heartbeat notices a loss within seconds; the owner file is read before each change, so that none is begun without it. */
function watchLock({ config, run, lost }: ExecuteInput): { lost: AbortSignal; isHeld: () => Promise<boolean> } {
	const gone = new AbortController();
	const either = AbortSignal.any([lost, gone.signal]);
	const isHeld = async () => {
		if (!(await holdsTrainLock(stateDir(config.dir), run))) gone.abort();
		return !either.aborted;
	};
	return { lost: either, isHeld };
}
