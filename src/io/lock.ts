import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { refuse } from '../core/diagnostic.ts';
import { errorCode, removeFolder } from './files.ts';

/**
 * The sole importer of proper-lockfile (3-worktrees.md §7). Its lock is a folder whose mtime is a
 * heartbeat, and it can be stolen: by a blocked event loop, SIGSTOP or a stepped clock. So a hold
 * that was lost is marked, never thrown from a timer, and is asked about right before a commit.
 */
export const STALE_MS = 15_000;
const UPDATE_MS = 3_000;
/** Must outlast STALE_MS, or a lock left by a kill would never be waited out. */
const PATIENCE_MS = 45_000;
const [SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS] = [25, 100];

/** A lock while it is held. */
export interface Hold {
	/** To be called right before a commit: throws Refusal `lock-lost` when the lock may be someone else's by now. */
	assertHeld(): void;
}

/**
 * Runs `work` while no other process holds the lock of `path` (the folder `<path>.lock`), and
 * gives what it gives. For moments: no command and no network inside. Throws Refusal `locked` when
 * it is not free in time, and `state-write` when the lock can't be made at all.
 */
export async function withFileLock<T>(path: string, work: (hold: Hold) => Promise<T>): Promise<T> {
	let lost = false;
	const release = await take(path, PATIENCE_MS, () => {
		lost = true;
	});
	const since = performance.now();
	const assertHeld = () => {
		if (lost || performance.now() - since > STALE_MS / 2) {
			refuse('lock-lost', `the lock of ${path} was lost or held too long; nothing was written`, {
				hint: 'run the same command again',
			});
		}
	};
	try {
		return await work({ assertHeld });
	} finally {
		if (!lost) await release();
	}
}

/** Removes the lock of `path` that a dead process left; the caller knows that whoever may hold it is dead. */
export async function dropFileLock(path: string): Promise<void> {
	await removeFolder(`${path}.lock`);
}

/**
 * Keeps the folder `<path>.lock` fresh until `stop`, so that others see that its holder lives.
 * `onLost` is called once when it was removed or taken by someone else.
 */
export async function startHeartbeat(path: string, onLost: () => void): Promise<{ stop(): Promise<void> }> {
	let lost = false;
	const release = await take(path, 0, () => {
		lost = true;
		onLost();
	});
	return {
		stop: async () => {
			if (!lost) await release();
		},
	};
}

/** The library's own retries are not used: they would also wait 45 s for a folder that does not exist. */
async function take(path: string, patienceMs: number, onCompromised: () => void): Promise<() => Promise<void>> {
	const end = performance.now() + patienceMs;
	while (true) {
		try {
			return await lockfile.lock(path, {
				realpath: false,
				lockfilePath: `${path}.lock`,
				stale: STALE_MS,
				update: UPDATE_MS,
				onCompromised,
			});
		} catch (error) {
			if (errorCode(error) !== 'ELOCKED' || performance.now() > end) refuseLock(path, error);
		}
		await delay(SHORTEST_PAUSE_MS + Math.random() * (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS));
	}
}

function refuseLock(path: string, error: unknown): never {
	const seen = error instanceof Error ? error.message : String(error);
	if (errorCode(error) === 'ELOCKED') {
		refuse('locked', `another process holds the lock of ${path}`, { seen, hint: 'run the same command again' });
	}
	refuse('state-write', `could not lock ${path}`, { seen, hint: 'check the permissions of that folder' });
}
