import { Unreadable } from '../../core/diagnostic.ts';
import { type HttpAnswer, urlForPeople } from '../../io/http.ts';
import type { TaskContext } from '../contract.ts';
import { judgeReply, judgeSilence, type Reply, type Verdict } from './judge.ts';
import type { Question } from './question.ts';

/** What an app said when it was asked whether it is up. Not answering is an answer here: it is not up. */
export interface Answer extends Verdict {
	readonly url: string;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const MOST_REDIRECTS = 5;

/** Asks once. */
export function askIfUp(question: Question, context: TaskContext): Promise<Answer> {
	return ask(question, context, context.config.train.timeouts.probeMs);
}

/** Asks until it is up or `smoke` of train.timeouts is over; gives the last answer, and tells each new one. */
export async function waitUntilUp(question: Question, context: TaskContext): Promise<Answer> {
	const { probeMs, smokeMs } = context.config.train.timeouts;
	const end = performance.now() + smokeMs;
	let told = '';
	const take = async () => {
		const answer = await ask(question, context, Math.max(1, Math.min(probeMs, Math.ceil(end - performance.now()))));
		const line = `${answer.url} ${answer.said}`;
		if (line !== told) context.output('stdout', line);
		told = line;
		return answer;
	};
	return pollUntil(take, (answer) => answer.up, { timeoutMs: smokeMs, signal: context.signal });
}

async function ask(question: Question, context: TaskContext, timeoutMs: number): Promise<Answer> {
	const url = urlForPeople(question.url);
	try {
		return { url, ...judgeReply(question, await follow(question, context, timeoutMs)) };
	} catch (error) {
		if (error instanceof Unreadable) return { url, ...judgeSilence(error.seen) };
		throw error;
	}
}

/** Follows redirects within the app's own host: what another host answers says nothing of this app. */
async function follow({ url, status: wanted }: Question, context: TaskContext, timeoutMs: number): Promise<Reply> {
	const end = performance.now() + timeoutMs;
	let at = url;
	for (let redirects = 0; ; redirects += 1) {
		const { status, headers, body } = await fetchPage(at, context, Math.max(1, Math.ceil(end - performance.now())));
		const reply = { status, headers, body, movedTo: redirects === 0 ? null : urlForPeople(at), elsewhere: null };
		const next = status === wanted ? null : redirectOf(status, headers, at);
		if (next === null) return reply;
		const isOurs = new URL(next).hostname === new URL(url).hostname;
		if (!isOurs || redirects === MOST_REDIRECTS) return { ...reply, elsewhere: urlForPeople(next) };
		at = next;
	}
}

function fetchPage(url: string, { world, signal }: TaskContext, timeoutMs: number): Promise<HttpAnswer<string>> {
	return world.fetchText(url, { timeoutMs, retries: 0, anyStatus: true, redirect: 'manual', signal });
}

function redirectOf(status: number, headers: Headers, from: string): string | null {
	const to = status >= 300 && status < 400 ? headers.get('Location') : null;
	const url = to === null ? null : URL.parse(to, from);
	return url && /^https?:$/.test(url.protocol) ? url.href : null;
}

/** Repeats a read with growing pauses until `enough` says so, the time is over or the run is cancelled. */
export async function pollUntil<T>(
	take: () => Promise<T>,
	enough: (value: T) => boolean,
	limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<T> {
	const { setTimeout: pause } = await import('node:timers/promises');
	const end = performance.now() + limits.timeoutMs;
	for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.6, LONGEST_PAUSE_MS)) {
		const value = await take();
		if (enough(value) || limits.signal.aborted || performance.now() + pauseMs > end) return value;
		await pause(pauseMs, undefined, { signal: limits.signal }).catch(() => undefined);
	}
}
