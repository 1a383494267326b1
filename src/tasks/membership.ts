import type { Config, Gem, Repo } from '../config/types.ts';
import type { RepoName, Sha } from '../core/brand.ts';
import { type Diagnostic, Unreadable, unreadFinding } from '../core/diagnostic.ts';
import { outputOf } from '../io/command.ts';
import { type TaskContext, TaskFailure } from './contract.ts';
import { observeGem } from './freeze/observe.ts';

export type Membership =
	| { readonly type: 'member'; readonly repo: RepoName; readonly reason: string }
	| { readonly type: 'stays'; readonly repo: RepoName; readonly reason: string }
	| { readonly type: 'problem'; readonly finding: Diagnostic };

/**
 * Who rides (2-train.md §3): repositories whose release branch is ahead of main, and gems whose
 * version is not live. A repository that can't be read is a problem, never somebody who stays.
 */
export async function membershipOf(repo: Repo, contextOf: (repo: RepoName) => TaskContext): Promise<Membership> {
	try {
		return await judge(repo, contextOf(repo.name));
	} catch (error) {
		if (error instanceof Unreadable) return problem(repo, unreadFinding(error));
		if (error instanceof TaskFailure) return problem(repo, error.finding);
		throw error;
	}
}

async function judge(repo: Repo, context: TaskContext): Promise<Membership> {
	const { mainBranch, releaseBranch } = context.config.train;
	const repository = context.world.repository(repo.name);
	const refs = await repository.originRefs();
	const main = refs.get(`refs/heads/${mainBranch}`);
	const release = refs.get(`refs/heads/${releaseBranch}`);
	if (!main || !release) {
		const hint = main ? 'run `slipway init` to create it' : 'name the right branch as train.main_branch';
		return problem(repo, { code: 'blocked', summary: `origin has no ${main ? releaseBranch : mainBranch}`, hint });
	}
	const ahead = main === release ? 0 : await countAhead(main, release, context);
	if (ahead > 0)
		return {
			type: 'member',
			repo: repo.name,
			reason: `${ahead} ${ahead === 1 ? 'commit' : 'commits'} ahead of ${mainBranch}`,
		};
	const unpublished = repo.type === 'gem' ? await unpublishedVersion(repo, release, context) : null;
	if (unpublished) return { type: 'member', repo: repo.name, reason: unpublished };
	return { type: 'stays', repo: repo.name, reason: `${releaseBranch} is not ahead of ${mainBranch}` };
}

async function countAhead(main: Sha, release: Sha, context: TaskContext): Promise<number> {
	const repository = context.world.repository(context.repo as RepoName);
	await Promise.all([repository.hasCommit(main), repository.hasCommit(release)]);
	const args = ['rev-list', '--count', '--end-of-options', `${main}..${release}`];
	return Number(outputOf(await repository.git(args), `git rev-list in ${repository.name}`).trim());
}

/** Why a gem rides though its branches are even, or null when its version is live. */
async function unpublishedVersion(gem: Gem, sha: Sha, context: TaskContext): Promise<string | null> {
	const { gemName, registry, gemspec, versionFile, releaseCheck, buildCmd } = gem;
	const spec = { gem: gemName, version: null, registry, gemspec, versionFile, releaseCheck, buildCmd };
	const { built, live, tagAt } = await observeGem(spec, { sha, known: null }, context);
	if (live?.state === 'listed') return null;
	const reason = `${built.name} ${built.version} is not live`;
	// A tag follows a publish: whoever took the gem back should see that this train brings it again.
	return tagAt === null ? reason : `${reason}, though v${built.version} is tagged: was it yanked?`;
}

function problem(repo: Pick<Config['apps'][number], 'name'>, finding: Omit<Diagnostic, 'severity'>): Membership {
	return { type: 'problem', finding: { severity: 'error', ...finding, repo: repo.name } };
}
