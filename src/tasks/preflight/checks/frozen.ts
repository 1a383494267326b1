import { type Sha, shortSha } from '../../../core/brand.ts';
import { repoOf } from '../../contract.ts';
import { type Check, finding } from '../check.ts';
import { shipShaOf } from '../ship-sha.ts';

interface Seen {
	readonly onOrigin: boolean;
	readonly main: Sha | null;
	readonly mainIsIn: boolean;
	/** Main contains what ships, whatever went on there since. */
	readonly shipped: boolean;
}

/** The frozen SHA is on origin, and main can fast-forward to it. Drift is the next check's. */
export const frozen: Check<Seen> = {
	name: 'the frozen SHA is on origin and main can fast-forward to it',
	applies: (spec) => spec.frozen !== null,
	read: async (spec, context) => {
		const repository = context.world.repository(repoOf(context));
		const sha = spec.frozen as Sha;
		const main = (await repository.originRefs()).get(`refs/heads/${spec.mainBranch}`) ?? null;
		const onOrigin = await repository.hasCommit(sha);
		const mainIsIn = main !== null && onOrigin && (await repository.isAncestor(main, sha));
		const isAhead = main !== null && onOrigin && !mainIsIn && (await repository.isAncestor(sha, main));
		if (!isAhead) return { onOrigin, main, mainIsIn, shipped: false };
		// Main that is ahead of QA's commit leaves no room for a re-pin on top of it: what ships must be in it already.
		const ship = await shipShaOf(spec, context);
		return { onOrigin, main, mainIsIn, shipped: ship !== null && (await repository.isAncestor(ship, main)) };
	},
	facts: ({ main }) => ({ main }),
	judge: (spec, seen) => {
		const sha = spec.frozen as Sha;
		if (!seen.onOrigin)
			return [
				finding('preflight', `origin has no commit ${sha}`, {
					hint: 'it was force-pushed away: run `slipway prepare` again',
				}),
			];
		if (!seen.main)
			return [
				finding('preflight', `origin has no ${spec.mainBranch}`, {
					hint: 'name the right branch as train.main_branch',
				}),
			];
		if (seen.mainIsIn || seen.shipped) return [];
		const summary = `${spec.mainBranch} (${shortSha(seen.main)}) can't fast-forward to the frozen SHA ${shortSha(sha)}`;
		return [
			finding('drift', summary, {
				hint: 'something was merged to it after `slipway prepare`: prepare again, so that QA sees both',
			}),
		];
	},
};
