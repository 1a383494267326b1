import { type Sha, shortSha } from '../../../core/brand.ts';
import { repoOf, type TaskContext, TaskFailure } from '../../contract.ts';
import { pushAndCheck } from '../../push.ts';
import { pollUntil } from '../../smoke/answer.ts';
import type { CheckedAt, DeployAdapter, TargetCheck, TargetOf } from '../adapter.ts';
import { findingsOf } from '../findings.ts';
import { askTarget, waitForTarget } from '../smoke.ts';
import { decideHeroku, type HerokuChange, judgeRemote, type ObservedHeroku, ranBefore } from './decide.ts';
import { readRelease } from './platform.ts';
import { judgeRelease, releaseWords, rollbackCommand, type SeenRelease } from './release.ts';

type Target = TargetOf<'git_push_heroku'>;

/** Pushes the commit to a Heroku-like remote, which builds and releases it while it streams its log. */
export const gitPushHeroku: DeployAdapter<Target, ObservedHeroku, HerokuChange> = {
	strategy: 'git_push_heroku',
	check: checkRemote,
	probe: async ({ target, sha }, context) => {
		const { url, tip } = await readTip(target, context);
		if (url === null) return { url, tip, tipIsAncestor: false, release: null, answer: null };
		const tipIsAncestor = tip !== null && (await context.world.repository(repoOf(context)).isAncestor(tip, sha));
		if (tip !== sha) return { url, tip, tipIsAncestor, release: null, answer: null };
		const [release, answer] = await Promise.all([readRelease(target, context), askTarget(target, sha, context)]);
		return { url, tip, tipIsAncestor, release, answer };
	},
	decide: decideHeroku,
	run: async (change, { target, sha }, context) => {
		if (change.type === 'push') await push(change, context);
		await waitForRelease(target, change, context);
		const goBack =
			change.from && change.from !== sha
				? `to go back: ${rollbackCommand(target, null)} (it ran ${shortSha(change.from)})`
				: null;
		await waitForTarget({ target, sha }, { said: `${change.remote} took ${shortSha(sha)}`, goBack }, context);
	},
};

async function readTip(target: Target, context: TaskContext): Promise<{ url: string | null; tip: Sha | null }> {
	const repository = context.world.repository(repoOf(context));
	const url = await repository.remoteUrl(target.remote);
	if (url === null) return { url, tip: null };
	const ref = `refs/heads/${target.branch}`;
	return { url, tip: (await repository.refsAt(url, [ref])).get(ref) ?? null };
}

/** The remote is there and answers, what it runs is contained in what ships, and the platform takes the key. */
async function checkRemote(target: Target, { ships }: CheckedAt, context: TaskContext): Promise<TargetCheck> {
	const { url, tip } = await readTip(target, context);
	const ofPlatform = await findingsOf(readRelease(target, context).then(() => []));
	// Before anything is frozen, that the target is there and answers is all there is to know.
	const isAsked = tip !== null && ships !== null && context.world.record.current().state !== 'shipped';
	const contained = !isAsked || (await context.world.repository(repoOf(context)).isAncestor(tip, ships));
	const findings = [...judgeRemote(target, { url, tip, ships, contained }), ...ofPlatform];
	return { findings, facts: { deployed: tip } };
}

async function push(change: HerokuChange, context: TaskContext): Promise<void> {
	const url = await context.world.repository(repoOf(context)).remoteUrl(change.remote);
	if (url === null) throw new Error(`${change.remote} has no URL any more`);
	const { deployMs } = context.config.train.timeouts;
	await pushAndCheck(context, url, { sha: change.sha, ref: change.ref, expected: change.from, timeoutMs: deployMs });
}

/** A release phase goes on after the push was accepted, and its failure is told by the platform alone. */
async function waitForRelease(target: Target, change: HerokuChange, context: TaskContext): Promise<void> {
	const { deployMs } = context.config.train.timeouts;
	const isOver = (seen: SeenRelease | null) => seen === null || judgeRelease(seen, change.sha) !== 'pending';
	const limits = { timeoutMs: deployMs, signal: context.signal };
	const seen = await pollUntil(() => readRelease(target, context), isOver, limits);
	if (seen === null || judgeRelease(seen, change.sha) !== 'failed') return;
	throw new TaskFailure({
		code: 'deploy-failed',
		summary: `${change.remote} took ${shortSha(change.sha)}, and ${releaseWords(seen.newest, target)} ${seen.newest.status}`,
		seen: ranBefore(seen.before),
		hint: `see \`heroku releases:output v${seen.newest.version} --app ${target.app}\`; to go back: ${rollbackCommand(target, seen.before)}`,
	});
}
