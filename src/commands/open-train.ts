import type { Config } from '../config/types.ts';
import { refuse } from '../core/diagnostic.ts';
import type { Graph } from '../graph/types.ts';
import type { RecordStore } from '../record/store.ts';
import type { ReleaseRecord } from '../record/types.ts';
import { type PlannedGraph, planGraph } from '../runner/plan.ts';
import { type OpenedWorld, openWorld, recordHandle, type WorldInput } from './open-world.ts';
import { type LoadedPlan, refuseOtherRelease } from './saved-plan.ts';
import type { Session } from './session.ts';
import { trainGraph } from './train.ts';

export interface Opening {
	readonly session: Session;
	readonly config: Config;
	readonly store: RecordStore;
	/** The saved plan that was given, if any. */
	readonly saved: LoadedPlan | null;
}

/** The train of the active record, compiled, with the world that its tasks may touch. */
export interface Train extends Opening {
	readonly record: ReleaseRecord;
	readonly graph: Graph;
	readonly opened: OpenedWorld;
	readonly jobs: number;
}

export interface TrainOptions {
	readonly jobs?: number;
	readonly by?: string;
	/** Of the world; `shared` only with the train's lock held. */
	readonly workspaces?: WorldInput['workspaces'];
}

/** Throws Refusal `not-assembled`, or `stale-plan` for the plan of another release. The caller closes the world. */
export async function openTrain(opening: Opening, options: TrainOptions): Promise<Train> {
	const { session, config, store, saved } = opening;
	const loaded = await store.load();
	if (saved) refuseOtherRelease(saved, loaded);
	const record = shippable(loaded);
	const graph = trainGraph(config, record);
	const opened = await openWorld({
		session,
		config,
		record: recordHandle(store, record),
		by: options.by ?? session.by,
		workspaces: options.workspaces ?? 'own',
	});
	opened.useGraph(graph);
	return { ...opening, record, graph, opened, jobs: options.jobs ?? config.train.concurrency };
}

/** Only `assembled` ships (2-train.md §2); a shipped record may be looked at again, and finds nothing to do. */
function shippable(record: ReleaseRecord | null): ReleaseRecord {
	if (record === null) refuse('not-assembled', 'there is no release record', { hint: 'run `slipway prepare` first' });
	if (record.state === 'assembled' || record.state === 'shipped') return record;
	const hint =
		record.state === 'assembling'
			? 'run `slipway prepare` until it is assembled'
			: 'run `slipway prepare` to start a new one';
	refuse('not-assembled', `${record.slug} is ${record.state}; only an assembled release ships`, { hint });
}

/** Probes every task; reads only. Throws Refusal `stopped` after a signal. */
export function planTrain({ session, graph, opened, jobs }: Train): Promise<PlannedGraph> {
	return planGraph(graph, { jobs, contextOf: opened.contextOf, stop: session.stop });
}
