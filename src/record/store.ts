import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Refusal, refuse } from '../core/diagnostic.ts';
import { isActive } from './transitions.ts';
import type { RecordResult, ReleaseRecord } from './types.ts';

/**
 * Where the record is kept (2-train.md §2). test/record/conformance.ts says what every store must
 * do; two stores may differ in nothing else than where the bytes are.
 */
export interface RecordStore {
	/** The latest record, in whatever state; null before the first. Throws Refusal `bad-record`, Unreadable. */
	load(): Promise<ReleaseRecord | null>;
	/**
	 * Writes `next` when the stored record still has that slug and `expectedRevision`; null says that
	 * a new release starts, which needs the last one to be over. Gives it as written: revision and
	 * `updatedAt` are the store's. Throws Refusal `record-raced` when another was faster,
	 * `record-state` for a step that no transition makes, `bad-record` for what no record may hold.
	 */
	save(next: ReleaseRecord, expectedRevision: number | null): Promise<ReleaseRecord>;
	/** Every record, the newest first. */
	history(): Promise<readonly ReleaseRecord[]>;
}

/** Each loser of a race tries again: this many writers at once are served, whatever their luck. */
const ATTEMPTS = 100;
const LONGEST_PAUSE_MS = 50;

/**
 * For writers that only add facts: applies `change` to the latest record and saves it, again from
 * the start when another writer was faster. `change` must be pure. Throws the refusal that it gives.
 */
export async function updateRecord(
	store: RecordStore,
	change: (record: ReleaseRecord) => RecordResult,
): Promise<ReleaseRecord> {
	for (let attempt = 1; ; attempt += 1) {
		const current = await store.load();
		if (current === null) refuse('record-state', 'there is no release record', { hint: 'run `slipway prepare`' });
		const next = orRefuse(change(current));
		if (next === current) return current;
		try {
			return await store.save(next, current.revision);
		} catch (error) {
			if (attempt >= ATTEMPTS || !isRaced(error)) throw error;
		}
		await delay(Math.random() * LONGEST_PAUSE_MS);
	}
}

/** Gives the record of a result, or throws its diagnostics. */
export function orRefuse(result: RecordResult): ReleaseRecord {
	if (!result.ok) throw new Refusal(result.diagnostics);
	return result.record;
}

function isRaced(error: unknown): boolean {
	return error instanceof Refusal && error.diagnostics.some(({ code }) => code === 'record-raced');
}

/** For stores, inside their lock: throws unless `next` may take the place of `current`. Pure. */
export function assertMayReplace(
	current: ReleaseRecord | null,
	next: ReleaseRecord,
	expectedRevision: number | null,
): void {
	if (expectedRevision === null) {
		if (current !== null && (isActive(current) || current.slug === next.slug)) refuseRaced('no active record', current);
		return;
	}
	if (current === null || current.slug !== next.slug || current.revision !== expectedRevision) {
		refuseRaced(`revision ${expectedRevision} of ${next.slug}`, current);
	}
	if (current.state === 'abandoned' || (current.state === 'shipped' && !keepsShipped(current, next))) {
		refuse('record-state', `${current.slug} is ${current.state} and stays as it is`);
	}
	const blanked = Object.entries(next.members).find(([repo, { frozen, ship }]) => {
		const before = Object.hasOwn(current.members, repo) ? current.members[repo] : undefined;
		return ship === null && before?.frozen === frozen && before.ship !== null;
	});
	if (blanked) refuse('record-state', `the ship SHA of ${blanked[0]} is known, and a blank never overwrites it`);
}

/** All that may still be added to a shipped record is that its notes went out. */
function keepsShipped(current: ReleaseRecord, next: ReleaseRecord): boolean {
	const { revision, updatedAt } = current;
	const notesPostedAt = current.notesPostedAt ?? next.notesPostedAt;
	return isDeepStrictEqual({ ...current, notesPostedAt }, { ...next, revision, updatedAt });
}

function refuseRaced(expected: string, current: ReleaseRecord | null): never {
	refuse('record-raced', 'another process wrote the release record first; nothing was overwritten', {
		seen: `expected ${expected}, found ${current === null ? 'none' : `revision ${current.revision} of ${current.slug}`}`,
		hint: 'run the same command again',
	});
}
