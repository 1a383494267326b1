import type { Specs } from '../../graph/specs.ts';
import { freezeMember } from '../../record/transitions.ts';
import { repoOf, type TaskKind } from '../contract.ts';
import { memberOf } from '../member.ts';
import { decideFreeze, type FreezeChange, type ObservedRepo } from './decide.ts';
import { observeGem, usesOfApp, usesOfGem } from './observe.ts';

/** Writes into the record which commit of a repository ships, and what it builds. */
export const freeze: TaskKind<Specs['freeze'], ObservedRepo, FreezeChange> = {
	name: 'freeze',
	probe: async (spec, context) => {
		const repository = context.world.repository(repoOf(context));
		const refs = await repository.originRefs();
		const main = refs.get(`refs/heads/${spec.mainBranch}`) ?? null;
		const release = refs.get(`refs/heads/${spec.releaseBranch}`) ?? null;
		const member = memberOf(context);
		// Our own re-pin commit on top of the frozen SHA is what a half-shipped train left there.
		const frozen = release !== null && release === member?.ship ? release : (member?.frozen ?? null);
		if (!main || !release || frozen === release) return { main, release, frozen, gem: null, uses: [] };
		if (!spec.gem) return { main, release, frozen, gem: null, uses: await usesOfApp(release, context) };
		const gem = await observeGem(spec.gem, { sha: release, known: null }, context);
		return { main, release, frozen, gem, uses: usesOfGem(spec.gem, gem.build, { sha: release, context }) };
	},
	decide: decideFreeze,
	run: async (change, context) => {
		const repo = repoOf(context);
		await context.world.record.update((record) =>
			freezeMember(record, repo, {
				frozenAt: context.world.now(),
				type: change.gem ? 'gem' : 'app',
				frozen: change.sha,
				mainAtFreeze: change.main,
				gem: change.gem,
				uses: change.uses,
			}),
		);
	},
};
