import { Refusal } from '../core/diagnostic.ts';
import { readTrainLock } from '../io/train-lock.ts';
import { isActive } from '../record/transitions.ts';
import type { ReleaseRecord } from '../record/types.ts';
import { listRuns, readJournal } from '../runner/journal.ts';
import { type RunLog, readRunLog } from '../runner/run-log.ts';
import type { FullReport } from '../ui/full-report.ts';
import { isVisible } from './run-report.ts';

/** A run as `history` lists it. A journal that is damaged hides no other. */
export type KnownRun = { readonly run: string } & (
	| { readonly log: RunLog; readonly outcome: FullReport['outcome'] }
	| { readonly log: null; readonly outcome: 'damaged' }
);

/** Every run of a state folder, the newest first. */
export async function loadRuns(state: string): Promise<readonly KnownRun[]> {
	const holder = await findRunning(state);
	const runs = await Promise.all((await listRuns(state)).map((run) => loadRun(state, run, holder)));
	return runs.sort((a, b) => startOf(b).localeCompare(startOf(a)));
}

/** Ids of one second come in no order; a damaged journal has its id alone to go by. */
function startOf({ run, log }: KnownRun): string {
	return log?.startedAt ?? run.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d).*$/, '$1-$2-$3T$4:$5:$6');
}

async function loadRun(state: string, run: string, holder: string | null): Promise<KnownRun> {
	try {
		const log = readRunLog((await readJournal(state, run)).entries);
		return { run, log, outcome: log.outcome ?? (run === holder ? 'running' : 'killed') };
	} catch (error) {
		if (error instanceof Refusal) return { run, log: null, outcome: 'damaged' };
		throw error;
	}
}

/** The run whose process holds the train's lock and lives. */
async function findRunning(state: string): Promise<string | null> {
	const lock = await readTrainLock(state);
	return lock && !lock.dead ? (lock.owner?.run ?? null) : null;
}

export interface Surroundings {
	/** Every run, the newest first. */
	readonly runs: readonly KnownRun[];
	readonly records: readonly ReleaseRecord[];
}

/** The release that a run was about; null for a run of none, or a damaged one. Pure. */
export function releaseOf({ log }: Pick<KnownRun, 'log'>, records: readonly ReleaseRecord[]): ReleaseRecord | null {
	// A train is named by its slug; a preparation by `prepare` and the slug.
	const slug = log?.name.split(' ').at(-1);
	return records.find((one) => one.slug === slug) ?? null;
}

/** What a run did, and what that means now: what is live, what was never begun, how to go on. Pure. */
export function storyOf(known: Extract<KnownRun, { log: RunLog }>, { runs, records }: Surroundings): FullReport {
	const { run, log, outcome } = known;
	const record = releaseOf(known, records);
	const newer = runs.slice(
		0,
		runs.findIndex((one) => one.run === run),
	);
	const madeGood = newer.some((one) => one.log?.name === log.name && one.outcome === 'done');
	const over = record !== null && !isActive(record);
	const hasEnded = outcome !== 'done' && outcome !== 'running';
	return {
		...log,
		run,
		outcome,
		recordState: record?.state ?? null,
		live: log.tasks.filter(isVisible).map(({ task, evidence }) => ({ task, evidence: evidence ?? {} })),
		notStarted: log.tasks
			.filter((one) => one.outcome === 'not_started' && one.kind !== 'barrier')
			.map(({ task }) => task),
		resume: hasEnded && !madeGood && !over ? `slipway ${goingOn(log.command)}` : null,
	};
}

/** A saved plan is good once: what goes on after one is the train itself. */
function goingOn(command: string): string {
	return command.startsWith('ship ') ? 'ship' : command;
}
