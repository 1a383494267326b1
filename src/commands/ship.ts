import type { Config } from '../config/types.ts';
import { Refusal, refuse } from '../core/diagnostic.ts';
import { type Plan, planCounts } from '../graph/plan.ts';
import { planTree } from '../graph/print/text.ts';
import type { Graph } from '../graph/types.ts';
import { writeAtomic } from '../io/files.ts';
import { createFileStore } from '../record/file-store.ts';
import type { RecordStore } from '../record/store.ts';
import type { ReleaseRecord } from '../record/types.ts';
import { planGraph, type PlannedGraph } from '../runner/plan.ts';
import { renderSegments } from '../ui/plan-view.ts';
import { renderSummary } from '../ui/summary.ts';
import { executeGraph, newRunId } from './execute-graph.ts';
import { type OpenedWorld, openWorld, recordHandle } from './open-world.ts';
import { reportOf } from './run-report.ts';
import { loadConfig, print, printDiagnostics, printJson, say, type Session } from './session.ts';
import { trainGraph } from './train.ts';
import { withTrainLock } from './with-lock.ts';

export interface ShipOptions {
	readonly dryRun?: boolean;
	readonly out?: string;
	readonly detailedExitcode?: boolean;
	readonly yes?: boolean;
	readonly jobs?: number;
	readonly by?: string;
}

/** `slipway ship`: probes everything, refuses or asks, then runs the train. Gives the exit code. */
export async function ship(session: Session, options: ShipOptions): Promise<number> {
	const config = await loadConfig(session);
	const store = createFileStore(config.dir);
	if (options.dryRun) return dryRun({ session, config, store }, options);
	const run = newRunId();
	const by = { session, config, holder: options.by ?? session.by, run, command: 'ship' };
	return withTrainLock(by, async ({ lost }) => {
		const train = await openTrain({ session, config, store }, options);
		try {
			return await shipTrain(train, { ...options, run, lost });
		} finally {
			train.opened.close();
		}
	});
}

interface Opening {
	readonly session: Session;
	readonly config: Config;
	readonly store: RecordStore;
}

interface Train extends Opening {
	readonly record: ReleaseRecord;
	readonly graph: Graph;
	readonly opened: OpenedWorld;
	readonly jobs: number;
}

async function openTrain(opening: Opening, options: ShipOptions): Promise<Train> {
	const { session, config, store } = opening;
	const record = shippable(await store.load());
	const graph = trainGraph(config, record);
	const opened = await openWorld({ session, config, record: recordHandle(store, record), by: options.by ?? session.by });
	opened.useGraph(graph);
	return { ...opening, record, graph, opened, jobs: options.jobs ?? config.train.concurrency };
}

/** Only `assembled` ships (2-train.md §2); a shipped record may be looked at again, and finds nothing to do. */
function shippable(record: ReleaseRecord | null): ReleaseRecord {
	if (record === null) refuse('not-assembled', 'there is no release record', { hint: 'run `slipway prepare` first' });
	if (record.state === 'assembled' || record.state === 'shipped') return record;
	const hint = record.state === 'assembling' ? 'run `slipway prepare` until it is assembled' : 'run `slipway prepare` to start a new one';
	refuse('not-assembled', `${record.slug} is ${record.state}; only an assembled release ships`, { hint });
}

function planTrain({ graph, opened, jobs }: Train): Promise<PlannedGraph> {
	return planGraph(graph, { jobs, contextOf: opened.contextOf });
}

async function dryRun(opening: Opening, options: ShipOptions): Promise<number> {
	const { session } = opening;
	const train = await openTrain(opening, options);
	try {
		const { plan, findings } = await planTrain(train);
		if (options.out) await writeAtomic(options.out, session.redact(`${JSON.stringify(plan, null, 2)}\n`));
		if (session.options.json) printJson(session, plan);
		else printPlan(session, plan);
		if (findings.length > 0) printDiagnostics(session, { diagnostics: findings });
		return exitOf(plan, options.detailedExitcode === true);
	} finally {
		train.opened.close();
	}
}

function printPlan(session: Session, plan: Plan): void {
	print(session, session.redact(renderSegments(planTree(plan, session.options.verbose ? { fold: 'never' } : {}), session.palette)));
}

/** A plan that can't run is a refusal whatever was asked; the rest only with --detailed-exitcode. */
function exitOf(plan: Plan, detailed: boolean): number {
	const counts = planCounts(plan);
	if (counts.blocked > 0 || counts.unknown > 0) return 3;
	return detailed && pending(plan).length > 0 ? 5 : 0;
}

function pending(plan: Plan): Plan['nodes'] {
	return plan.nodes.filter((node) => node.state === 'todo');
}

interface Shipping extends ShipOptions {
	readonly run: string;
	readonly lost: AbortSignal;
}

async function shipTrain(train: Train, options: Shipping): Promise<number> {
	const { session, config, graph, opened, jobs } = train;
	say(session, `checking ${train.graph.name}: ${Object.keys(train.record.members).length} repositories, ${graph.nodes.size} tasks`);
	const { plan, findings } = await planTrain(train);
	if (findings.length > 0) throw new Refusal(findings);
	if (pending(plan).length > 0) await confirm(train, plan, options);
	const { run, lost } = options;
	const result = await executeGraph({ session, config, opened, graph, run, command: 'ship', jobs, lost });
	const record = opened.world.record.current();
	if (!session.options.json) {
		const report = reportOf({ config, graph, record, result, resume: 'slipway ship' });
		print(session, session.redact(renderSummary(report, session.palette)));
	}
	if (session.options.verbose) say(session, processCounts(opened));
	if (result.outcome !== 'done') return 1;
	await opened.world.workspaces.removeAll();
	return 0;
}

/** One confirmation covers the whole train (2-train.md §7). */
async function confirm({ session, opened, graph }: Train, plan: Plan, options: ShipOptions): Promise<void> {
	if (options.yes) return;
	const { stdin, stderr } = session.streams;
	const todo = pending(plan);
	const question = `Ship ${graph.name}? ${todo.length} tasks, ${todo.filter((node) => node.irreversible).length} of them can't be undone`;
	if (!stdin.isTTY || !stderr.isTTY || session.options.json) {
		refuse('not-confirmed', 'this train was not confirmed, and there is no terminal to ask on', { hint: 'look at `slipway ship --dry-run`, then pass --yes' });
	}
	printPlan(session, plan);
	const { confirmTrain } = await import('../ui/confirm.ts');
	if (!(await confirmTrain({ question, input: stdin, output: stderr }))) {
		refuse('not-confirmed', 'the train was not confirmed; nothing was changed', { hint: 'run `slipway ship` when it may go' });
	}
	// A person may have thought about it for an hour.
	opened.world.readings.forget();
}

function processCounts(opened: OpenedWorld): string {
	const counts = [...opened.world.commands.started].map(([program, count]) => `${program.split('/').at(-1)} ${count}`);
	return `processes started: ${counts.join(', ')}`;
}
