import { shortSha } from '../../../core/brand.ts';
import { githubPlaceOf, tokenFor } from '../../../io/github-place.ts';
import { repoOf, type TaskContext } from '../../contract.ts';
import { type Finding, finding } from '../../preflight/check.ts';
import type { CheckedAt, TargetCheck, TargetOf } from '../adapter.ts';
import { findingsOf } from '../findings.ts';
import { INPUTS_HINT } from './decide.ts';
import { inputFaults } from './inputs.ts';
import { readWorkflow, workflowCommit } from './place.ts';

type Target = TargetOf<'github_actions'>;

/** The workflow is there at the commit that will run it and takes our inputs; GitHub answers, to a token that sees the repository. */
export async function checkActions(target: Target, { ships }: CheckedAt, context: TaskContext): Promise<TargetCheck> {
	const [ofFile, ofServer] = await Promise.all([
		ships === null ? [] : findingsOf(checkFile(target, ships, context)),
		findingsOf(checkServer(target, context)),
	]);
	return { findings: [...ofFile, ...ofServer] };
}

type Ships = NonNullable<CheckedAt['ships']>;

async function checkFile(target: Target, ships: Ships, context: TaskContext): Promise<readonly Finding[]> {
	const { workflow, ref } = target;
	const commit = await workflowCommit({ target, sha: ships, purpose: 'ship' }, context);
	if (commit === null) {
		return [
			finding('preflight', `origin has no ${ref} to run ${workflow} on`, { hint: 'correct `ref` of the target' }),
		];
	}
	const declared = await readWorkflow(target, commit, context);
	if (declared === null) {
		const summary = `.github/workflows/${workflow} is missing at ${shortSha(commit)}, or has no workflow_dispatch`;
		const hint = 'commit it, with `on: workflow_dispatch`, or correct the workflow in release_repos.yml';
		return [finding('preflight', summary, { hint })];
	}
	return inputFaults(target, declared).map((fault) => finding('preflight', fault, { hint: INPUTS_HINT }));
}

async function checkServer({ workflow }: Target, context: TaskContext): Promise<readonly Finding[]> {
	const { github, env } = context.world;
	const url = await context.world.repository(repoOf(context)).originUrl();
	const place = githubPlaceOf(url);
	if (place === null) {
		const hint = 'a github_actions target needs an origin on GitHub: correct the remote of the checkout';
		return [finding('preflight', `${url} is on no GitHub server`, { hint })];
	}
	if (tokenFor(place, env) === null) {
		const variable = place.host === 'github.com' ? 'GH_TOKEN' : 'GH_ENTERPRISE_TOKEN';
		const hint = `set ${variable} to a token that may write actions, such as \`gh auth token --hostname ${place.host}\` prints`;
		return [finding('preflight', `there is no token to dispatch ${workflow} at ${place.host}`, { hint })];
	}
	const name = `${place.owner}/${place.repo}`;
	if (!(await github.hasRepository(place))) {
		const hint = 'correct the origin, or give the token access to the repository';
		return [finding('preflight', `${place.host} shows no ${name} to this token`, { hint })];
	}
	// Unknown is fine: GitHub learns of a new workflow when main has it, and this train brings it there.
	const state = (await github.workflowState(place, workflow)) ?? 'active';
	if (state === 'active') return [];
	return [
		finding('preflight', `${workflow} of ${name} is ${state}`, { hint: `gh workflow enable ${workflow} -R ${name}` }),
	];
}
