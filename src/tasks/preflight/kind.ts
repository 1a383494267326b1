import { type Diagnostic, Unreadable } from '../../core/diagnostic.ts';
import { type Decision, done, repoOf, TaskFailure, type TaskKind } from '../contract.ts';
import type { Finding, PreflightSpec } from './check.ts';
import { CHECKS } from './checks.ts';

interface Observed {
	readonly findings: readonly Diagnostic[];
	readonly checked: number;
}

/**
 * All of 2-train.md §5 for one repository. A check that could not read is a finding of its own and
 * stops no other: every finding comes at once.
 */
export const preflight: TaskKind<PreflightSpec, Observed, never> = {
	name: 'preflight',
	isCheck: true,
	probe: async (spec, context) => {
		const repo = repoOf(context);
		const checks = CHECKS.filter((check) => check.applies(spec));
		const found = await Promise.all(
			checks.map(async (check): Promise<readonly Finding[]> => {
				try {
					return check.judge(spec, await check.read(spec, context));
				} catch (error) {
					return [unreadable(error)];
				}
			}),
		);
		return { findings: withoutRepeats(found.flat()).map((finding) => ({ ...finding, repo })), checked: checks.length };
	},
	decide: (_spec, { findings, checked }): Decision<never> =>
		findings.some((finding) => finding.severity === 'error')
			? { type: 'blocked', findings }
			: done(`${checked} checks passed`),
	run: async () => undefined,
};

function unreadable(error: unknown): Finding {
	if (error instanceof Unreadable) {
		return {
			code: 'unknown',
			severity: 'error',
			summary: `could not read ${error.what}`,
			seen: error.seen,
			hint: 'nothing was changed; run the same command again when it answers',
		};
	}
	if (error instanceof TaskFailure) return error.finding;
	throw error;
}

/** Two checks that read the same dead place say so once. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
	return [...new Map(findings.map((finding) => [`${finding.code} ${finding.summary}`, finding])).values()];
}
