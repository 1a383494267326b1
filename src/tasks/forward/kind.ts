import type { Sha } from '../../core/brand.ts';
import type { Specs } from '../../graph/specs.ts';
import { lastWords, outputOf } from '../../io/command.ts';
import { repoOf, type TaskContext, TaskFailure, type TaskKind } from '../contract.ts';
import { IDENTITY } from '../identity.ts';
import { pushAndCheck } from '../push.ts';
import { decideForward, type ForwardChange, type ObservedTips } from './decide.ts';

/** Merges main into the release branch in a private workspace, or stops with the conflicting files. */
export const forward: TaskKind<Specs['forward'], ObservedTips, ForwardChange> = {
	name: 'forward',
	probe: async (spec, context) => {
		const repository = context.world.repository(repoOf(context));
		const refs = await repository.originRefs();
		const main = refs.get(`refs/heads/${spec.mainBranch}`) ?? null;
		const release = refs.get(`refs/heads/${spec.releaseBranch}`) ?? null;
		const releaseContainsMain = main !== null && release !== null && (await repository.isAncestor(main, release));
		return { main, release, releaseContainsMain };
	},
	decide: decideForward,
	run: async (change, context) => {
		const sha = await merge(change, context);
		const url = await context.world.repository(repoOf(context)).originUrl();
		await pushAndCheck(context, url, { sha, ref: change.into, expected: change.release });
	},
};

async function merge(change: ForwardChange, context: TaskContext): Promise<Sha> {
	const { world } = context;
	const repo = repoOf(context);
	const repository = world.repository(repo);
	await repository.hasCommit(change.main);
	const workspace = await world.workspaces.at(repository, change.release);
	world.workspaces.used(repo);
	const inWorkspace = (...args: string[]) =>
		repository.git(['-C', workspace.path, ...args], { env: IDENTITY, onLine: context.output });
	const message = `Merge ${context.config.train.mainBranch} into ${context.config.train.releaseBranch}`;
	const result = await inWorkspace('merge', '--no-ff', '--no-edit', '-m', message, change.main);
	if (result.exitCode !== 0) {
		const conflicts = outputOf(await inWorkspace('diff', '--name-only', '--diff-filter=U', '-z'), 'git diff')
			.split('\0')
			.filter(Boolean);
		throw new TaskFailure(
			{
				code: 'conflict',
				summary: `${context.config.train.mainBranch} and ${context.config.train.releaseBranch} of ${repo} do not merge`,
				seen: conflicts.length > 0 ? `conflicts in:\n${conflicts.join('\n')}` : lastWords(result),
				hint: `merge ${context.config.train.mainBranch} into ${context.config.train.releaseBranch} by hand, push it, and run \`slipway prepare\` again`,
			},
			result,
		);
	}
	return world.workspaces.committed(repository);
}
