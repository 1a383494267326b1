import type { Diagnostic } from '../../core/diagnostic.ts';
import type { JsonObject } from '../../core/json.ts';
import { type Decision, done, repoOf, type TaskKind } from '../contract.ts';
import type { PreflightSpec } from './check.ts';
import { findingsOf, runChecks } from './run-checks.ts';

interface Observed {
	readonly findings: readonly Diagnostic[];
	readonly checked: number;
	/** By name: what the checks read that a plan stands on. */
	readonly facts: JsonObject;
}

/** All of 2-train.md §5 for one repository, every finding at once. */
export const preflight: TaskKind<PreflightSpec, Observed, never> = {
	name: 'preflight',
	isCheck: true,
	probe: async (spec, context) => {
		const repo = repoOf(context);
		const results = await runChecks(spec, context);
		return {
			findings: findingsOf(results).map((finding) => ({ ...finding, repo })),
			checked: results.length,
			facts: Object.assign({}, ...results.map(({ facts }) => facts)),
		};
	},
	decide: (_spec, { findings, checked, facts }): Decision<never> =>
		findings.some((finding) => finding.severity === 'error')
			? { type: 'blocked', findings }
			: done(`${checked} checks passed`, facts),
	run: async () => undefined,
};
