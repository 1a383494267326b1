import { shortSha } from '../../../core/brand.ts';
import { repoOf, type TaskContext, TaskFailure } from '../../contract.ts';
import { pushAndCheck } from '../../push.ts';
import { askIfUp, upUrl, waitUntilUp } from '../../smoke/answer.ts';
import type { DeployAdapter, TargetOf } from '../adapter.ts';
import { decideHeroku, type HerokuChange, type ObservedHeroku } from './decide.ts';

type Target = TargetOf<'git_push_heroku'>;

/** Pushes the commit to a Heroku-like remote, which builds and releases it while it streams its log. */
export const gitPushHeroku: DeployAdapter<Target, ObservedHeroku, HerokuChange> = {
	strategy: 'git_push_heroku',
	probe: async (target, sha, context) => {
		const repository = context.world.repository(repoOf(context));
		const url = await repository.remoteUrl(target.remote);
		if (url === null) return { url, tip: null, tipIsAncestor: false, answer: null };
		const ref = `refs/heads/${target.branch}`;
		const tip = (await repository.refsAt(url, [ref])).get(ref) ?? null;
		const answer = target.smokeUrl && tip === sha ? await askIfUp(upUrl(target.smokeUrl), context) : null;
		return { url, tip, tipIsAncestor: tip !== null && (await repository.isAncestor(tip, sha)), answer };
	},
	decide: decideHeroku,
	run: async (change, target, context) => {
		if (change.type === 'push') await push(change, context);
		if (!target.smokeUrl) return;
		const answer = await waitUntilUp(upUrl(target.smokeUrl), context);
		if (!answer.up) {
			const hint = change.from ? `to go back: ${rollback(target)} (it ran ${shortSha(change.from)})` : undefined;
			const summary = `${change.remote} took ${shortSha(change.sha)}, and ${answer.url} ${answer.said}`;
			throw new TaskFailure({ code: 'smoke-failed', summary, ...(hint ? { hint } : {}) });
		}
	},
};

async function push(change: HerokuChange, context: TaskContext): Promise<void> {
	const url = await context.world.repository(repoOf(context)).remoteUrl(change.remote);
	if (url === null) throw new Error(`${change.remote} has no URL any more`);
	const { deployMs } = context.config.train.timeouts;
	await pushAndCheck(context, url, { sha: change.sha, ref: change.ref, expected: change.from, timeoutMs: deployMs });
}

function rollback(target: Target): string {
	return target.app ? `heroku rollback --app ${target.app}` : `heroku rollback --remote ${target.remote}`;
}
