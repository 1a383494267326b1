import type { GemSpec } from '../../../graph/specs.ts';
import { findCredential } from '../../../io/gem-credentials.ts';
import { type Check, type Finding, finding } from '../check.ts';

/** Before a version is frozen: whatever it will be, it needs a server that answers and a key for it. */
export const gemServer: Check<{ readonly credential: 'environment' | 'file' | null }> = {
	name: 'the gem registry answers, and there is a key for it',
	applies: (spec) => spec.gem !== null && spec.frozen === null,
	read: async ({ gem }, { world }) => {
		const url = gem?.registry ?? '';
		await world.registry(url).pushHostReachable();
		return { credential: await findCredential(url, world.env) };
	},
	judge: ({ gem }, { credential }) => (credential === null && gem ? [missingKey(gem)] : []),
};

/** What every check says that looked for a key and found none. */
export function missingKey({ gem, registry }: Pick<GemSpec, 'gem' | 'registry'>): Finding {
	const hint = 'set GEM_HOST_API_KEY, or sign in once with `gem signin`';
	return finding('preflight', `there is no key to push ${gem} to ${registry}`, { hint });
}
