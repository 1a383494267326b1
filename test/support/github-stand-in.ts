import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
	type DispatchBody,
	dispatchedBody,
	errorBody,
	jobsBody,
	pageOf,
	type RunScript,
	repositoryBody,
	runBody,
	runsBody,
	type StandInRun,
	workflowBody,
} from './github/answers.ts';

/** What happens to a request instead of what should. */
export interface GitHubFault {
	/** Which requests: the beginning of `GET /repos/acme/turf/actions/runs/1`. */
	readonly on: string;
	/** `cut`: the connection ends without a word; `tear`: in the middle of the body. Absent: what it would be told anyway. */
	readonly answer?: 'cut' | 'tear' | { readonly status: number; readonly message: string; readonly headers?: Headers };
	/** Done when the request arrives, before anything else. */
	readonly meanwhile?: () => void;
	/** The request has its effect all the same. */
	readonly take?: boolean;
}

type Headers = Readonly<Record<string, string>>;

export interface StandInRepository {
	/** What the head of a branch is; null is a branch that GitHub does not know. */
	readonly headOf: (ref: string) => string | null;
	readonly workflows: Readonly<Record<string, 'active' | 'disabled_manually'>>;
}

export interface GitHubStandInOptions {
	/** By `owner/name`. */
	readonly repositories: Readonly<Record<string, StandInRepository>>;
	readonly token?: string;
	/**
	 * What it makes of `return_run_details`: GitHub today answers with the run, before 2026 it answered 204,
	 * and an Enterprise server may refuse what it does not know.
	 */
	readonly details?: 'told' | 'ignored' | 'refused';
	/** The title of a run, as `run-name` of a workflow makes it of the inputs. */
	readonly titleOf?: (inputs: Readonly<Record<string, string>>) => string;
	/** Called when a run is first seen completed. */
	readonly onCompleted?: (run: StandInRun) => void;
}

/**
 * GitHub's API as far as a deploy needs it, that can be told to fail. Its answers are held to GitHub's
 * published description by the compiler (github/answers.ts). A run takes one step with each look at it,
 * so that hours pass in as many requests.
 */
export interface GitHubStandIn {
	/** Without a slash at its end. */
	readonly url: string;
	readonly token: string;
	/** `GET /repos/…` of every request, oldest first. */
	readonly requests: readonly string[];
	/** Dispatched runs, ours and others', oldest first. */
	readonly runs: readonly StandInRun[];
	/** How the runs that are dispatched from now on go. */
	script(script: RunScript): void;
	/** The next `times` requests of that kind end like this. */
	fault(fault: GitHubFault, times?: number): void;
	/** New runs are listed only after the list was read this often. */
	lagList(reads: number): void;
	/** A run that somebody else started. */
	add(run: Pick<StandInRun, 'repo' | 'workflow' | 'ref' | 'headSha'> & Partial<StandInRun>): StandInRun;
	stop(): Promise<void>;
}

/** Above what a JavaScript number can hold, as GitHub's ids will be. */
const FIRST_ID = 9_007_199_254_740_993n;
const SUCCESS: RunScript = { states: ['queued', 'in_progress'], conclusion: 'success' };

interface State {
	readonly options: GitHubStandInOptions;
	readonly token: string;
	readonly requests: string[];
	readonly runs: StandInRun[];
	/** Reads of the list until a run is on it. */
	readonly hidden: Map<bigint, number>;
	faults: GitHubFault[];
	script: RunScript;
	lag: number;
	base: string;
}

interface Reply {
	readonly status: number;
	readonly body?: object;
	readonly headers?: Headers;
}

