import { type Sha, shortSha } from '../../../core/brand.ts';
import { type Blocked, blocked, type Decision, done, todo } from '../../contract.ts';
import type { Finding } from '../../preflight/check.ts';
import type { Answer } from '../../smoke/answer.ts';
import type { Deployment, TargetOf } from '../adapter.ts';
import { judgeRelease, releaseWords, rollbackCommand, runningRelease, type SeenRelease } from './release.ts';

type Target = TargetOf<'git_push_heroku'>;

export interface ObservedHeroku {
	/** Null when the checkout has no remote of that name. */
	readonly url: string | null;
	/** What the remote's branch holds. */
	readonly tip: Sha | null;
	readonly tipIsAncestor: boolean;
	/** The platform's newest release; null when it may not be asked, or the branch is not there yet. */
	readonly release: SeenRelease | null;
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

/**
 * Live is the remote's branch at the ship SHA *and* a release that succeeded *and* an app that answers: a
 * push can be accepted while its release fails.
 */
export function decideHeroku(deployment: Deployment<Target>, observed: ObservedHeroku): Decision<HerokuChange> {
	const { target, sha } = deployment;
	const { url, tip } = observed;
	if (url === null) return noRemote(target.remote);
	const change = { remote: target.remote, ref: `refs/heads/${target.branch}`, from: tip, sha };
	if (tip === sha) return decideTaken(deployment, observed, change);
	if (tip && !observed.tipIsAncestor) return otherLine(target.remote, { tip, sha });
	const reason = tip ? `${target.remote} has ${shortSha(tip)}` : `${target.remote} has no ${target.branch}`;
	return todo(reason, { type: 'push', summary: `push ${shortSha(sha)} to ${target.remote}`, ...change });
}

/** What preflight makes of the remote: it must be there, and run nothing that `ships` does not contain. */
export function judgeRemote(
	{ remote }: Target,
	{
		url,
		tip,
		ships,
		contained,
	}: Pick<ObservedHeroku, 'url' | 'tip'> & {
		readonly ships: Sha | null;
		readonly contained: boolean;
	},
): readonly Finding[] {
	if (url === null) return noRemote(remote).findings;
	return contained ? [] : otherLine(remote, { tip: tip ?? '', sha: ships ?? '' }).findings;
}

function noRemote(remote: string): Blocked {
	return blocked({
		code: 'preflight',
		summary: `the checkout has no remote named ${remote}`,
		hint: `git remote add ${remote} URL, or give the URL itself as prod_deploy.remote`,
	});
}

function otherLine(remote: string, { tip, sha }: { readonly tip: string; readonly sha: string }): Blocked {
	return blocked({
		code: 'preflight',
		summary: `${remote} runs ${shortSha(tip)}, which ${shortSha(sha)} does not contain`,
		hint: 'somebody deployed another line of history: merge it to the release branch and prepare again',
	});
}

/** The branch is there: what remains is whether it runs. */
function decideTaken(
	{ target, sha }: Deployment<Target>,
	{ release, answer }: ObservedHeroku,
	change: Omit<HerokuChange, 'type' | 'summary'>,
): Decision<HerokuChange> {
	const has = `${target.remote} has ${shortSha(sha)}`;
	if (release) {
		const judged = judgeRelease(release, sha);
		if (judged === 'failed' || judged === 'other') return notReleased(target, sha, release);
		if (judged === 'pending') {
			const summary = 'wait for the release to end';
			return todo(`${has}, and ${releaseWords(release.newest, target)} is pending`, {
				type: 'wait',
				summary,
				...change,
			});
		}
	}
	if (answer && !answer.up) {
		const reason = `${has}, and ${answer.url} ${answer.said}`;
		return todo(reason, { type: 'wait', summary: 'wait until it answers', ...change });
	}
	const evidence = { sha, remote: target.remote, ...(release ? { release: release.newest.version } : {}) };
	return done(`${has}${answer ? ` and ${answer.url} ${answer.said}` : ''}`, evidence);
}

/** Nothing that could be pushed would change this: the remote has the commit, and says "Everything up-to-date". */
function notReleased(target: Target, sha: Sha, release: SeenRelease): Blocked {
	const { newest, before } = release;
	const running = runningRelease(release);
	if (judgeRelease(release, sha) === 'other') {
		const runs = running === null ? 'nothing runs there' : `${releaseWords(running, target)} runs`;
		return blocked({
			code: 'blocked',
			summary: `${target.remote} has ${shortSha(sha)}, and ${runs}`,
			...(running ? { seen: `v${running.version}: ${running.description}` } : {}),
			hint: `somebody went back or released by other means: see \`heroku releases ${appOption(target)}\`; another push would change nothing`,
		});
	}
	return blocked({
		code: 'deploy-failed',
		summary: `${target.remote} has ${shortSha(sha)}, and ${releaseWords(newest, target)} ${newest.status}`,
		seen: ranBefore(before),
		hint: `mend its cause and commit, then prepare again: another push of this commit would say "Everything up-to-date"; to go back: ${rollbackCommand(target, before)}`,
	});
}

/** What runs while the newest release does not, for a person. */
export function ranBefore(before: SeenRelease['before']): string {
	if (before === null) return 'no release before it succeeded';
	const commit = before.commit === null ? before.description : before.commit;
	return `v${before.version} still runs: ${commit}`;
}

function appOption(target: Target): string {
	return target.app === null ? `--remote ${target.remote}` : `--app ${target.app}`;
}
