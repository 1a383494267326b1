import { setTimeout as delay } from 'node:timers/promises';
import { Unreadable } from '../core/diagnostic.ts';
import { redact } from '../core/redact.ts';
import { describeFailure, isTransient } from './http-failure.ts';
import { backoffOf } from './retry.ts';

/** One request. Only GET and HEAD are ever sent twice. */
export interface HttpRequest {
	/** For one attempt, headers and body together. */
	readonly timeoutMs: number;
	/** Further attempts after a network failure, 429 or 5xx. */
	readonly retries: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly signal?: AbortSignal;
	readonly method?: 'GET' | 'HEAD' | 'POST';
	readonly body?: string;
	/** Longest body that is accepted. */
	readonly maxBytes?: number;
	/** `manual`: a redirect is an answer like any other. Followed wherever it leads when absent. */
	readonly redirect?: 'manual';
	/** True when 429 and 5xx are answers like any other, as for a smoke test: given back, never retried. */
	readonly anyStatus?: boolean;
	/** First pause; it doubles with each attempt. */
	readonly backoffMs?: number;
	/** What messages call it, when the URL itself is a secret; else the URL without user, query and fragment. */
	readonly name?: string;
}

export interface HttpAnswer<Body> {
	readonly status: number;
	readonly headers: Headers;
	readonly body: Body;
	/** After redirects. */
	readonly finalUrl: string;
}

const MAX_BYTES = 64 * 1024 * 1024;
/** Neither a server's Retry-After nor our own backoff makes anyone wait longer than this for one attempt. */
const LONGEST_PAUSE_MS = 20_000;

/**
 * The one place of fetch. Gives every answer below 500 but 429, also 404 and 401; what remains
 * after the retries throws Unreadable with `dns`, `refused`, `tls`, `timeout`, `connection` or the
 * status in front. A user and password in the URL are sent as Basic authorization.
 * An abort through `signal` rejects with the signal's reason.
 */
export async function fetchText(url: string, request: HttpRequest): Promise<HttpAnswer<string>> {
	const answer = await fetchBytes(url, request);
	return { ...answer, body: answer.body.toString('utf8') };
}

/** Like `fetchText`, in bytes. */
export function fetchBytes(url: string, request: HttpRequest): Promise<HttpAnswer<Buffer>> {
	return attempts(url, request, (response) => readBody(response, request.maxBytes ?? MAX_BYTES));
}

/** Asks for the status alone: the body is not read, however long. Errors as `fetchText`. */
export function fetchStatus(url: string, request: HttpRequest): Promise<HttpAnswer<null>> {
	return attempts(url, request, async (response) => {
		await response.body?.cancel();
		return null;
	});
}

async function attempts<Body>(
	url: string,
	request: HttpRequest,
	read: (response: Response) => Promise<Body>,
): Promise<HttpAnswer<Body>> {
	const method = request.method ?? 'GET';
	const name = request.name ?? urlForPeople(url);
	if (!URL.canParse(url)) throw new Unreadable(`${method} ${name}`, 'not a valid URL');
	const last = method === 'POST' ? 0 : request.retries;
	for (let attempt = 0; ; attempt += 1) {
		const outcome = await attemptOnce(url, request, read);
		if (outcome.type === 'answer') return outcome.answer;
		if (attempt >= last || !outcome.transient) throw new Unreadable(`${method} ${name}`, outcome.seen);
		await pause(pauseMs(attempt, outcome.retryAfterMs, request), request.signal);
	}
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
	try {
		await delay(ms, undefined, signal ? { signal } : {});
	} catch {
		signal?.throwIfAborted();
	}
}

type Outcome<Body> =
	| { readonly type: 'answer'; readonly answer: HttpAnswer<Body> }
	| {
			readonly type: 'failure';
			readonly seen: string;
			readonly transient: boolean;
			readonly retryAfterMs: number | null;
	  };

async function attemptOnce<Body>(
	url: string,
	request: HttpRequest,
	read: (response: Response) => Promise<Body>,
): Promise<Outcome<Body>> {
	try {
		const response = await send(url, request);
		if (request.anyStatus !== true && isOverloaded(response.status)) return await overloaded(response);
		const { status, headers, url: finalUrl } = response;
		return { type: 'answer', answer: { status, headers, body: await read(response), finalUrl } };
	} catch (error) {
		request.signal?.throwIfAborted();
		return {
			type: 'failure',
			seen: redact(describeFailure(error, request.timeoutMs)),
			transient: isTransient(error),
			retryAfterMs: null,
		};
	}
}

function send(url: string, request: HttpRequest): Promise<Response> {
	const target = new URL(url);
	const headers = new Headers({ 'User-Agent': 'slipway', ...request.headers });
	// fetch refuses a URL with credentials in it.
	if (target.username !== '' && !headers.has('Authorization')) headers.set('Authorization', basicAuthorization(target));
	target.username = '';
	target.password = '';
	const deadline = AbortSignal.timeout(request.timeoutMs);
	return fetch(target, {
		method: request.method ?? 'GET',
		headers,
		redirect: request.redirect ?? 'follow',
		body: request.body ?? null,
		signal: request.signal ? AbortSignal.any([request.signal, deadline]) : deadline,
	});
}

function basicAuthorization(url: URL): string {
	const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
	return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

async function readBody(response: Response, maxBytes: number): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += chunk.length;
		if (size > maxBytes) throw new TooLong(maxBytes);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

class TooLong extends Error {
	constructor(maxBytes: number) {
		super(`the body is longer than ${maxBytes} bytes`);
	}
}

function isOverloaded(status: number): boolean {
	// 501 is final: the server does not know the method.
	return status === 429 || (status >= 500 && status !== 501);
}

async function overloaded(response: Response): Promise<Outcome<never>> {
	const retryAfterMs = retryAfter(response.headers.get('Retry-After'));
	await response.body?.cancel();
	const seen = `HTTP ${response.status} ${response.statusText}`.trimEnd();
	return { type: 'failure', seen, transient: true, retryAfterMs };
}

/** Retry-After is a number of seconds or a date (RFC 9110 §10.2.3). */
function retryAfter(header: string | null): number | null {
	if (header === null) return null;
	if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
	const at = Date.parse(header);
	return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

function pauseMs(attempt: number, retryAfterMs: number | null, request: HttpRequest): number {
	return Math.min(LONGEST_PAUSE_MS, retryAfterMs ?? backoffOf(attempt, request.backoffMs));
}

/** A URL as messages show it: without user, password, query and fragment, which may all be secrets. */
export function urlForPeople(url: string): string {
	const parsed = URL.parse(url);
	return redact(parsed === null ? url : `${parsed.origin}${parsed.pathname}`);
}
