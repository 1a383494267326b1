import type { Specs } from '../../graph/specs.ts';
import { repoOf, type TaskKind } from '../contract.ts';
import { pushAndCheck } from '../push.ts';
import { decidePromote, type ObservedMain, type PromoteChange } from './decide.ts';

/** Origin's main contains what was shipped. Gems ship their frozen SHA, apps their ship SHA. */
export const promote: TaskKind<Specs['promote'], ObservedMain, PromoteChange> = {
	name: 'promote',
	probe: async (spec, context) => {
		const repo = repoOf(context);
		const repository = context.world.repository(repo);
		const main = (await repository.originRefs()).get(`refs/heads/${spec.branch}`) ?? null;
		const ship = await context.world.ships.get(repo);
		if (!main || !ship) return { ship, main, mainContainsShip: false, shipContainsMain: false };
		const shipContainsMain = main !== ship && (await repository.isAncestor(main, ship));
		return {
			ship,
			main,
			shipContainsMain,
			mainContainsShip: !shipContainsMain && (await repository.isAncestor(ship, main)),
		};
	},
	decide: decidePromote,
	run: async (change, context) => {
		const url = await context.world.repository(repoOf(context)).originUrl();
		await pushAndCheck(context, url, { sha: change.sha, ref: change.ref, expected: change.from });
	},
};
