import type { Octokit } from '@octokit/core';
import { Unreadable } from '../core/diagnostic.ts';
import { filledText, openObject, type Shape, shaped } from '../core/shape.ts';
import {
	type FailedJob,
	ID,
	isFailed,
	JOBS,
	RUN,
	RUNS,
	toFailedJob,
	toRun,
	type WorkflowRun,
} from './github-answers.ts';
import { type Failure, failureOf } from './github-failure.ts';
import { apiUrlOf, type GitHubPlace, tokenFor } from './github-place.ts';

export interface WorkflowDispatch {
	readonly ref: string;
	readonly inputs: Readonly<Record<string, string>>;
}

/** What became of a dispatch, as far as one answer can tell. */
export type Dispatched =
	/** `run` is its id where the server says it. */
	| { readonly type: 'taken'; readonly run: string | null }
	| { readonly type: 'refused'; readonly said: string }
	/** The answer was lost, or was an error of the server: it may have been taken. */
	| { readonly type: 'unclear'; readonly said: string };

/**
 * GitHub, as far as deploys need it. A read that failed throws Unreadable, and Unanswered when asking
 * again may well help; what GitHub does not know, or does not show to this token, is null.
 */
export interface GitHub {
	hasRepository(place: GitHubPlace): Promise<boolean>;
	/** `active`, `disabled_manually`, …; null before the default branch has the workflow. */
	workflowState(place: GitHubPlace, file: string): Promise<string | null>;
	/** The newest dispatched runs of a workflow, at most 100, newest first. */
	dispatchedRuns(place: GitHubPlace, file: string): Promise<readonly WorkflowRun[]>;
	run(place: GitHubPlace, id: string): Promise<WorkflowRun>;
	failedJobs(place: GitHubPlace, run: string): Promise<readonly FailedJob[]>;
	/** Sends it once, whatever the answer. */
	dispatch(place: GitHubPlace, file: string, dispatch: WorkflowDispatch): Promise<Dispatched>;
}

/** A read that got no answer: the connection was lost, the server failed, or it asks for a pause. */
export class Unanswered extends Unreadable {
	/** How long the server wants to be left alone. */
	readonly retryAfterMs: number;

	constructor(what: string, seen: string, retryAfterMs = 0) {
		super(what, seen);
		this.name = 'Unanswered';
		this.retryAfterMs = retryAfterMs;
	}
}

export interface GitHubOptions {
	readonly env: Readonly<Record<string, string>>;
	/** Of one attempt. */
	readonly timeoutMs: number;
	/** Further attempts of a read. */
	readonly retries: number;
}

const PER_PAGE = 100;
/** First pause between attempts; octokit multiplies it by 1, 4, 9, … */
const PAUSE_MS = 250;
/** Who must wait longer for the rate limit is told so instead. */
const LONGEST_WAIT_S = 20;

/** The sole importer of octokit, which is loaded with the first request. */
export function createGitHub(options: GitHubOptions): GitHub {
	const clients = new Map<string, Promise<Octokit>>();
	const at = (place: GitHubPlace): Promise<Octokit> => {
		const client = clients.get(place.host) ?? openClient(place, options);
		clients.set(place.host, client);
		return client;
	};
	const ask = async <T>(place: GitHubPlace, question: Question<T>): Promise<T | null> =>
		answerOf(await at(place), { place, ...question }, options.timeoutMs);
	const workflow = 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}';
	return {
		hasRepository: async (place) =>
			(await ask(place, {
				route: 'GET /repos/{owner}/{repo}',
				shape: openObject<{ id: number | bigint }>({ id: ID }),
			})) !== null,
		workflowState: async (place, file) => {
			const shape = openObject<{ state: string }>({ state: filledText });
			return (await ask(place, { route: workflow, with: { workflow_id: file }, shape }))?.state ?? null;
		},
		dispatchedRuns: async (place, file) => {
			const given = { workflow_id: file, event: 'workflow_dispatch', per_page: PER_PAGE };
			const page = known(await ask(place, { route: `${workflow}/runs`, with: given, shape: RUNS }), `runs of ${file}`);
			return page.workflow_runs.map(toRun).sort((one, other) => (BigInt(one.id) < BigInt(other.id) ? 1 : -1));
		},
		run: async (place, run) => {
			const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';
			// Whoever follows a run for hours bounds the attempts himself.
			const given = { run_id: run, request: { retries: 0 } };
			return toRun(known(await ask(place, { route, with: given, shape: RUN }), `run ${run}`));
		},
		failedJobs: async (place, run) => {
			const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs';
			const given = { run_id: run, filter: 'latest', per_page: PER_PAGE };
			const page = known(await ask(place, { route, with: given, shape: JOBS }), `jobs of run ${run}`);
			return page.jobs.filter(isFailed).map(toFailedJob);
		},
		dispatch: async (place, file, dispatch) => sendDispatch(await at(place), { ...place, ...dispatch, file }, options),
	};
}

