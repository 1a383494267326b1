import { type Diagnostic, Refusal, Unreadable } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import type { TaskNode } from '../graph/types.ts';
import type { CommandResult } from '../io/command.ts';
import { type AnyChange, type TaskContext, TaskFailure } from '../tasks/contract.ts';
import { type AnyKind, type KindOf, kindOf } from '../tasks/registry.ts';
import { type Probed, probeTask } from './probe.ts';
import type { Settled } from './schedule.ts';

/** How one task of a run ended. */
export interface Settlement {
	readonly node: TaskNode;
	readonly outcome: Settled;
	readonly evidence: JsonObject | null;
	readonly reasons: readonly string[];
	/** Why it failed; also the warning of a task whose failure is only that. */
	readonly findings: readonly Diagnostic[];
	readonly command: CommandResult | null;
	/** True when `run` was begun: the world may have changed. */
	readonly began: boolean;
	readonly ms: number;
}

export interface ExecuteHooks {
	readonly onProbed: (probed: Probed) => void;
	/** Awaited before anything is done: the intent is on the disk first. */
	readonly beforeRun: (change: AnyChange) => Promise<void>;
	/** Asked right before the intent; false leaves the task as it was found. A yes when absent. */
	readonly mayBegin?: (() => Promise<boolean>) | undefined;
	/** Has the last word on what the probe found, before anything is done; as found when absent. */
	readonly review?: ((probed: Probed) => Probed) | undefined;
	/** Those of tasks/registry.ts when absent. */
	readonly kindOf?: KindOf | undefined;
}

/** Probe, decide, run, verify: a task is done when its probe says so afterwards, never because nothing threw. */
export async function executeTask(node: TaskNode, context: TaskContext, hooks: ExecuteHooks): Promise<Settlement> {
	const startedAt = performance.now();
	const settle = (rest: Omit<Settlement, 'node' | 'ms'>): Settlement => ({
		...rest,
		node,
		ms: Math.round(performance.now() - startedAt),
	});
	const { kindOf: kinds = kindOf, review = asFound } = hooks;
	const kind = kinds(node.kind);
	const before = review(await probeTask(node, context, kinds));
	hooks.onProbed(before);
	if (before.state === 'done')
		return settle({ ...seen(before), outcome: kind.isCheck ? 'done' : 'skipped', began: false });
	if (before.state !== 'todo') return settle({ ...seen(before), ...failedAs(kind, before.findings), began: false });
	if (before.change === null) throw new Error(`${node.id} waits for a task that it does not need`);
	if (hooks.mayBegin && !(await hooks.mayBegin())) return settle(notBegun);
	await hooks.beforeRun(before.change);
	const failure = await runChange(kind, before.change, context);
	context.world.ships.forget(node.repo);
	const after = failure ? null : await probeTask(node, context, kinds);
	if (after?.state === 'done') return settle({ ...seen(after), outcome: 'done', began: true });
	const { finding, command } = failure ?? notProven(node, after);
	const ended = failure && context.signal.aborted ? cancelled(finding) : failedAs(kind, [finding]);
	return settle({ ...ended, evidence: null, reasons: [finding.summary], command, began: true });
}

function asFound(probed: Probed): Probed {
	return probed;
}

/** The train was told to stop, or lost its lock, between the probe and the change. */
const notBegun: Omit<Settlement, 'node' | 'ms'> = {
	outcome: 'cancelled',
	evidence: null,
	reasons: ['stopped before it began'],
	findings: [],
	command: null,
	began: false,
};

/** Reversible work that was stopped half-way: not its own failure, and what it left is for its next probe to say. */
function cancelled(finding: Diagnostic): Pick<Settlement, 'outcome' | 'findings'> {
	return { outcome: 'cancelled', findings: [finding] };
}

/** Where a failure is only a warning, what needs the task goes on. */
function failedAs(kind: AnyKind, findings: readonly Diagnostic[]): Pick<Settlement, 'outcome' | 'findings'> {
	if (!kind.failureIsWarning) return { outcome: 'failed', findings };
	return { outcome: 'done', findings: findings.map((finding) => ({ ...finding, severity: 'warning' as const })) };
}

function seen({
	evidence,
	reasons,
	findings,
}: Probed): Pick<Settlement, 'evidence' | 'reasons' | 'findings' | 'command'> {
	return { evidence, reasons, findings, command: null };
}

/** Null when the change was performed as far as it can tell itself. */
async function runChange(kind: AnyKind, change: AnyChange, context: TaskContext): Promise<TaskFailure | null> {
	try {
		await kind.run(change, context);
		return null;
	} catch (error) {
		if (error instanceof TaskFailure) return error;
		if (error instanceof Unreadable)
			return new TaskFailure({ code: 'unknown', summary: `could not read ${error.what}`, seen: error.seen });
		const refused = error instanceof Refusal ? error.diagnostics[0] : undefined;
		if (refused) return new TaskFailure(refused);
		throw error;
	}
}

/** An effect that the world does not show, or one that could not be read: then in the words of who was asked. */
function notProven(node: TaskNode, after: Probed | null): TaskFailure {
	const unread = after?.state === 'unknown';
	const found = unread
		? after.findings.map(({ summary, seen }) => (seen ? `${summary}: ${seen}` : summary)).join('\n')
		: `${after?.state ?? 'unknown'}: ${after?.reasons.join('; ') ?? ''}`;
	return new TaskFailure({
		code: 'not-proven',
		summary: `${node.id} ran without an error, and ${unread ? 'its effect could not be read' : 'the world does not show its effect'}`,
		seen: found,
		hint: 'run the same command again: what did take effect is skipped',
	});
}
