import type { JsonObject } from '../../core/json.ts';
import { setEvidence } from '../../record/transitions.ts';
import { repoOf, type TaskContext } from '../contract.ts';
import { memberOf } from '../member.ts';
import type { Deployment } from './adapter.ts';

type Purpose = Deployment['purpose'];

/** QA and production often deploy one commit: what was seen of the one must never speak for the other. */
function evidenceKind(purpose: Purpose): string {
	return purpose === 'qa' ? 'qa-deploy' : 'deploy';
}

/** What the record holds of the app's last deploy to QA, or to production; null before the first. */
export function recordedDeploy(purpose: Purpose, context: TaskContext): JsonObject | null {
	return memberOf(context)?.evidence[evidenceKind(purpose)] ?? null;
}

/** Keeps what was seen of a deploy, in the record. */
export async function recordDeploy(purpose: Purpose, evidence: JsonObject, context: TaskContext): Promise<void> {
	const kind = evidenceKind(purpose);
	await context.world.record.update((record) => setEvidence(record, repoOf(context), { kind, evidence }));
}
