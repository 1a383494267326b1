import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rmdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { Refusal } from '../../src/core/diagnostic.ts';
import { withFileLock } from '../../src/io/lock.ts';
import { ownIdentity } from '../../src/io/process-identity.ts';
import { acquireTrainLock, breakTrainLock, type LockOwner, readTrainLock } from '../../src/io/train-lock.ts';
import { suite } from '../support/suite.ts';
import { inFolder } from './folder.ts';

const OWNER = { holder: 'ada@harbor', run: 'run-1', command: 'slipway ship' };
const HOLDER_SCRIPT = fileURLToPath(new URL('hold-train-lock.ts', import.meta.url));
const A_MINUTE_AGO = () => new Date(Date.now() - 60_000);

async function refusal(promise: Promise<unknown>): Promise<string> {
	const error = await promise.then(
		() => null,
		(reason: unknown) => reason,
	);
	if (!(error instanceof Refusal)) throw new Error(`not refused: ${String(error)}`);
	return error.diagnostics.map(({ code, summary, seen, hint }) => [code, summary, seen, hint].join(' | ')).join('\n');
}

/** A process that holds the train lock of a folder until it is killed. */
async function startHolder(folder: string): Promise<{ readonly pid: number; kill(): Promise<void> }> {
	const child = spawn(process.execPath, [HOLDER_SCRIPT, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
	const [line] = await once(createInterface({ input: child.stdout }), 'line');
	assert.is(line, 'held');
	return {
		pid: child.pid ?? 0,
		kill: async () => {
			const exited = once(child, 'exit');
			child.kill('SIGKILL');
			await exited;
		},
	};
}

/** Puts a lock in place as a process with that identity would have left it. */
async function leaveLock(folder: string, over: Partial<LockOwner>, beatAt: Date): Promise<void> {
	const owner = {
		schema: 'slipway.lock/1',
		id: 'feedbeef',
		startedAt: '2026-03-14T09:26:53.589Z',
		...ownIdentity(),
		...OWNER,
		...over,
	};
	await writeFile(join(folder, 'train.lock.json'), JSON.stringify(owner));
	await mkdir(join(folder, 'train.lock'));
	await utimes(join(folder, 'train.lock'), beatAt, beatAt);
}

suite('train lock', (test) => {
	test(
		'locked: a second train is refused with holder, host, pid, run and command; after release it may go',
		inFolder(async (folder) => {
			const held = await acquireTrainLock({ folder, owner: OWNER });
			const said = await refusal(acquireTrainLock({ folder, owner: { ...OWNER, run: 'run-2' } }));
			for (const part of [
				'locked |',
				'ada@harbor',
				hostname(),
				`pid ${process.pid}`,
				held.id,
				'run run-1',
				'`slipway ship`',
			]) {
				assert.ok(said.includes(part), `${part} in ${said}`);
			}
			await held.release();
			assert.equal(await readdir(folder), []);
			const next = await acquireTrainLock({ folder, owner: OWNER });
			assert.is(next.takenOver, null);
			await next.release();
		}),
	);
	test(
		'of ten trains that start at once one gets the lock',
		inFolder(async (folder) => {
			const starts = Array.from({ length: 10 }, () => acquireTrainLock({ folder, owner: OWNER }));
			const settled = await Promise.allSettled(starts);
			const held = settled.filter((result) => result.status === 'fulfilled');
			assert.is(held.length, 1);
			await held[0]?.value.release();
		}),
	);
	test(
		'a living train of another process is never taken over, and can not be unlocked',
		inFolder(async (folder) => {
			const holder = await startHolder(folder);
			try {
				assert.match(await refusal(acquireTrainLock({ folder, owner: OWNER })), `stop process ${holder.pid}`);
				const id = (await readTrainLock(folder))?.id ?? '';
				assert.match(await refusal(breakTrainLock(folder, id)), 'locked |');
			} finally {
				await holder.kill();
			}
		}),
	);
	test(
		'a train that was killed on this host is taken over at once, with notice of who it was',
		inFolder(async (folder) => {
			const holder = await startHolder(folder);
			await holder.kill();
			const held = await acquireTrainLock({ folder, owner: OWNER });
			assert.equal([held.takenOver?.pid, held.takenOver?.run], [holder.pid, 'held-run']);
			await held.release();
		}),
	);
	test(
		'a pid that was used again by another process is a dead holder',
		inFolder(async (folder) => {
			await leaveLock(folder, { pidStart: '1' }, new Date());
			const held = await acquireTrainLock({ folder, owner: OWNER });
			assert.is(held.takenOver?.id, 'feedbeef');
			await held.release();
		}),
	);
	test(
		'a train of another host is never taken over; unlock frees it only when its heartbeat has stopped',
		inFolder(async (folder) => {
			await leaveLock(folder, { host: 'elsewhere' }, new Date());
			assert.match(await refusal(acquireTrainLock({ folder, owner: OWNER })), 'its heartbeat is fresh');
			assert.match(await refusal(breakTrainLock(folder, 'feedbeef')), 'locked |');
			await utimes(join(folder, 'train.lock'), A_MINUTE_AGO(), A_MINUTE_AGO());
			assert.match(await refusal(acquireTrainLock({ folder, owner: OWNER })), '`slipway unlock feedbeef`');
			assert.match(await refusal(breakTrainLock(folder, 'other')), 'usage |');
			assert.is((await breakTrainLock(folder, 'feedbeef')).owner?.host, 'elsewhere');
			assert.is(await readTrainLock(folder), null);
			assert.match(await refusal(breakTrainLock(folder, 'feedbeef')), 'no train holds one');
		}),
	);
	test(
		'after a restart of this host a pid means nothing: the lock is free once its heartbeat has stopped',
		inFolder(async (folder) => {
			await leaveLock(folder, { machine: 'an earlier start' }, new Date());
			assert.match(await refusal(acquireTrainLock({ folder, owner: OWNER })), 'locked |');
			await utimes(join(folder, 'train.lock'), A_MINUTE_AGO(), A_MINUTE_AGO());
			const held = await acquireTrainLock({ folder, owner: OWNER });
			assert.is(held.takenOver?.id, 'feedbeef');
			await held.release();
		}),
	);
	test(
		'a damaged owner file is a held lock, and can be unlocked by name',
		inFolder(async (folder) => {
			await writeFile(join(folder, 'train.lock.json'), '{"schema":"slipw');
			assert.match(await refusal(acquireTrainLock({ folder, owner: OWNER })), '`slipway unlock damaged`');
			assert.is((await breakTrainLock(folder, 'damaged')).owner, null);
			await (await acquireTrainLock({ folder, owner: OWNER })).release();
		}),
	);
	test(
		'a lock that is taken away is marked lost, nothing is thrown, and release leaves the new holder alone',
		inFolder(async (folder) => {
			const held = await acquireTrainLock({ folder, owner: OWNER });
			const lost = once(held.lost, 'abort');
			await rmdir(join(folder, 'train.lock'));
			await writeFile(join(folder, 'train.lock.json'), JSON.stringify({ id: 'another' }));
			// The heartbeat's timer alone keeps no process alive.
			const alive = setInterval(() => undefined, 1_000);
			await lost;
			clearInterval(alive);
			await held.release();
			assert.match(await readFile(join(folder, 'train.lock.json'), 'utf8'), 'another');
		}),
	);
});

suite('file lock', (test) => {
	test(
		'work under one lock never overlaps',
		inFolder(async (folder) => {
			let inside = 0;
			const works = Array.from({ length: 8 }, () =>
				withFileLock(join(folder, 'state'), async () => {
					inside += 1;
					assert.is(inside, 1);
					await readdir(folder);
					inside -= 1;
				}),
			);
			await Promise.all(works);
			assert.equal(await readdir(folder), []);
		}),
	);
	test(
		'a lock that a kill left behind is waited out',
		inFolder(async (folder) => {
			await mkdir(join(folder, 'state.lock'));
			await utimes(join(folder, 'state.lock'), A_MINUTE_AGO(), A_MINUTE_AGO());
			assert.is(await withFileLock(join(folder, 'state'), async () => 'done'), 'done');
		}),
	);
	test(
		'the lock is free again after work that failed, and the failure comes out',
		inFolder(async (folder) => {
			const failed = withFileLock(join(folder, 'state'), () => Promise.reject(new Error('own words')));
			assert.is(await failed.catch((error: Error) => error.message), 'own words');
			assert.is(await withFileLock(join(folder, 'state'), async () => 'free'), 'free');
		}),
	);
	test(
		'state-write: a folder that is not there can not be locked in',
		inFolder(async (folder) => {
			assert.match(await refusal(withFileLock(join(folder, 'absent', 'state'), async () => null)), 'state-write |');
		}),
	);
});
