import type { TargetCheck } from '../../deploy/adapter.ts';
import { adapterOf } from '../../deploy/adapters.ts';
import type { Check } from '../check.ts';
import { shipShaOf } from '../ship-sha.ts';

/** The place an app goes live at exists, answers and takes what ships: its adapter knows how to ask. */
export const deployTarget: Check<TargetCheck> = {
	name: 'the deploy target answers',
	applies: ({ deploy }) => deploy !== null && adapterOf(deploy.strategy)?.check !== undefined,
	read: async (spec, context) => {
		const { deploy, frozen } = spec;
		const check = deploy && adapterOf(deploy.strategy)?.check;
		if (!check) return { findings: [] };
		const ships = frozen && ((await shipShaOf(spec, context)) ?? frozen);
		return check(deploy, { ships }, context);
	},
	facts: ({ facts = {} }) => facts,
	judge: (_spec, { findings }) => findings,
};
