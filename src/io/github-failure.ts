import { redact } from '../core/redact.ts';
import { describeFailure } from './http-failure.ts';

/** What a request of octokit that threw means. */
export interface Failure {
	/** Null when there was no answer. */
	readonly status: number | null;
	readonly said: string;
	readonly isTransient: boolean;
	/** The server understood and said no: nothing happened. */
	readonly wasRefused: boolean;
	readonly retryAfterMs: number;
}

interface ErrorResponse {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Octokit gives a failed connection the status 500; only a response says what a server said. */
export function failureOf(error: unknown, timeoutMs: number): Failure {
	if (!(error instanceof Error)) throw error;
	const response = 'response' in error ? (error.response as ErrorResponse | undefined) : undefined;
	if (!response) {
		if (!('request' in error)) throw error;
		const said = redact(describeFailure(error.cause ?? error, timeoutMs));
		return { status: null, said, isTransient: true, wasRefused: false, retryAfterMs: 0 };
	}
	const { status, headers } = response;
	const isLimited = status === 429 || (status === 403 && isRateLimit(error, headers));
	const wasRefused = status >= 400 && status < 500 && status !== 408;
	return {
		status,
		said: redact(`HTTP ${status}: ${error.message}`),
		isTransient: isLimited || !wasRefused,
		wasRefused,
		retryAfterMs: isLimited ? pauseMs(headers) : 0,
	};
}

function isRateLimit(error: Error, headers: ErrorResponse['headers']): boolean {
	return headers['x-ratelimit-remaining'] === '0' || /\brate limit\b/i.test(error.message);
}

/** `retry-after` in seconds, else the moment at which the limit is lifted. */
function pauseMs(headers: ErrorResponse['headers']): number {
	const seconds = Number(headers['retry-after']);
	if (seconds > 0) return seconds * 1000;
	const reset = Number(headers['x-ratelimit-reset']);
	return reset > 0 ? Math.max(0, reset * 1000 - Date.now()) : 0;
}
