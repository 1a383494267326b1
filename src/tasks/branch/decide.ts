import { type Sha, shortSha } from '../../core/brand.ts';
import type { Specs } from '../../graph/specs.ts';
import { blocked, type Decision, done, todo } from '../contract.ts';

export interface ObservedBranches {
	readonly main: Sha | null;
	readonly release: Sha | null;
}

export type BranchChange = {
	readonly type: 'push';
	readonly summary: string;
	readonly ref: string;
	readonly from: null;
	readonly sha: Sha;
};

export function decideBranch(spec: Specs['branch'], { main, release }: ObservedBranches): Decision<BranchChange> {
	if (release) return done(`origin has ${spec.releaseBranch} at ${shortSha(release)}`, { sha: release });
	if (!main) {
		return blocked({
			code: 'blocked',
			summary: `origin has no ${spec.mainBranch} to make ${spec.releaseBranch} from`,
			hint: `push ${spec.mainBranch} first, or name the right branch as train.main_branch`,
		});
	}
	const ref = `refs/heads/${spec.releaseBranch}`;
	const summary = `create ${spec.releaseBranch} at ${shortSha(main)}`;
	return todo(`origin has no ${spec.releaseBranch}`, { type: 'push', summary, ref, from: null, sha: main });
}
