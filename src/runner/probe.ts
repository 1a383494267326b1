import { type Diagnostic, Unreadable } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import type { PlanState } from '../graph/plan.ts';
import type { TaskNode } from '../graph/types.ts';
import { type AnyChange, type TaskContext, TaskFailure } from '../tasks/contract.ts';
import { type AnyKind, type KindOf, kindOf } from '../tasks/registry.ts';

/** A task as its probe found it, decided. */
export interface Probed {
	readonly state: PlanState;
	readonly reasons: readonly string[];
	/** Only a todo has one, and not when an earlier task of the train must run first. */
	readonly change: AnyChange | null;
	readonly evidence: JsonObject | null;
	/** What blocks it, or could not be read. */
	readonly findings: readonly Diagnostic[];
}

/**
 * Probe and decide. A read that failed is *unknown*, with the tool's own words; it is never taken
 * for done or todo (1-product.md, principle 2). Errors of our own pass through.
 */
export async function probeTask(node: TaskNode, context: TaskContext, kinds: KindOf = kindOf): Promise<Probed> {
	const kind = kinds(node.kind);
	try {
		return toProbed(kind.decide(node.spec, await kind.probe(node.spec, context)), node);
	} catch (error) {
		if (error instanceof Unreadable) return stuck([unreadable(error, node)]);
		if (error instanceof TaskFailure) return stuck([named(error.finding, node)]);
		throw error;
	}
}

function toProbed(decision: ReturnType<AnyKind['decide']>, node: TaskNode): Probed {
	switch (decision.type) {
		case 'done':
			return { state: 'done', reasons: decision.reasons, change: null, evidence: decision.evidence, findings: [] };
		case 'todo':
			return { state: 'todo', reasons: decision.reasons, change: decision.change, evidence: null, findings: [] };
		case 'waits':
			return { state: 'todo', reasons: decision.reasons, change: null, evidence: null, findings: [] };
		case 'blocked':
			return stuck(decision.findings.map((finding) => named(finding, node)));
	}
}

/** Only what could not be read makes a task unknown; one real obstacle beside it makes it blocked. */
function stuck(findings: readonly Diagnostic[]): Probed {
	const state = findings.every((finding) => finding.code === 'unknown') ? 'unknown' : 'blocked';
	return { state, reasons: findings.map((finding) => finding.summary), change: null, evidence: null, findings };
}

function unreadable(error: Unreadable, node: TaskNode): Diagnostic {
	const hint = 'it is neither done nor to do; run the same command again when it answers';
	return named(
		{ code: 'unknown', severity: 'error', summary: `could not read ${error.what}`, seen: error.seen, hint },
		node,
	);
}

function named(finding: Diagnostic, node: TaskNode): Diagnostic {
	return node.repo && !finding.repo ? { ...finding, repo: node.repo } : finding;
}