async function openClient(place: GitHubPlace, { env, timeoutMs, retries }: GitHubOptions): Promise<Octokit> {
	const [{ Octokit: Core }, { retry }, { throttling }] = await Promise.all([
		import('@octokit/core'),
		import('@octokit/plugin-retry'),
		import('@octokit/plugin-throttling'),
	]);
	const Client = Core.plugin(retry, throttling);
	const token = tokenFor(place, env);
	// In octokit's order: the seconds to wait, the request, the client, and how often it waited before.
	const waits = (...[seconds, , , waited]: readonly [number, unknown, unknown, number]) =>
		seconds <= LONGEST_WAIT_S && waited < 2;
	return new Client({
		baseUrl: apiUrlOf(place, env),
		userAgent: 'slipway',
		...(token === null ? {} : { auth: token }),
		request: {
			fetch: (url: string, init: RequestInit) => fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) }),
		},
		retry: { retries, retryAfterBaseValue: PAUSE_MS },
		// Limits are a server's own: its name keeps apart what would otherwise wait for one another.
		throttle: { id: apiUrlOf(place, env), onRateLimit: waits, onSecondaryRateLimit: waits },
		// It would speak on our stderr in the middle of a view.
		log: { debug: silent, info: silent, warn: silent, error: silent },
	});
}

function silent(): void {}

interface Question<T> {
	/** `GET /repos/{owner}/{repo}` */
	readonly route: string;
	readonly with?: Readonly<Record<string, unknown>>;
	readonly shape: Shape<T>;
}

/** Null for 404. A body that broke off reads as text to octokit, with a 200: so every answer is looked at. */
async function answerOf<T>(
	client: Octokit,
	question: Question<T> & { readonly place: GitHubPlace },
	timeoutMs: number,
): Promise<T | null> {
	const { owner, repo } = question.place;
	const what = question.route
		.replace('{owner}', owner)
		.replace('{repo}', repo)
		.replace(/\{\w+\}/g, '…');
	let data: unknown;
	try {
		({ data } = await client.request(question.route, { owner, repo, ...question.with }));
	} catch (error) {
		const failure = failureOf(error, timeoutMs);
		if (failure.status === 404) return null;
		if (failure.isTransient) throw new Unanswered(what, failure.said, failure.retryAfterMs);
		throw new Unreadable(what, failure.said);
	}
	const read = shaped(question.shape, data, 'the answer');
	if (!read.ok) throw new Unanswered(what, read.problems[0] ?? 'no answer');
	return read.value;
}

async function sendDispatch(
	client: Octokit,
	sent: WorkflowDispatch & { readonly owner: string; readonly repo: string; readonly file: string },
	options: GitHubOptions,
): Promise<Dispatched> {
	const send = async (more: object): Promise<Dispatched> => {
		const { owner, repo, file, ref, inputs } = sent;
		const route = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches';
		// The retry plugin would send it again after a 502 that followed a dispatch that was taken.
		const once = { request: { retries: 0 } };
		const { data } = await client.request(route, { owner, repo, workflow_id: file, ref, inputs, ...more, ...once });
		const said = shaped(openObject<{ workflow_run_id: number | bigint }>({ workflow_run_id: ID }), data, 'the answer');
		return { type: 'taken', run: said.ok ? String(said.value.workflow_run_id) : null };
	};
	try {
		return await send({ return_run_details: true });
	} catch (error) {
		const failure = failureOf(error, options.timeoutMs);
		// An older server knows no such parameter; what was refused was not dispatched.
		if (!failure.wasRefused || !failure.said.includes('return_run_details')) return notTaken(failure);
	}
	return send({}).catch((error: unknown) => notTaken(failureOf(error, options.timeoutMs)));
}

function notTaken({ wasRefused, said }: Failure): Dispatched {
	return { type: wasRefused ? 'refused' : 'unclear', said };
}

function known<T>(answer: T | null, what: string): T {
	if (answer === null) throw new Unreadable(what, 'HTTP 404: GitHub knows none, or does not show it to this token');
	return answer;
}
