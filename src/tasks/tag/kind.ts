import type { Sha } from '../../core/brand.ts';
import type { Specs } from '../../graph/specs.ts';
import { peeled } from '../../io/git.ts';
import { repoOf, type TaskKind } from '../contract.ts';
import { pushAndCheck } from '../push.ts';
import { decideTag, type TagChange } from './decide.ts';

/** `v<version>` on origin, at the frozen SHA of the gem. */
export const tag: TaskKind<Specs['tag'], Sha | null, TagChange> = {
	name: 'tag',
	probe: async (spec, context) =>
		peeled(await context.world.repository(repoOf(context)).originRefs(), `refs/tags/${spec.tag}`),
	decide: decideTag,
	run: async (change, context) => {
		const url = await context.world.repository(repoOf(context)).originUrl();
		await pushAndCheck(context, url, { sha: change.sha, ref: change.ref, expected: null });
	},
};
