import type { Specs } from '../../graph/specs.ts';
import { repoOf, type TaskKind } from '../contract.ts';
import { pushAndCheck } from '../push.ts';
import { type BranchChange, decideBranch, type ObservedBranches } from './decide.ts';

/** Creates the release branch from main on an origin that lacks it (2-train.md §3, `init`). */
export const branch: TaskKind<Specs['branch'], ObservedBranches, BranchChange> = {
	name: 'branch',
	probe: async (spec, context) => {
		const refs = await context.world.repository(repoOf(context)).originRefs();
		return {
			main: refs.get(`refs/heads/${spec.mainBranch}`) ?? null,
			release: refs.get(`refs/heads/${spec.releaseBranch}`) ?? null,
		};
	},
	decide: decideBranch,
	run: async (change, context) => {
		const repository = context.world.repository(repoOf(context));
		await repository.hasCommit(change.sha);
		await pushAndCheck(context, await repository.originUrl(), { sha: change.sha, ref: change.ref, expected: null });
	},
};
