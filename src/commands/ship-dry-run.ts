import { type Plan, type PlanNode, planCounts } from '../graph/plan.ts';
import { planTree } from '../graph/print/text.ts';
import { renderSegments } from '../ui/plan-view.ts';
import { safe } from '../ui/terminal.ts';
import { type Opening, openTrain, planTrain, type TrainOptions } from './open-train.ts';
import { refuseMoved, refuseUsed, savePlan } from './saved-plan.ts';
import { print, printDiagnostics, printJson, type Session } from './session.ts';

export interface DryRunOptions extends TrainOptions {
	readonly out?: string;
	readonly detailedExitcode?: boolean;
}

/** `slipway ship --dry-run`: probes everything and prints the plan; with a saved plan, whether it still holds. */
export async function dryRun(opening: Opening, options: DryRunOptions): Promise<number> {
	const { session, config, saved } = opening;
	if (saved) await refuseUsed(saved, config);
	const train = await openTrain(opening, options);
	try {
		const planned = await planTrain(train);
		const { plan, findings } = planned;
		if (saved) refuseMoved(saved, planned, train);
		if (options.out) await savePlan(options.out, planned, train);
		if (session.options.json) printJson(session, plan);
		else {
			printPlan(session, plan);
			printNotes(session, plan);
		}
		if (findings.length > 0) printDiagnostics(session, { diagnostics: findings });
		return exitOf(plan, options);
	} finally {
		await train.opened.close();
	}
}

/** The tree of a plan, on stdout. */
export function printPlan(session: Session, plan: Plan): void {
	const tree = planTree(plan, session.options.verbose ? { fold: 'never' } : {});
	const { stdout } = session.streams;
	const columns = stdout.isTTY ? stdout.columns : undefined;
	print(session, session.redact(renderSegments(tree, session.palette, { columns })));
}

/** The release notes that the plan would post, below it. */
function printNotes(session: Session, { nodes }: Plan): void {
	const text = nodes.find(({ kind }) => kind === 'notes')?.change?.text;
	if (typeof text !== 'string') return;
	print(session, `\n${session.palette.strong('Release notes')}\n\n${session.redact(safe(text))}`);
}

/** The tasks that would change something. */
export function pending(plan: Plan): readonly PlanNode[] {
	return plan.nodes.filter((node) => node.state === 'todo');
}

/** A plan that can't run is a refusal whatever was asked; the rest only with --detailed-exitcode. */
function exitOf(plan: Plan, { detailedExitcode }: DryRunOptions): number {
	const counts = planCounts(plan);
	if (counts.blocked > 0 || counts.unknown > 0) return 3;
	return detailedExitcode && pending(plan).length > 0 ? 5 : 0;
}
