import { type Sha, shortSha } from '../../../core/brand.ts';
import { repoOf } from '../../contract.ts';
import { adapterOf } from '../../deploy/adapters.ts';
import { type Check, finding, type PreflightSpec } from '../check.ts';

interface Seen {
	/** Heroku-like targets: null when the checkout has no such remote. */
	readonly url: string | null;
	readonly tip: Sha | null;
	/** False when the target runs a commit that the frozen SHA does not contain. */
	readonly contained: boolean;
}

/** The place an app goes live at exists and answers, and what runs there is contained in what ships. */
export const deployTarget: Check<Seen | null> = {
	name: 'the deploy target answers',
	applies: (spec) => spec.deploy !== null && spec.deploy.strategy !== 'none',
	read: async (spec, context) => {
		if (spec.deploy?.strategy !== 'git_push_heroku') return null;
		const repository = context.world.repository(repoOf(context));
		const url = await repository.remoteUrl(spec.deploy.remote);
		if (url === null) return { url, tip: null, contained: true };
		const ref = `refs/heads/${spec.deploy.branch}`;
		const tip = (await repository.refsAt(url, [ref])).get(ref) ?? null;
		// Before anything is frozen, that the target is there and answers is all there is to know.
		if (tip === null || spec.frozen === null) return { url, tip, contained: true };
		const contained = await repository.isAncestor(tip, (await context.world.ships.get(repoOf(context))) ?? spec.frozen);
		return { url, tip, contained: contained || context.world.record.current().state === 'shipped' };
	},
	facts: (seen) => (seen ? { deployed: seen.tip } : {}),
	judge: (spec, seen) => judgeTarget(spec, seen),
};

function judgeTarget(spec: PreflightSpec, seen: Seen | null): ReturnType<Check<Seen>['judge']> {
	const target = spec.deploy;
	if (target && !adapterOf(target.strategy)) {
		const hint = 'use git_push_heroku or repo_script, or leave prod_deploy out';
		return [finding('unsupported', `this version does not deploy by ${target.strategy}`, { hint })];
	}
	if (target?.strategy !== 'git_push_heroku' || !seen) return [];
	if (seen.url === null) {
		const hint = `git remote add ${target.remote} URL, or give the URL itself as prod_deploy.remote`;
		return [finding('preflight', `the checkout has no remote named ${target.remote}`, { hint })];
	}
	if (seen.contained) return [];
	const summary = `${target.remote} runs ${shortSha(seen.tip ?? '')}, which ${shortSha(spec.frozen ?? '')} does not contain`;
	return [
		finding('preflight', summary, {
			hint: 'somebody deployed another line of history: merge it to the release branch and prepare again',
		}),
	];
}
