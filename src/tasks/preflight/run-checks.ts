import { Unreadable, unreadFinding } from '../../core/diagnostic.ts';
import type { JsonObject } from '../../core/json.ts';
import { type TaskContext, TaskFailure } from '../contract.ts';
import type { Check, Finding, PreflightSpec } from './check.ts';
import { CHECKS } from './checks.ts';

export interface CheckResult {
	readonly check: Pick<Check<unknown>, 'name' | 'isOfMachine'>;
	/** Empty when it passed. */
	readonly findings: readonly Finding[];
	/** What it read that a plan stands on. */
	readonly facts: JsonObject;
}

/**
 * Asks every check that applies to one repository. A check that could not read is a finding of its
 * own and stops no other: every finding comes at once.
 */
export function runChecks(spec: PreflightSpec, context: TaskContext): Promise<readonly CheckResult[]> {
	const checks = CHECKS.filter((check) => check.applies(spec));
	return Promise.all(
		checks.map(async (check): Promise<CheckResult> => {
			try {
				const seen = await check.read(spec, context);
				return { check, findings: check.judge(spec, seen), facts: check.facts?.(seen) ?? {} };
			} catch (error) {
				return { check, findings: [unreadable(error)], facts: {} };
			}
		}),
	);
}

function unreadable(error: unknown): Finding {
	if (error instanceof Unreadable) return unreadFinding(error);
	if (error instanceof TaskFailure) return error.finding;
	throw error;
}

/** All that the checks found, once each: two checks that read the same dead place say the same. */
export function findingsOf(results: readonly CheckResult[]): readonly Finding[] {
	const findings = results.flatMap((result) => result.findings);
	return [...new Map(findings.map((finding) => [`${finding.code} ${finding.summary}`, finding])).values()];
}
