import type { Sha } from '../../../core/brand.ts';
import { satisfies } from '../../../gemfile/version.ts';
import type { GemDependency } from '../../../io/gem-archive.ts';
import { repoOf } from '../../contract.ts';
import { memberOf } from '../../member.ts';
import { type Check, finding } from '../check.ts';

/**
 * The gems of a train fit each other: when one does not admit the version that another ships, no lock
 * can hold both, and Bundler would say so only after both are published for good.
 */
export const gemNeeds: Check<readonly GemDependency[]> = {
	name: 'the gem admits the versions of the other gems of the train',
	applies: (spec) => spec.gem !== null && spec.frozen !== null && spec.pins.length > 1,
	read: async (spec, context) => {
		if (!spec.gem) throw new Error('the gem check of an app');
		const at = { sha: spec.frozen as Sha, known: memberOf(context)?.gem ?? null };
		return (await context.world.builds.of(repoOf(context), spec.gem, at)).dependencies;
	},
	judge: (spec, needs) =>
		needs.flatMap(({ name, requirement }) => {
			const version = spec.pins.find((pin) => pin.gem === name)?.version;
			if (version == null || satisfies(version, requirement.split(', '))) return [];
			const summary = `${spec.gem?.gem} needs ${name} ${requirement}, and this train ships ${name} ${version}`;
			const hint = `correct it in ${spec.gem?.gemspec} on the release branch and prepare again`;
			return [finding('preflight', summary, { hint })];
		}),
};
