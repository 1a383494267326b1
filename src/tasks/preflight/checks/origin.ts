import { repoOf } from '../../contract.ts';
import { type Check, finding } from '../check.ts';

interface Seen {
	readonly origin: string;
	/** `url` of release_repos.yml, when it gives one. */
	readonly declared: string | null;
	readonly refs: number;
}

/** A checkout or URL is there, origin answers, and the file agrees with it. */
export const origin: Check<Seen> = {
	name: 'origin answers and is the one that release_repos.yml names',
	applies: () => true,
	read: async (_spec, context) => {
		const repo = repoOf(context);
		const repository = context.world.repository(repo);
		const refs = await repository.originRefs();
		const declared = [...context.config.gems, ...context.config.apps].find((entry) => entry.name === repo)?.url ?? null;
		return { origin: await repository.originUrl(), declared, refs: refs.size };
	},
	judge: (_spec, { origin: url, declared, refs }) => [
		...(declared !== null && plain(declared) !== plain(url)
			? [
					finding('preflight', 'the checkout and release_repos.yml name different origins', {
						seen: `checkout: ${url}\nfile: ${declared}`,
						hint: 'correct the one that is wrong',
					}),
				]
			: []),
		...(refs === 0
			? [
					finding('preflight', 'origin has neither the main nor the release branch', {
						hint: 'push them, or name the right branches under train',
					}),
				]
			: []),
	],
};

function plain(url: string): string {
	return url.replace(/\/+$/, '').replace(/\.git$/, '');
}
