import { Unreadable } from '../../core/diagnostic.ts';
import type { TaskContext } from '../contract.ts';

/** What an app said when it was asked whether it is up. Not answering is an answer here: it is not up. */
export interface Answer {
	readonly url: string;
	readonly up: boolean;
	/** `answers 503`, `does not answer: connection refused`. */
	readonly said: string;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Where an app says that it is up: `smoke_url`/up. */
export function upUrl(smokeUrl: string): string {
	return `${smokeUrl.replace(/\/+$/, '')}/up`;
}

/** Asks once. */
export async function askIfUp(url: string, context: TaskContext): Promise<Answer> {
	try {
		const { status } = await context.world.fetchText(url, {
			timeoutMs: context.config.train.timeouts.probeMs,
			retries: 0,
			anyStatus: true,
			signal: context.signal,
		});
		return { url, up: status === 200, said: `answers ${status}` };
	} catch (error) {
		if (error instanceof Unreadable) return { url, up: false, said: `does not answer: ${error.seen}` };
		throw error;
	}
}

/** Asks until it is up or `smoke` of train.timeouts is over; gives the last answer. */
export async function waitUntilUp(url: string, context: TaskContext): Promise<Answer> {
	return pollUntil(
		() => askIfUp(url, context),
		(answer) => answer.up,
		{ timeoutMs: context.config.train.timeouts.smokeMs, signal: context.signal },
	);
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
