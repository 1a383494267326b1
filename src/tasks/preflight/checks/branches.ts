import { repoOf } from '../../contract.ts';
import { type Check, finding } from '../check.ts';

interface Seen {
	readonly main: boolean;
	readonly release: boolean;
}

/** Before anything is frozen there is no SHA to compare: then the branches must only be there. */
export const branches: Check<Seen> = {
	name: 'origin has the main and the release branch',
	applies: (spec) => spec.frozen === null,
	read: async (spec, context) => {
		const refs = await context.world.repository(repoOf(context)).originRefs();
		const has = (branch: string) => refs.has(`refs/heads/${branch}`);
		return { main: has(spec.mainBranch), release: has(spec.releaseBranch) };
	},
	judge: (spec, { main, release }) => {
		// With neither, the check of origin has said more.
		if (main === release) return [];
		const missing = main ? spec.releaseBranch : spec.mainBranch;
		const hint = main ? 'run `slipway init` to create it' : 'name the right branch as train.main_branch';
		return [finding('blocked', `origin has no ${missing}`, { hint })];
	},
};
