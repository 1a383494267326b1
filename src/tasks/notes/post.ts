import { setTimeout as pause } from 'node:timers/promises';
import type { Webhook } from '../../config/types.ts';
import { Unreadable } from '../../core/diagnostic.ts';
import type { World } from '../world.ts';
import type { Notes } from './compose.ts';
import { messagesFor } from './messages.ts';

/** What became of the notes at one webhook. */
export interface Delivery {
	/** `webhook 1 (slack, $SLACK_WEBHOOK)`: its address is a secret, and is never part of it. */
	readonly webhook: string;
	readonly isPosted: boolean;
	/** `posted`, `answers 404`, `SLACK_WEBHOOK is not set`. */
	readonly said: string;
}

export interface Posting {
	readonly webhooks: readonly Webhook[];
	readonly timeoutMs: number;
	readonly signal: AbortSignal;
}

/** A service that asks for patience gets it, within bounds: it has taken nothing then. */
const MOST_WAITS = 3;
const LONGEST_WAIT_MS = 10_000;

/** Posts to each webhook in turn; one that is out of reach or refuses keeps the notes from no other. Never rejects for those. */
export async function postNotes(
	notes: Notes,
	world: Pick<World, 'env' | 'fetchText'>,
	posting: Posting,
): Promise<readonly Delivery[]> {
	const deliveries: Delivery[] = [];
	for (const [i, webhook] of posting.webhooks.entries()) {
		const source = webhook.urlEnv === null ? '' : `, $${webhook.urlEnv}`;
		const name = `webhook ${i + 1} (${webhook.type}${source})`;
		const refusal = await postTo(webhook, messagesFor(webhook.type, notes), { ...posting, world, name });
		deliveries.push({ webhook: name, isPosted: refusal === null, said: refusal ?? 'posted' });
	}
	return deliveries;
}

interface Sending extends Posting {
	readonly world: Pick<World, 'env' | 'fetchText'>;
	readonly name: string;
}

/** Null when it took every message. */
async function postTo(webhook: Webhook, messages: readonly string[], sending: Sending): Promise<string | null> {
	const url = webhook.url ?? sending.world.env[webhook.urlEnv ?? ''];
	if (!url) return `${webhook.urlEnv} is not set`;
	for (const [i, body] of messages.entries()) {
		const refusal = await send(url, body, sending);
		if (refusal !== null) return messages.length === 1 ? refusal : `message ${i + 1} of ${messages.length}: ${refusal}`;
	}
	return null;
}

async function send(url: string, body: string, { world, name, timeoutMs, signal }: Sending): Promise<string | null> {
	const headers = { 'content-type': 'application/json' };
	// A redirect would turn the post into a read, and a page that answers would look like success.
	const answers = { anyStatus: true, redirect: 'manual' } as const;
	const request = { method: 'POST', body, name, headers, timeoutMs, retries: 0, signal, ...answers } as const;
	try {
		for (let waits = 0; ; waits += 1) {
			const answer = await world.fetchText(url, request);
			if (answer.status >= 200 && answer.status < 300) return null;
			if (answer.status !== 429 || waits === MOST_WAITS) return `answers ${answer.status}`;
			await pause(waitMs(answer.headers), undefined, { signal });
		}
	} catch (error) {
		if (error instanceof Unreadable) return `does not answer: ${error.seen}`;
		if (signal.aborted) return 'stopped before it answered';
		throw error;
	}
}

function waitMs(headers: Headers): number {
	const seconds = Number(headers.get('Retry-After') ?? 1);
	return Math.min(LONGEST_WAIT_MS, Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : 1000);
}
