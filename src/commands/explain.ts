import type { Config } from '../config/types.ts';
import { mapBounded } from '../core/bounded.ts';
import type { TaskId } from '../core/brand.ts';
import { refuse } from '../core/diagnostic.ts';
import { didYouMean } from '../core/suggest.ts';
import { compilePreparation } from '../graph/compile-preparation.ts';
import type { PlanState } from '../graph/plan.ts';
import { spanLabel } from '../graph/span-label.ts';
import type { Graph, TaskNode } from '../graph/types.ts';
import { stateDir } from '../io/state-dir.ts';
import { createFileStore } from '../record/file-store.ts';
import type { RecordStore } from '../record/store.ts';
import type { ReleaseRecord } from '../record/types.ts';
import { type Probed, probeTask } from '../runner/probe.ts';
import { type Explanation, type Neighbour, renderExplanation } from '../ui/explanation.ts';
import { openWorld, recordHandle } from './open-world.ts';
import { loadRuns } from './run-story.ts';
import { loadConfig, print, printJson, type Session } from './session.ts';
import { currentGraph, trainInput } from './train.ts';

const WORST_FIRST: readonly PlanState[] = ['unknown', 'blocked', 'todo'];
/** As many of its last outcomes are told. */
const LAST = 5;

/** `slipway explain TASK`: why it would run, be skipped or is blocked. Reads only. Gives the exit code. */
export async function explain(session: Session, asked: string): Promise<number> {
	const config = await loadConfig(session);
	const store = createFileStore(config.dir);
	const { graphs, record } = graphsOf(config, await store.load());
	const graph = graphs.find(({ nodes }) => nodes.has(asked as TaskId));
	if (!graph) refuseUnknown(asked, graphs);
	const explanation: Explanation = {
		...(await look({ session, config, store, record }, graph, asked as TaskId)),
		last: await lastOutcomes(config, asked),
	};
	if (session.options.json) printJson(session, { schema: 'slipway.explain/1', ...explanation });
	else print(session, session.redact(renderExplanation(explanation, session.palette)));
	return 0;
}

/** The train's tasks, then those that prepare it: a task is looked for in this order. */
function graphsOf(
	config: Config,
	loaded: ReleaseRecord | null,
): { graphs: readonly Graph[]; record: ReleaseRecord | null } {
	const { graph, record } = currentGraph(config, loaded);
	const riders = [...config.gems, ...config.apps].filter((repo) => repo.parked === null).map((repo) => repo.name);
	const members = record ? trainInput(record).members.map(({ repo }) => repo) : riders;
	const preparation = compilePreparation(config, record?.slug ?? '', members).graph;
	return { graphs: [graph, ...(preparation ? [preparation] : [])], record };
}

function refuseUnknown(asked: string, graphs: readonly Graph[]): never {
	const ids = graphs.flatMap(({ nodes }) => [...nodes.keys()]);
	const hint = didYouMean(asked, ids, '`slipway graph --verbose` lists the tasks');
	refuse('unknown-task', `there is no task ${asked}`, { hint });
}

interface Place {
	readonly session: Session;
	readonly config: Config;
	readonly store: RecordStore;
	readonly record: ReleaseRecord | null;
}

async function look(place: Place, graph: Graph, id: TaskId): Promise<Omit<Explanation, 'last'>> {
	const node = graph.nodes.get(id) as TaskNode;
	const before = graph.edges.filter(({ to }) => to === id);
	const asked = [id, ...before.map(({ from }) => from)].flatMap((task) => [task, ...behind(graph, task)]);
	const probed = await probe(place, graph, [...new Set(asked)]);
	const state = (task: TaskId) => stateOf(graph, task, probed);
	// What a join says of itself is true only when everything before it is done.
	const own = node.kind === 'barrier' && state(id) !== 'done' ? undefined : probed.get(id);
	const { reasons = [], change = null, evidence = null, findings = [] } = own ?? {};
	return {
		task: id,
		kind: node.kind,
		repo: node.repo,
		irreversible: node.irreversible,
		state: state(id),
		reasons,
		change,
		evidence,
		findings,
		needs: before.map(({ from, reason, at }): Neighbour => {
			const open = behind(graph, from).filter((task) => state(task) !== null && state(task) !== 'done');
			return { task: from, state: state(from), reason, at: at ? spanLabel(at) : null, open };
		}),
		neededBy: graph.edges
			.filter(({ from }) => from === id)
			.map(
				({ to, reason, at }): Neighbour => ({
					task: to,
					state: null,
					reason,
					at: at ? spanLabel(at) : null,
					open: [],
				}),
			),
	};
}

/** The tasks that a join stands for; none for any other task. */
function behind(graph: Graph, id: TaskId): readonly TaskId[] {
	const node = graph.nodes.get(id);
	if (node?.kind !== 'barrier') return [];
	return node.needs.flatMap((need) => (graph.nodes.get(need)?.kind === 'barrier' ? behind(graph, need) : [need]));
}

/** A join has no state of its own: it is as far as what stands before it. */
function stateOf(graph: Graph, id: TaskId, probed: ReadonlyMap<TaskId, Probed>): PlanState | null {
	const own = probed.get(id)?.state ?? null;
	const states = behind(graph, id).map((task) => probed.get(task)?.state);
	return own === null ? null : (WORST_FIRST.find((state) => states.includes(state)) ?? own);
}

/** Without a release there is nothing to ask the world: no SHA is known. */
async function probe(place: Place, graph: Graph, ids: readonly TaskId[]): Promise<ReadonlyMap<TaskId, Probed>> {
	const { session, config, store, record } = place;
	if (record === null) return new Map();
	const opened = await openWorld({ session, config, record: recordHandle(store, record), by: session.by });
	try {
		opened.useGraph(graph);
		const probed = await mapBounded(ids, config.train.concurrency, async (id) => {
			const node = graph.nodes.get(id) as TaskNode;
			return [id, await probeTask(node, opened.contextOf(node))] as const;
		});
		return new Map(probed);
	} finally {
		await opened.close();
	}
}

async function lastOutcomes(config: Config, task: string): Promise<Explanation['last']> {
	const runs = await loadRuns(stateDir(config.dir));
	const told = runs.flatMap(({ run, log }) => {
		const found = log?.tasks.find((one) => one.task === task);
		if (!log || !found || found.outcome === 'not_started') return [];
		const { outcome, ms, reasons } = found;
		return [{ run, command: log.command, at: found.settledAt ?? log.startedAt, outcome, ms, reasons }];
	});
	return told.slice(0, LAST);
}
