import { Refusal, refuse } from '../core/diagnostic.ts';
import type { Plan } from '../graph/plan.ts';
import { createFileStore } from '../record/file-store.ts';
import { renderSummary } from '../ui/summary.ts';
import { plural } from '../ui/terminal.ts';
import { confirm } from './confirm.ts';
import { executeGraph, newRunId } from './execute-graph.ts';
import { announceQuestions } from './one-time-passwords.ts';
import { openTrain, planTrain, type Train } from './open-train.ts';
import type { OpenedWorld } from './open-world.ts';
import { reportOf } from './run-report.ts';
import { loadPlan, refuseMoved, refuseUsed } from './saved-plan.ts';
import { loadConfig, print, type Session, say } from './session.ts';
import { type DryRunOptions, dryRun, pending, printPlan } from './ship-dry-run.ts';
import { withTrainLock } from './with-lock.ts';

export interface ShipOptions extends DryRunOptions {
	/** A file of `--dry-run --out`: exactly this plan, or nothing. */
	readonly plan?: string;
	readonly dryRun?: boolean;
	readonly yes?: boolean;
}

/** `slipway ship`: probes everything, refuses or asks, then runs the train. Gives the exit code. */
export async function ship(session: Session, options: ShipOptions): Promise<number> {
	assertUsage(options);
	const config = await loadConfig(session);
	const saved = options.plan === undefined ? null : await loadPlan(session, options.plan);
	const opening = { session, config, saved, store: createFileStore(config.dir) };
	if (options.dryRun) return dryRun(opening, options);
	const run = newRunId();
	const command = typed(options).replace('slipway ', '');
	return withTrainLock({ session, config, holder: options.by ?? session.by, run, command }, async ({ lost }) => {
		if (saved) await refuseUsed(saved, config);
		const train = await openTrain(opening, { ...options, workspaces: 'shared' });
		try {
			return await shipTrain(train, { ...options, run, command, lost });
		} finally {
			await train.opened.close();
		}
	});
}

/** An option that would be ignored is an error: somebody meant something by it. */
function assertUsage({ plan, dryRun: dry, out, detailedExitcode }: ShipOptions): void {
	const hint = '`slipway ship --dry-run --out FILE` saves a plan, `slipway ship FILE` ships it';
	if (out !== undefined && !dry) refuse('usage', '--out saves the plan of a dry run', { hint });
	if (detailedExitcode && !dry) refuse('usage', '--detailed-exitcode is for --dry-run');
	if (out !== undefined && plan !== undefined)
		refuse('usage', 'a plan that is saved already is not saved again', { hint });
}

interface Shipping extends ShipOptions {
	readonly run: string;
	readonly command: string;
	readonly lost: AbortSignal;
}

async function shipTrain(train: Train, options: Shipping): Promise<number> {
	const { session, config, graph, opened, jobs, saved } = train;
	say(session, `checking ${graph.name}: all ${plural(graph.nodes.size, 'task')}, before anything is changed`);
	const planned = await planTrain(train);
	if (saved) refuseMoved(saved, planned, train);
	if (planned.findings.length > 0) throw new Refusal(planned.findings, 3);
	if (pending(planned.plan).length > 0) await confirmTrain(train, planned.plan, options);
	announceQuestions(session, planned.plan);
	const { run, command, lost } = options;
	const held = saved ? { saved: saved.plan } : {};
	const result = await executeGraph({ session, config, opened, graph, run, command, jobs, lost, ...held });
	const record = opened.world.record.current();
	if (!session.options.json) {
		const report = reportOf({ config, graph, record, result, resume: 'slipway ship' });
		print(session, session.redact(renderSummary(report, session.palette)));
	}
	if (session.options.verbose) say(session, processCounts(opened));
	if (result.outcome !== 'done') return exitAfter(result);
	await opened.world.workspaces.removeAll();
	return 0;
}

/** What stopped before anything was begun was refused: nothing has changed. */
function exitAfter({ outcome, settled }: Awaited<ReturnType<typeof executeGraph>>): number {
	const refused = outcome === 'failed' && ![...settled.values()].some((settlement) => settlement.began);
	return refused ? 3 : 1;
}

/** One confirmation covers the whole train (2-train.md §7). */
async function confirmTrain({ session, opened, graph }: Train, plan: Plan, options: ShipOptions): Promise<void> {
	if (options.yes) return;
	const todo = pending(plan);
	const forGood = todo.filter((node) => node.irreversible).length;
	const saved = options.plan === undefined ? '' : ` as ${options.plan} has it`;
	await confirm(session, {
		question: `Ship ${graph.name}${saved}? ${plural(todo.length, 'task')}, of which ${forGood} can't be undone`,
		preview: () => {
			printPlan(session, plan);
			say(session, '');
		},
		unasked: {
			summary: 'this train was not confirmed, and there is no terminal to ask on',
			hint: 'look at `slipway ship --dry-run`, then pass --yes',
		},
		declined: {
			summary: 'the train was not confirmed; nothing was changed',
			hint: `run \`${typed(options)}\` when it may go`,
		},
	});
	// A person may have thought about it for an hour.
	opened.world.readings.forget();
}

function typed({ plan }: ShipOptions): string {
	return plan === undefined ? 'slipway ship' : `slipway ship ${plan}`;
}

function processCounts(opened: OpenedWorld): string {
	const counts = [...opened.world.commands.started].map(([program, count]) => `${program.split('/').at(-1)} ${count}`);
	return `processes started: ${counts.join(', ')}`;
}
