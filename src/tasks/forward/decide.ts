import { type Sha, shortSha } from '../../core/brand.ts';
import type { Specs } from '../../graph/specs.ts';
import { blocked, type Decision, done, todo } from '../contract.ts';

export interface ObservedTips {
	readonly main: Sha | null;
	readonly release: Sha | null;
	readonly releaseContainsMain: boolean;
}

export type ForwardChange = {
	readonly type: 'merge';
	readonly summary: string;
	readonly into: string;
	readonly release: Sha;
	readonly main: Sha;
};

/** The merge-forward guard (2-train.md §3): what is on main must be in what QA sees. */
export function decideForward(spec: Specs['forward'], observed: ObservedTips): Decision<ForwardChange> {
	const { main, release } = observed;
	if (!main || !release) {
		return blocked({
			code: 'blocked',
			summary: `origin has no ${main ? spec.releaseBranch : spec.mainBranch}`,
			hint: main ? 'run `slipway init`' : 'name the right branch as train.main_branch',
		});
	}
	if (observed.releaseContainsMain) return done(`${spec.releaseBranch} contains ${spec.mainBranch}`, { main, release });
	const summary = `merge ${shortSha(main)} into ${spec.releaseBranch}`;
	const change = { type: 'merge' as const, summary, into: `refs/heads/${spec.releaseBranch}`, release, main };
	return todo(`${spec.mainBranch} (${shortSha(main)}) is not in ${spec.releaseBranch}`, change);
}
