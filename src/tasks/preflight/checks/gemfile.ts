import type { Sha } from '../../../core/brand.ts';
import { declaredGems } from '../../../gemfile/declared.ts';
import { repoOf, type TaskContext } from '../../contract.ts';
import { editFor, type ObservedConsumer } from '../../repin/decide.ts';
import { readBundle } from '../../repin/observe.ts';
import { type Check, type Finding, finding, type PreflightSpec } from '../check.ts';

interface Seen extends Pick<ObservedConsumer, 'gemfile' | 'lock' | 'digests'> {
	/** Gems of release_repos.yml that do not ride this train. */
	readonly staying: readonly string[];
}

/** A Gemfile that can't be edited safely is refused before anything was published. */
export const gemfile: Check<Seen> = {
	name: 'the Gemfile can be re-pinned',
	applies: (spec) => spec.frozen !== null && spec.gem === null,
	read: async (spec, context) => {
		const repository = context.world.repository(repoOf(context));
		return { ...(await readBundle(repository, spec.frozen as Sha)), digests: {}, staying: stayingGems(spec, context) };
	},
	judge: (spec, seen) => {
		const edit = editFor(spec, seen);
		return [...(edit.type === 'blocked' ? edit.answer.findings : []), ...sourcedElsewhere(seen)];
	},
};

function stayingGems(spec: PreflightSpec, context: TaskContext): string[] {
	const riding = new Set(spec.pins.map((pin) => pin.gem));
	return context.config.gems.map((gem) => gem.gemName).filter((gem) => !riding.has(gem));
}

/** A gem of the fleet that does not ride is not re-pinned: an app that takes it from a branch or a folder would ship that. */
function sourcedElsewhere({ gemfile: text, staying }: Seen): Finding[] {
	return declaredGems(text ?? '').flatMap(({ gem, sources, line, col, endCol, excerpt }) => {
		if (gem === null || sources.length === 0 || !staying.includes(gem)) return [];
		const summary = `${gem} comes from ${sources.join(', ')}, and does not ride this train`;
		const hint = `release ${gem} with this train, or pin a published version on the release branch`;
		return [finding('repin-refused', summary, { at: { file: 'Gemfile', line, col, endCol, excerpt }, hint })];
	});
}
