import { resolve } from 'node:path';
import type { Config } from '../config/types.ts';
import { type Diagnostic, Refusal, refuse } from '../core/diagnostic.ts';
import { readableTime } from '../core/moment.ts';
import { redactJson } from '../core/redact.ts';
import { type MovedFact, movedFacts, movedRelease } from '../graph/plan-drift.ts';
import { type PlanFacts, parseSavedPlan, planFacts, type SavedPlan, sealPlan } from '../graph/saved-plan.ts';
import type { Graph } from '../graph/types.ts';
import { readIfExists, writeAtomic } from '../io/files.ts';
import { stateDir } from '../io/state-dir.ts';
import type { ReleaseRecord } from '../record/types.ts';
import type { PlannedGraph } from '../runner/plan.ts';
import { findPlanUse, type PlanUse } from '../runner/plan-use.ts';
import type { Session } from './session.ts';

/** A saved plan, and its file as it was typed. */
export interface LoadedPlan {
	readonly file: string;
	readonly plan: SavedPlan;
}

/** What a plan was made of. */
interface Planned {
	readonly session: Session;
	readonly graph: Graph;
	readonly record: ReleaseRecord;
}

const AGAIN =
	'see what would be done now with `slipway ship --dry-run`; with --out FILE it is saved, and can be shipped';
const MOST_FACTS = 12;

/** Writes the plan of a dry run, for its owner's eyes only, without secrets. Throws Refusal `state-write`. */
export async function savePlan(file: string, { plan }: PlannedGraph, train: Planned): Promise<void> {
	const saved = sealPlan(factsOf(plan, train), new Date().toISOString());
	await writeAtomic(pathOf(train.session, file), `${JSON.stringify(saved, null, 2)}\n`);
}

/** Reads a saved plan. Throws Refusal `usage` when there is none, `bad-plan` when it is no longer as it was saved. */
export async function loadPlan(session: Session, file: string): Promise<LoadedPlan> {
	const content = await readIfExists(pathOf(session, file));
	const hint = 'save a plan with `slipway ship --dry-run --out FILE`';
	if (content === null) refuse('usage', `there is no plan ${file}`, { hint });
	const read = parseSavedPlan(content);
	if (!read.ok)
		refuse('bad-plan', `${file} is not a plan as it was saved`, { seen: read.problems.slice(0, 5).join('\n'), hint });
	return { file, plan: read.value };
}

/** A plan is good once: throws Refusal `stale-plan` when a run of this registry has begun it. */
export async function refuseUsed({ file, plan }: LoadedPlan, config: Config): Promise<void> {
	const use = await findPlanUse(stateDir(config.dir), plan.digest);
	if (use === null) return;
	const done = use.outcome === 'done';
	refuse(
		'stale-plan',
		`${file} was ${done ? 'applied' : 'begun'} by run ${use.run} at ${readableTime(use.at)}${endOf(use)}: a plan is good once`,
		{
			hint: done ? AGAIN : '`slipway ship` goes on from what is live now',
		},
	);
}

function endOf({ outcome }: PlanUse): string {
	if (outcome === 'done') return '';
	if (outcome === null) return ', which was cut off';
	return outcome === 'failed' ? ', which failed' : ', which was cancelled';
}

/** Throws Refusal `stale-plan` when the record is of another release, or in another state, than the plan. */
export function refuseOtherRelease(saved: LoadedPlan, record: ReleaseRecord | null): void {
	const moved = record === null ? [] : movedRelease(saved.plan, record);
	if (moved.length > 0) throw new Refusal([stale(saved, moved)]);
}

/** Throws Refusal `stale-plan`, naming every fact that moved, unless the plan would be made again just as it is. */
export function refuseMoved(saved: LoadedPlan, { plan, findings }: PlannedGraph, train: Planned): void {
	const moved = movedFacts(saved.plan, factsOf(plan, train));
	if (moved.length > 0) throw new Refusal([stale(saved, moved), ...findings]);
}

function factsOf(plan: PlannedGraph['plan'], { graph, record, session }: Planned): PlanFacts {
	return redactJson(planFacts(plan, graph, record), session.redact);
}

function stale({ file, plan }: LoadedPlan, moved: readonly MovedFact[]): Diagnostic {
	const shown = moved.slice(0, MOST_FACTS).map(({ of, fact, was, is }) => `${of}  ${fact}\n  was ${was}\n  is  ${is}`);
	const more = moved.length - shown.length;
	return {
		code: 'stale-plan',
		severity: 'error',
		summary: `${file} no longer describes the world: ${moved.length === 1 ? '1 fact' : `${moved.length} facts`} moved since ${readableTime(plan.created_at)}`,
		seen: [...shown, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n'),
		hint: AGAIN,
	};
}

function pathOf({ cwd, options }: Session, file: string): string {
	return resolve(cwd, options.dir ?? '.', file);
}
