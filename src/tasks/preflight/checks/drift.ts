import { type Sha, shortSha } from '../../../core/brand.ts';
import { repoOf } from '../../contract.ts';
import { observeConsumer } from '../../repin/observe.ts';
import { type Check, finding } from '../check.ts';

interface Seen {
	readonly tip: Sha | null;
	/** Our own re-pin commit, when the tip is that. */
	readonly ours: Sha | null;
	readonly shipped: boolean;
}

/** Nothing was merged to the release branch since QA saw it; our own re-pin commit is no drift (2-train.md §5). */
export const drift: Check<Seen> = {
	name: 'the release branch has not moved past the frozen SHA',
	applies: (spec) => spec.frozen !== null,
	read: async (spec, context) => {
		const repository = context.world.repository(repoOf(context));
		const tip = (await repository.originRefs()).get(`refs/heads/${spec.releaseBranch}`) ?? null;
		const shipped = context.world.record.current().state === 'shipped';
		if (tip === spec.frozen || spec.gem) return { tip, ours: null, shipped };
		return { tip, shipped, ours: (await observeConsumer(spec, context)).ours };
	},
	facts: ({ tip }) => ({ release: tip }),
	judge: (spec, { tip, ours, shipped }) => {
		if (shipped || tip === spec.frozen || (tip !== null && tip === ours)) return [];
		const summary = tip
			? `origin/${spec.releaseBranch} is at ${shortSha(tip)}, and QA approved ${shortSha(spec.frozen as Sha)}`
			: `origin has no ${spec.releaseBranch}`;
		return [finding('drift', summary, { hint: 'run `slipway prepare` again, so that QA sees what would ship' })];
	},
};
