import { setTimeout as delay } from 'node:timers/promises';
import { Unreadable } from '../core/diagnostic.ts';

/** How often and how fast a read is repeated. */
export interface Bounds {
	/** Further attempts after the first. */
	readonly retries: number;
	/** First pause; it doubles with each attempt. */
	readonly backoffMs?: number;
	/** Once aborted nothing is repeated. */
	readonly signal?: AbortSignal;
}

const BACKOFF_MS = 250;

/** Half of the backoff is random: several trains that failed together must not come back together. */
export function backoffOf(attempt: number, firstMs: number = BACKOFF_MS): number {
	return firstMs * 2 ** attempt * (0.5 + Math.random() / 2);
}

/**
 * Repeats a read of the world that threw Unreadable, within its bounds; the last failure is thrown. Only for
 * reads: what changes something is never repeated on a guess (1-product.md, principle 2).
 */
export async function retried<T>(read: () => Promise<T>, { retries, backoffMs, signal }: Bounds): Promise<T> {
	for (let attempt = 0; ; attempt += 1) {
		try {
			return await read();
		} catch (error) {
			if (!(error instanceof Unreadable) || attempt >= retries || signal?.aborted) throw error;
			await delay(backoffOf(attempt, backoffMs), undefined, signal ? { signal } : {}).catch(() => undefined);
			if (signal?.aborted) throw error;
		}
	}
}
