import type { components, operations } from '@octokit/openapi-types';

type Schemas = components['schemas'];

/**
 * What GitHub's published description of its API says an answer is (github.com/github/rest-api-description,
 * as types). The compiler holds every answer of the stand-in to it: a field that is missing, misspelt or of
 * another type does not build. Left out are only the objects of the repository, some hundred fields that
 * no deploy reads.
 */
type Run = Omit<Schemas['workflow-run'], 'repository' | 'head_repository'>;
type Jobs = operations['actions/list-jobs-for-workflow-run']['responses'][200]['content']['application/json'];
type Runs = Omit<
	operations['actions/list-workflow-runs']['responses'][200]['content']['application/json'],
	'workflow_runs'
> & { readonly workflow_runs: readonly Run[] };
type Dispatched = operations['actions/create-workflow-dispatch']['responses'][200]['content']['application/json'];
export type DispatchBody = operations['actions/create-workflow-dispatch']['requestBody']['content']['application/json'];
type Repository = Pick<Schemas['full-repository'], 'id' | 'name' | 'full_name' | 'default_branch'>;
export type RunStatus = NonNullable<operations['actions/list-workflow-runs']['parameters']['query']>['status'] & string;

/** How a run goes: it shows these states one after the other, one a look, and then its conclusion. */
export interface RunScript {
	readonly states: readonly RunStatus[];
	readonly conclusion: 'success' | 'failure' | 'cancelled' | 'timed_out' | 'action_required' | 'stale' | 'skipped';
	/** Job, and the step of it that fails. */
	readonly failing?: readonly { readonly job: string; readonly step: string }[];
}

/** A run as the stand-in keeps it. */
export interface StandInRun {
	readonly id: bigint;
	/** `acme/turf` */
	readonly repo: string;
	readonly workflow: string;
	readonly event: 'workflow_dispatch' | 'push';
	readonly ref: string;
	readonly headSha: string;
	readonly title: string;
	readonly inputs: Readonly<Record<string, string>>;
	readonly script: RunScript;
	/** States that were shown so far. */
	shown: number;
}

const AT = '2026-01-02T03:04:05Z';
const WORKFLOW_ID = 161_335;

function statusOf({ script, shown }: StandInRun): { status: RunStatus; conclusion: string | null } {
	const status = script.states[shown];
	return status === undefined ? { status: 'completed', conclusion: script.conclusion } : { status, conclusion: null };
}

export function runBody(base: string, run: StandInRun): Run {
	const { id, repo, workflow, ref, headSha } = run;
	const url = `${base}/repos/${repo}/actions/runs/${id}`;
	return {
		id,
		name: 'Deploy',
		node_id: 'WFR_1',
		head_branch: ref,
		head_sha: headSha,
		path: `.github/workflows/${workflow}`,
		display_title: run.title,
		run_number: Number(id % 100_000n),
		run_attempt: 1,
		event: run.event,
		...statusOf(run),
		workflow_id: WORKFLOW_ID,
		check_suite_id: 42,
		check_suite_node_id: 'CS_1',
		url,
		html_url: pageOf(base, run),
		pull_requests: [],
		created_at: AT,
		updated_at: AT,
		run_started_at: AT,
		jobs_url: `${url}/jobs`,
		logs_url: `${url}/logs`,
		check_suite_url: `${base}/repos/${repo}/check-suites/42`,
		artifacts_url: `${url}/artifacts`,
		cancel_url: `${url}/cancel`,
		rerun_url: `${url}/rerun`,
		previous_attempt_url: null,
		workflow_url: `${base}/repos/${repo}/actions/workflows/${WORKFLOW_ID}`,
		head_commit: null,
	};
}

export function pageOf(base: string, { repo, id }: StandInRun): string {
	return `${base}/${repo}/actions/runs/${id}`;
}

export function runsBody(base: string, runs: readonly StandInRun[]): Runs {
	return { total_count: runs.length, workflow_runs: runs.map((run) => runBody(base, run)) };
}

export function dispatchedBody(base: string, run: StandInRun): Dispatched {
	const { url, html_url } = runBody(base, run);
	return { workflow_run_id: run.id, run_url: url, html_url };
}

export function workflowBody(
	base: string,
	place: { repo: string; file: string; state: Schemas['workflow']['state'] },
): Schemas['workflow'] {
	const { repo, file, state } = place;
	return {
		id: WORKFLOW_ID,
		node_id: 'W_1',
		name: 'Deploy',
		path: `.github/workflows/${file}`,
		state,
		created_at: AT,
		updated_at: AT,
		url: `${base}/repos/${repo}/actions/workflows/${WORKFLOW_ID}`,
		html_url: `${base}/${repo}/blob/main/.github/workflows/${file}`,
		badge_url: `${base}/${repo}/workflows/Deploy/badge.svg`,
	};
}

export function repositoryBody(repo: string): Repository {
	return { id: 1_296_269, name: repo.split('/')[1] ?? '', full_name: repo, default_branch: 'main' };
}

/** Every run has a job that succeeds before those that fail. */
export function jobsBody(base: string, run: StandInRun): Jobs {
	const failing = (run.script.failing ?? []).map((failed) => ({ ...failed, conclusion: 'failure' as const }));
	const jobs = [{ job: 'build', step: 'Build', conclusion: 'success' as const }, ...failing].map(
		({ job, step, conclusion }, index): Schemas['job'] => ({
			id: index + 1,
			run_id: run.id,
			run_url: `${base}/repos/${run.repo}/actions/runs/${run.id}`,
			node_id: `J_${index}`,
			head_sha: run.headSha,
			url: `${base}/repos/${run.repo}/actions/jobs/${index + 1}`,
			html_url: null,
			status: 'completed',
			conclusion,
			created_at: AT,
			started_at: AT,
			completed_at: AT,
			name: job,
			steps: [
				{ status: 'completed', conclusion: 'success', name: 'Set up job', number: 1 },
				{ status: 'completed', conclusion, name: step, number: 2 },
			],
			check_run_url: `${base}/repos/${run.repo}/check-runs/${index + 1}`,
			labels: [],
			runner_id: null,
			runner_name: null,
			runner_group_id: null,
			runner_group_name: null,
			workflow_name: 'Deploy',
			head_branch: run.ref,
		}),
	);
	return { total_count: jobs.length, jobs };
}

/** The words of a refusal. */
export function errorBody(message: string): Schemas['basic-error'] {
	return { message, documentation_url: 'https://docs.github.com/rest' };
}
