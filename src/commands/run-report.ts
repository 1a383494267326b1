import type { Config } from '../config/types.ts';
import { type TaskId, taskId } from '../core/brand.ts';
import type { Graph } from '../graph/types.ts';
import type { MemberRecord, ReleaseRecord } from '../record/types.ts';
import type { Settlement } from '../runner/execute.ts';
import type { RunResult } from '../runner/run.ts';
import type { TaskLog } from '../runner/run-log.ts';
import { membersInOrder } from '../tasks/member.ts';
import type { FailureRow, LiveRow, RunReport, ShippedRow } from '../ui/report.ts';

export interface ReportInput {
	readonly config: Config;
	readonly graph: Graph;
	readonly record: ReleaseRecord | null;
	readonly result: RunResult;
	/** The one command that goes on after a failure. */
	readonly resume: string;
}

/** Effects that somebody outside can see: what "live now" lists after a failure. */
export const VISIBLE_KINDS: ReadonlySet<string> = new Set(['publish', 'tag', 'promote', 'deploy', 'after']);

/** What is told at the end of a run (2-train.md §9), from how its tasks settled. Pure. */
export function reportOf({ config, graph, record, result, resume }: ReportInput): RunReport {
	const settled = [...result.settled.values()];
	const failures = settled.filter(({ outcome }) => outcome === 'failed').map(failureRow);
	const finished = result.outcome === 'done';
	return {
		train: graph.name,
		outcome: result.outcome,
		changed: settled.some(({ began }) => began),
		elapsedMs: result.ms,
		shipped: record ? shippedRows(config, record, result.settled) : [],
		failures,
		warnings: settled.filter(isWarning).map(failureRow),
		live: finished ? [] : settled.filter(({ node, ...rest }) => isVisible({ kind: node.kind, ...rest })).map(liveRow),
		notStarted: result.notStarted.filter((id) => graph.nodes.get(id)?.kind !== 'barrier'),
		recordState: record?.state ?? null,
		resume: finished ? null : resume,
	};
}

/** Whether a task left something that somebody outside can see, now or in an earlier run. */
export function isVisible({ kind, outcome, evidence }: Pick<TaskLog, 'kind' | 'outcome' | 'evidence'>): boolean {
	const happened = outcome === 'done' || outcome === 'skipped';
	return happened && VISIBLE_KINDS.has(kind) && evidence !== null && Object.keys(evidence).length > 0;
}

/** A failure that is none of the release's, or a command that a second signal stopped. */
function isWarning({ outcome, findings }: Settlement): boolean {
	return outcome === 'cancelled' || (outcome === 'done' && findings.length > 0);
}

function liveRow({ node, evidence }: Settlement): LiveRow {
	return { task: node.id, evidence: evidence ?? {} };
}

function failureRow({ node, findings, command }: Settlement): FailureRow {
	const [first] = findings;
	return {
		task: node.id,
		summary: findings.map((finding) => finding.summary).join('; '),
		command: command ? command.argv.join(' ') : null,
		cwd: command?.cwd ?? null,
		exitCode: command?.exitCode ?? null,
		lastLines: first?.seen?.split('\n') ?? [],
		hint: first?.hint ?? null,
	};
}

/** The rows of what is now where the train wanted it. */
function shippedRows(config: Config, record: ReleaseRecord, settled: ReadonlyMap<TaskId, Settlement>): ShippedRow[] {
	return membersInOrder(config, record).flatMap(([repo, member]) => {
		const of = (kind: string) => settled.get(taskId(kind, repo));
		if (!isShipped(member, of)) return [];
		const target = config.apps.find((entry) => entry.name === repo)?.prodDeploy;
		const repinned = of('repin')?.evidence?.sha;
		return [
			{
				repo,
				version: member.gem?.version ?? null,
				sha: member.ship ?? (typeof repinned === 'string' ? repinned : member.frozen),
				url: target && 'smokeUrl' in target ? target.smokeUrl : null,
				note: target?.strategy === 'none' ? 'no production target, nothing dispatched' : wentLive(member, of),
			},
		];
	});
}

type SettlementOf = (kind: string) => Settlement | undefined;

/** A gem shipped when it is published, an app when it is live (or, without a target, when main has it). */
function isShipped(member: MemberRecord, of: SettlementOf): boolean {
	const last = member.type === 'gem' ? of('publish') : (of('smoke') ?? of('deploy'));
	return [last, of('promote')].every(
		(settlement) => settlement?.outcome === 'done' || settlement?.outcome === 'skipped',
	);
}

function wentLive(member: MemberRecord, of: SettlementOf): string | null {
	const effect = of(member.type === 'gem' ? 'publish' : 'deploy');
	return effect?.outcome === 'skipped' ? 'was live already' : null;
}
