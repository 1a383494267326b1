import type { Config } from '../config/types.ts';
import { readableTime } from '../core/moment.ts';
import { sweepLeftovers } from '../io/leftovers.ts';
import { ensureStateDir } from '../io/state-dir.ts';
import { acquireTrainLock, type TrainLock } from '../io/train-lock.ts';
import { dropWriterLock } from '../record/file-store.ts';
import { type Session, say } from './session.ts';

export interface LockedBy {
	readonly session: Session;
	readonly config: Config;
	readonly holder: string;
	readonly run: string;
	readonly command: string;
}

/** Does something as the one train of this registry; throws Refusal `locked` when another is under way. */
export async function withTrainLock<T>(by: LockedBy, work: (lock: TrainLock) => Promise<T>): Promise<T> {
	const letSignalsGo = by.session.holdSignals();
	try {
		return await doLocked(by, work);
	} finally {
		letSignalsGo();
	}
}

async function doLocked<T>(by: LockedBy, work: (lock: TrainLock) => Promise<T>): Promise<T> {
	const folder = await ensureStateDir(by.config.dir);
	const lock = await acquireTrainLock({ folder, owner: { holder: by.holder, run: by.run, command: by.command } });
	const { takenOver } = lock;
	if (takenOver) {
		const { holder, pid, startedAt } = takenOver;
		say(
			by.session,
			`taking over the lock of ${holder} (pid ${pid}, since ${readableTime(startedAt)}): that process is gone`,
		);
	}
	try {
		if (takenOver) await dropWriterLock(by.config.dir);
		await sweepLeftovers(folder, { afterKill: takenOver !== null });
		return await work(lock);
	} finally {
		await lock.release();
	}
}
