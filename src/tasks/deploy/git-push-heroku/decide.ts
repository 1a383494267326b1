import { type Sha, shortSha } from '../../../core/brand.ts';
import { blocked, type Decision, done, todo } from '../../contract.ts';
import type { Answer } from '../../smoke/answer.ts';
import type { TargetOf } from '../adapter.ts';

export interface ObservedHeroku {
	/** Null when the checkout has no remote of that name. */
	readonly url: string | null;
	/** What the remote's branch holds. */
	readonly tip: Sha | null;
	readonly tipIsAncestor: boolean;
	/** Null when there is no smoke_url, or when the branch is not there yet. */
	readonly answer: Answer | null;
}

export type HerokuChange = {
	readonly type: 'push' | 'wait';
	readonly summary: string;
	readonly remote: string;
	readonly ref: string;
	readonly from: Sha | null;
	readonly sha: Sha;
};

/** Live is the remote's branch at the ship SHA *and* an app that answers: a push can be accepted and its release fail. */
export function decideHeroku(
	target: TargetOf<'git_push_heroku'>,
	sha: Sha,
	observed: ObservedHeroku,
): Decision<HerokuChange> {
	const { url, tip, answer } = observed;
	if (url === null) {
		return blocked({
			code: 'preflight',
			summary: `the checkout has no remote named ${target.remote}`,
			hint: `git remote add ${target.remote} URL, or give the URL itself as prod_deploy.remote`,
		});
	}
	const change = { remote: target.remote, ref: `refs/heads/${target.branch}`, from: tip, sha };
	if (tip === sha) {
		if (answer && !answer.up) {
			const reason = `${target.remote} has ${shortSha(sha)}, and ${answer.url} ${answer.said}`;
			return todo(reason, { type: 'wait', summary: 'wait until it answers', ...change });
		}
		return done(`${target.remote} has ${shortSha(sha)}${answer ? ` and ${answer.url} ${answer.said}` : ''}`, {
			sha,
			remote: target.remote,
		});
	}
	if (tip && !observed.tipIsAncestor) {
		return blocked({
			code: 'blocked',
			summary: `${target.remote} runs ${shortSha(tip)}, which ${shortSha(sha)} does not contain`,
			hint: 'somebody deployed another line of history: merge it to the release branch and prepare again',
		});
	}
	const reason = tip ? `${target.remote} has ${shortSha(tip)}` : `${target.remote} has no ${target.branch}`;
	return todo(reason, { type: 'push', summary: `push ${shortSha(sha)} to ${target.remote}`, ...change });
}