/** Starts a stand-in on loopback and resolves when it listens. */
export async function startGitHubStandIn(options: GitHubStandInOptions): Promise<GitHubStandIn> {
	const { token = 'ghp_standInStandInStandInStandInStandIn1' } = options;
	const state: State = {
		options,
		token,
		requests: [],
		runs: [],
		hidden: new Map(),
		faults: [],
		script: SUCCESS,
		lag: 0,
		base: '',
	};
	const server = createServer((request, response) => {
		void serve(state, request, response);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	state.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		url: state.base,
		token,
		requests: state.requests,
		runs: state.runs,
		script: (script) => {
			state.script = script;
		},
		fault: (fault, times = 1) => {
			for (let left = times; left > 0; left -= 1) state.faults.push(fault);
		},
		lagList: (reads) => {
			state.lag = reads;
		},
		add: (run) => addRun(state, { event: 'workflow_dispatch', title: 'Deploy', inputs: {}, script: SUCCESS, ...run }),
		stop: async () => {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}

function addRun(state: State, run: Omit<StandInRun, 'id' | 'shown'>): StandInRun {
	const added = { ...run, id: FIRST_ID + BigInt(state.runs.length), shown: 0 };
	state.runs.push(added);
	state.hidden.set(added.id, state.lag);
	return added;
}

async function serve(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const [path = '', query = ''] = (request.url ?? '').split('?');
	const asked = `${request.method} ${path}`;
	state.requests.push(asked);
	const body = await text(request);
	const place = state.faults.findIndex(({ on }) => asked.startsWith(on));
	const [fault] = place < 0 ? [] : state.faults.splice(place, 1);
	const reply = (): Reply => answer(state, { asked, query: new URLSearchParams(query), body, request });
	fault?.meanwhile?.();
	if (!fault?.answer) return send(response, reply());
	const taken = fault.take || fault.answer === 'tear' ? reply() : null;
	if (fault.answer === 'cut') request.socket.destroy();
	else if (fault.answer === 'tear') tear(response, taken ?? { status: 200 });
	else send(response, { ...fault.answer, body: errorBody(fault.answer.message) });
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
	response.writeHead(status, { ...headers, ...(body ? { 'content-type': 'application/json; charset=utf-8' } : {}) });
	response.end(body ? toJson(body) : undefined);
}

function tear(response: ServerResponse, { status, body = {} }: Reply): void {
	const whole = toJson(body);
	response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': whole.length });
	response.write(whole.slice(0, Math.floor(whole.length / 2)), () => response.destroy());
}

/** Ids are written as the plain numbers that they are on the wire, however long. */
function toJson(body: object): string {
	const marked = JSON.stringify(body, (_key, value) => (typeof value === 'bigint' ? `bigint:${value}` : value));
	return marked.replace(/"bigint:(\d+)"/g, '$1');
}

interface Asked {
	readonly asked: string;
	readonly query: URLSearchParams;
	readonly body: string;
	readonly request: IncomingMessage;
}

type Route = (state: State, found: Readonly<Record<string, string>>, asked: Asked) => Reply;

const REPO = '(?<repo>[^/]+/[^/]+)';
const WORKFLOW = `^/repos/${REPO}/actions/workflows/(?<file>[^/]+)`;
const ROUTES: readonly (readonly [method: string, path: RegExp, route: Route])[] = [
	['GET', new RegExp(`^/repos/${REPO}$`), (_, { repo = '' }) => ({ status: 200, body: repositoryBody(repo) })],
	['GET', new RegExp(`${WORKFLOW}$`), readWorkflow],
	['GET', new RegExp(`${WORKFLOW}/runs$`), listRuns],
	['POST', new RegExp(`${WORKFLOW}/dispatches$`), dispatch],
	['GET', new RegExp(`^/repos/${REPO}/actions/runs/(?<id>\\d+)$`), readRun],
	['GET', new RegExp(`^/repos/${REPO}/actions/runs/(?<id>\\d+)/jobs$`), readJobs],
];

const NOT_FOUND: Reply = { status: 404, body: errorBody('Not Found') };

function answer(state: State, asked: Asked): Reply {
	const { authorization = '' } = asked.request.headers;
	if (!authorization.endsWith(` ${state.token}`)) return { status: 401, body: errorBody('Bad credentials') };
	const [method = '', path = ''] = asked.asked.split(' ');
	for (const [wanted, pattern, route] of ROUTES) {
		const groups = wanted === method ? pattern.exec(path)?.groups : undefined;
		if (!groups) continue;
		return state.options.repositories[groups.repo ?? ''] ? route(state, groups, asked) : NOT_FOUND;
	}
	return NOT_FOUND;
}

function workflowState(state: State, { repo = '', file = '' }: Readonly<Record<string, string>>) {
	return state.options.repositories[repo]?.workflows[file] ?? null;
}

function readWorkflow(state: State, found: Readonly<Record<string, string>>): Reply {
	const known = workflowState(state, found);
	const { repo = '', file = '' } = found;
	return known ? { status: 200, body: workflowBody(state.base, { repo, file, state: known }) } : NOT_FOUND;
}

function listRuns(state: State, found: Readonly<Record<string, string>>, { query }: Asked): Reply {
	if (workflowState(state, found) === null) return NOT_FOUND;
	const event = query.get('event');
	const listed = state.runs.filter((run) => {
		const left = state.hidden.get(run.id) ?? 0;
		state.hidden.set(run.id, Math.max(0, left - 1));
		return left === 0 && run.repo === found.repo && run.workflow === found.file && (!event || run.event === event);
	});
	return { status: 200, body: runsBody(state.base, listed.toReversed().slice(0, Number(query.get('per_page') ?? 30))) };
}

/** What may be sent; GitHub refuses a key that its description does not have. */
const DISPATCH_KEYS: readonly (keyof DispatchBody)[] = ['ref', 'inputs', 'return_run_details'];

function dispatch(state: State, found: Readonly<Record<string, string>>, { body }: Asked): Reply {
	const { repo = '', file: workflow = '' } = found;
	const { details = 'told', titleOf = () => 'Deploy', repositories } = state.options;
	const sent = JSON.parse(body) as DispatchBody;
	const { ref, return_run_details: wantsDetails } = sent;
	const inputs = (sent.inputs ?? {}) as Readonly<Record<string, string>>;
	const known = workflowState(state, found);
	if (known === null) return NOT_FOUND;
	const refusal = (message: string): Reply => ({ status: 422, body: errorBody(message) });
	const keys = DISPATCH_KEYS.filter((key) => details !== 'refused' || key !== 'return_run_details');
	const stray = Object.keys(sent).find((key) => !keys.some((known) => known === key));
	if (stray !== undefined) return refusal(`Invalid request.\n\n"${stray}" is not a permitted key.`);
	if (known !== 'active') return refusal("Cannot trigger a 'workflow_dispatch' on a disabled workflow");
	const headSha = repositories[repo]?.headOf(ref) ?? null;
	if (headSha === null) return refusal(`No ref found for: ${ref}`);
	const title = titleOf(inputs);
	const run = addRun(state, {
		repo,
		workflow,
		event: 'workflow_dispatch',
		ref,
		headSha,
		title,
		inputs,
		script: state.script,
	});
	if (details !== 'told' || wantsDetails !== true) return { status: 204 };
	return { status: 200, body: dispatchedBody(state.base, run) };
}

function runNamed(state: State, { repo, id = '' }: Readonly<Record<string, string>>): StandInRun | null {
	return state.runs.find((run) => run.repo === repo && String(run.id) === id) ?? null;
}

function readRun(state: State, found: Readonly<Record<string, string>>): Reply {
	const run = runNamed(state, found);
	if (!run) return NOT_FOUND;
	const body = runBody(state.base, run);
	if (run.shown === run.script.states.length) state.options.onCompleted?.(run);
	// Completed is completed, however often it is looked at.
	run.shown += 1;
	return { status: 200, body };
}

function readJobs(state: State, found: Readonly<Record<string, string>>): Reply {
	const run = runNamed(state, found);
	return run ? { status: 200, body: jobsBody(state.base, run) } : NOT_FOUND;
}

/** The page of a run, as its answers name it. */
export function runPage(github: GitHubStandIn, run: StandInRun): string {
	return pageOf(github.url, run);
}
