import { randomBytes } from 'node:crypto';
import { rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Diagnostic, Refusal, refuse, Unreadable } from '../core/diagnostic.ts';
import { readableTime } from '../core/moment.ts';
import { count, filledText, moment, nullable, object, oneOf, type Shape, shapedJson, text } from '../core/shape.ts';
import { errorCode, readIfExists, removeFile, writeAtomic } from './files.ts';
import { childrenOf, type Leftover } from './leftovers.ts';
import { STALE_MS, startHeartbeat, withFileLock } from './lock.ts';
import { livenessOf, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/**
 * One train at a time (2-train.md §9). The owner file says who holds the lock and decides; the
 * folder beside it is only the heartbeat. A heartbeat that stopped is no proof of death: a stopped
 * or suspended train wakes up and goes on deploying.
 */
export interface LockOwner extends ProcessIdentity {
	readonly schema: 'slipway.lock/1';
	readonly id: string;
	/** `user@host`, or what --by said. */
	readonly holder: string;
	readonly startedAt: string;
	readonly run: string;
	readonly command: string;
}

export interface TrainLock {
	readonly id: string;
	/** The dead holder whose lock was taken over, for the notice; null when the lock was free. */
	readonly takenOver: LockOwner | null;
	/** Aborted when the lock was taken away while held: no further task may start. */
	readonly lost: AbortSignal;
	/** Gives the lock back; what is no longer ours is left alone. */
	release(): Promise<void>;
}

export interface LockRequest {
	/** The state folder, which exists. */
	readonly folder: string;
	readonly owner: Pick<LockOwner, 'holder' | 'run' | 'command'>;
}

const OWNER: Shape<LockOwner> = object<LockOwner>({
	schema: oneOf('slipway.lock/1'),
	id: filledText,
	holder: text,
	startedAt: moment,
	run: text,
	command: text,
	host: text,
	machine: nullable(text),
	pid: count,
	pidStart: nullable(text),
});

/** The id by which `slipway unlock` names a lock whose owner file can't be read. */
const DAMAGED_ID = 'damaged';
/** How long children of a killed train are waited for; most end at once, with their pipes. */
const CHILDREN_MS = 3_000;
const PAUSE_MS = 50;

const ownerFile = (folder: string) => join(folder, 'train.lock.json');
const heartbeat = (folder: string) => join(folder, 'train');
const guard = (folder: string) => join(folder, 'train-guard');

/**
 * Takes the lock at once or throws Refusal `locked`, which names the holder and what to do. Never
 * waits for a train; children of a killed one are given a moment to end.
 */
export async function acquireTrainLock(request: LockRequest): Promise<TrainLock> {
	const end = performance.now() + CHILDREN_MS;
	const found = await readTrainLock(request.folder);
	const dead = found?.dead ? found.owner : null;
	while (dead !== null && performance.now() < end && childrenOf(dead).length > 0) await delay(PAUSE_MS);
	return takeTrainLock(request);
}

function takeTrainLock(request: LockRequest): Promise<TrainLock> {
	const { folder } = request;
	return withFileLock(guard(folder), async () => {
		const found = await readTrainLock(folder);
		if (found !== null && !found.dead) refuseLocked(found);
		const left = found?.owner ? childrenOf(found.owner) : [];
		if (found?.owner && left.length > 0) refuseLeftovers(found.owner, left);
		await removeHeartbeat(folder);
		const id = randomBytes(4).toString('hex');
		const owner = {
			schema: 'slipway.lock/1',
			id,
			startedAt: new Date().toISOString(),
			...ownIdentity(),
			...request.owner,
		};
		await writeAtomic(ownerFile(folder), `${JSON.stringify(owner, null, '\t')}\n`);
		try {
			return await hold(folder, id, found?.owner ?? null);
		} catch (error) {
			await removeFile(ownerFile(folder));
			throw error;
		}
	});
}

async function hold(folder: string, id: string, takenOver: LockOwner | null): Promise<TrainLock> {
	const lost = new AbortController();
	const beat = await startHeartbeat(heartbeat(folder), () => lost.abort());
	const release = () =>
		withFileLock(guard(folder), async () => {
			const now = await readTrainLock(folder);
			if (now?.id !== id) return;
			await beat.stop();
			await removeFile(ownerFile(folder));
		});
	return { id, takenOver, lost: lost.signal, release };
}

/** A lock as it was found. `owner` is null when its file is damaged. */
export interface FoundLock {
	readonly id: string;
	readonly owner: LockOwner | null;
	/** Its process is known to be gone, on this machine. */
	readonly dead: boolean;
	/** Null when there is no heartbeat at all. */
	readonly heartbeatAgeMs: number | null;
}

/** Gives the lock that stands in a state folder, or null when it is free. Throws Unreadable. */
export async function readTrainLock(folder: string): Promise<FoundLock | null> {
	const content = await readIfExists(ownerFile(folder));
	if (content === null) return null;
	const heartbeatAgeMs = await ageOfHeartbeat(folder);
	const owner = shapedJson(OWNER, content, 'owner');
	if (!owner.ok) return { id: DAMAGED_ID, owner: null, dead: false, heartbeatAgeMs };
	return { id: owner.value.id, owner: owner.value, dead: isDead(owner.value, heartbeatAgeMs), heartbeatAgeMs };
}

/** Whether the lock still names this very process and run; what can't be read is held by nobody that we know. */
export async function holdsTrainLock(folder: string, run: string): Promise<boolean> {
	const content = await readIfExists(ownerFile(folder)).catch(() => null);
	const owner = content === null ? null : shapedJson(OWNER, content, 'owner');
	return owner?.ok === true && owner.value.run === run && owner.value.pid === process.pid;
}

/** Nobody but this host can say that a process of it is gone; after a restart of the host the heartbeat must have stopped too. */
function isDead(owner: LockOwner, heartbeatAgeMs: number | null): boolean {
	const liveness = livenessOf(owner);
	if (liveness !== 'elsewhere') return liveness === 'gone';
	return owner.host === ownIdentity().host && hasStopped(heartbeatAgeMs);
}

function hasStopped(heartbeatAgeMs: number | null): boolean {
	return heartbeatAgeMs === null || heartbeatAgeMs > STALE_MS;
}

/**
 * For `slipway unlock ID`: removes a lock whose holder is dead or silent, and gives what it was.
 * Throws Refusal `usage` when no lock has that id, `locked` while its holder shows life.
 */
export function breakTrainLock(folder: string, id: string): Promise<FoundLock> {
	return withFileLock(guard(folder), async () => {
		const found = await readTrainLock(folder);
		if (found === null) refuse('usage', `there is no lock ${id}: no train holds one`);
		if (found.id !== id) refuse('usage', `there is no lock ${id}`, { hint: `the lock that is held is ${found.id}` });
		const lives = found.owner !== null && livenessOf(found.owner) === 'runs';
		if (lives || (!found.dead && !hasStopped(found.heartbeatAgeMs))) refuseLocked(found);
		await removeFile(ownerFile(folder));
		await removeHeartbeat(folder);
		return found;
	});
}

function refuseLocked(found: FoundLock): never {
	throw new Refusal([heldFinding(found)]);
}

/** Who holds a lock that is not dead, and what to do about it. */
export function heldFinding(found: FoundLock): Diagnostic {
	const { owner } = found;
	const about = { code: 'locked', severity: 'error' } as const;
	if (owner === null) {
		const summary = 'the lock of the train is held, and the file that names its holder is damaged';
		return { ...about, summary, hint: `make sure that no train runs, then \`slipway unlock ${found.id}\`` };
	}
	const beat =
		found.heartbeatAgeMs === null ? 'no heartbeat' : `last heartbeat ${Math.round(found.heartbeatAgeMs / 1000)} s ago`;
	return {
		...about,
		summary: `another train holds the lock: ${owner.holder}, pid ${owner.pid} on ${owner.host}`,
		seen: `lock ${owner.id}, run ${owner.run}, \`${owner.command}\`, since ${readableTime(owner.startedAt)}, ${beat}`,
		hint: adviceFor(owner, found),
	};
}

/** A push or a deploy of the killed train may still take effect: to begin it again beside itself would do it twice. */
function refuseLeftovers(owner: LockOwner, left: readonly Leftover[]): never {
	refuse('locked', `the train of ${owner.holder} was killed, and what it started is still at work`, {
		seen: left.map(({ pid, command }) => `pid ${pid}: ${command}`).join('\n'),
		hint: `wait for it to end, then run the same command again; to go on without waiting, \`slipway unlock ${owner.id}\``,
	});
}

function adviceFor(owner: LockOwner, found: FoundLock): string {
	if (livenessOf(owner) === 'runs') return `wait for it to end, or stop process ${owner.pid}`;
	if (!hasStopped(found.heartbeatAgeMs)) return 'wait for it to end: its heartbeat is fresh';
	return `if that train is dead, \`slipway unlock ${owner.id}\``;
}

async function ageOfHeartbeat(folder: string): Promise<number | null> {
	try {
		return Math.max(0, Date.now() - (await stat(`${heartbeat(folder)}.lock`)).mtimeMs);
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return null;
		throw new Unreadable('the heartbeat of the train lock', error instanceof Error ? error.message : String(error));
	}
}

async function removeHeartbeat(folder: string): Promise<void> {
	try {
		await rmdir(`${heartbeat(folder)}.lock`);
	} catch (error) {
		if (errorCode(error) !== 'ENOENT') throw new Unreadable('the heartbeat of the train lock', String(error));
	}
}
