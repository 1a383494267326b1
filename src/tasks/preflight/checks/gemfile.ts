import type { Sha } from '../../../core/brand.ts';
import { repoOf } from '../../contract.ts';
import { editFor, type ObservedConsumer } from '../../repin/decide.ts';
import { readBundle } from '../../repin/observe.ts';
import type { Check } from '../check.ts';

/** A Gemfile that can't be edited safely is refused before anything was published. */
export const gemfile: Check<Pick<ObservedConsumer, 'gemfile' | 'lock' | 'digests'>> = {
	name: 'the Gemfile can be re-pinned',
	applies: (spec) => spec.frozen !== null && spec.gem === null,
	read: async (spec, context) => {
		const repository = context.world.repository(repoOf(context));
		return { ...(await readBundle(repository, spec.frozen as Sha)), digests: {} };
	},
	judge: (spec, seen) => {
		const edit = editFor(spec, seen);
		return edit.type === 'blocked' ? edit.answer.findings : [];
	},
};
