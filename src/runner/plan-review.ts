import { redactJson } from '../core/redact.ts';
import { type MovedFact, planObjection } from '../graph/plan-drift.ts';
import type { PlanFacts } from '../graph/saved-plan.ts';
import type { TaskNode } from '../graph/types.ts';
import type { Probed } from './probe.ts';

/**
 * Holds a run to a saved plan: a task that would do anything else than the plan says is blocked, with
 * `stale-plan`, before it begins. `redact` is what the plan was saved with.
 */
export function planReview(
	plan: PlanFacts,
	redact: (text: string) => string,
): (node: TaskNode, probed: Probed) => Probed {
	return (node, probed) => {
		const { state, reasons, change, evidence } = probed;
		const objection = planObjection(plan, node.id, redactJson({ state, reasons, change, evidence }, redact));
		return objection ? stale(objection, node) : probed;
	};
}

function stale({ fact, was, is }: MovedFact, { id, repo }: TaskNode): Probed {
	const summary = `${id} is not as the saved plan has it: ${fact}`;
	const finding = {
		code: 'stale-plan' as const,
		severity: 'error' as const,
		summary,
		seen: `was ${was}\nis  ${is}`,
		hint: 'it moved while the plan ran; see what moved it: `slipway ship` goes on from what is live now',
		...(repo ? { repo } : {}),
	};
	return { state: 'blocked', reasons: [summary], change: null, evidence: null, findings: [finding] };
}
