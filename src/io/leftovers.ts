import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode } from './files.ts';
import { ownIdentity, type ProcessIdentity } from './process-identity.ts';

/**
 * What a killed train leaves on its machine besides its lock: children that go on without it, and
 * files that only said that somebody was at work. Each child carries in its environment which Slipway
 * started it and for which state folder, because a pid alone may be somebody else's by now.
 */
const MARK = 'SLIPWAY_PROCESS';

export interface Leftover {
	readonly pid: number;
	/** As it was started. */
	readonly command: string;
}

type Starter = Pick<ProcessIdentity, 'pid' | 'pidStart'>;

/** For the environment of every child of this process that works for a state folder. */
export function processMark(state: string): Readonly<Record<string, string>> {
	return { [MARK]: `${idOf(ownIdentity())} ${state}` };
}

/** Processes of this user that a Slipway started and that still run; none where there is no /proc. */
export function childrenOf(starter: Starter): Leftover[] {
	return markedProcesses().filter(({ startedBy }) => startedBy === idOf(starter));
}

/**
 * Removes the lock files that a killed git left in Slipway's own repositories, what is half made, and the
 * temporary files of torn writes; after a kill also git's halves of objects, which stop nobody and only
 * take room. To be called with the train's lock held.
 * Nothing goes that a living process may still want: with a child of another Slipway alive there (a
 * `status` reads beside a train), or where nobody can tell, only what is older than any command of ours.
 */
export async function sweepLeftovers(state: string, { afterKill }: { readonly afterKill: boolean }): Promise<void> {
	const own = idOf(ownIdentity());
	const alone = canSeeProcesses() && !markedProcesses().some((seen) => seen.state === state && seen.startedBy !== own);
	const before = alone ? Date.now() : Date.now() - LONGEST_COMMAND_MS;
	const repos = (await namesIn(join(state, 'repos'))).map((name) => join(state, 'repos', name));
	const debris = repos.map((repo) => (repo.endsWith(HALF_MADE) ? [repo] : gitLocks(repo)));
	const torn = [state, join(state, 'records'), ...repos].map(tornWrites);
	const halves = afterKill ? repos.map(halfObjects) : [];
	const found = (await Promise.all([...debris, ...torn, ...halves])).flat();
	await Promise.all(found.map((path) => removeIfOlder(path, before)));
}

/** How the name of a repository ends that is not in its place yet. */
export const HALF_MADE = '.half-made';

const LONGEST_COMMAND_MS = 24 * 3_600_000;
/** Names that hold the pid of who made them: the temporary file of a write, and the work trees of a look. */
const OF_A_PROCESS = /^(?:\..+\.(\d+)\.[0-9a-f]{12}|look-(\d+)-[0-9a-f]{8})$/;

/** The folder, in that of the state, for the work trees of one process that only looks. */
export function lookFolderName(): string {
	return `look-${process.pid}-${randomBytes(4).toString('hex')}`;
}

function idOf({ pid, pidStart }: Starter): string {
	return `${pid}.${pidStart ?? ''}`;
}

function canSeeProcesses(): boolean {
	return ownIdentity().pidStart !== null;
}

interface Marked extends Leftover {
	readonly startedBy: string;
	readonly state: string;
}

function markedProcesses(): Marked[] {
	if (!canSeeProcesses()) return [];
	const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
	return pids.flatMap((pid) => {
		const mark = readProcess(pid, 'environ').find((entry) => entry.startsWith(`${MARK}=`));
		if (mark === undefined) return [];
		const command = readProcess(pid, 'cmdline').join(' ').trim();
		const [, startedBy = '', state = ''] = /^[^=]*=(\S*) (.*)$/s.exec(mark) ?? [];
		return [{ pid: Number(pid), command, startedBy, state }];
	});
}

/** A process of another user, or one that ended meanwhile, says nothing. */
function readProcess(pid: string, file: 'environ' | 'cmdline'): string[] {
	try {
		return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
	} catch {
		return [];
	}
}

/** Lock files lie beside what they lock: settings, refs and the index of a work tree. Objects have none. */
async function gitLocks(gitDir: string): Promise<string[]> {
	const isLock = (name: string) => name.endsWith('.lock');
	const top = (await namesIn(gitDir)).filter(isLock).map((name) => join(gitDir, name));
	const deep = ['refs', 'worktrees'].map(async (folder) =>
		(await namesIn(join(gitDir, folder), { recursive: true })).filter(isLock).map((name) => join(gitDir, folder, name)),
	);
	return [...top, ...(await Promise.all(deep)).flat()];
}

/** Objects and packs that were being written: their names say so until they are whole. */
async function halfObjects(gitDir: string): Promise<string[]> {
	const folder = join(gitDir, 'objects');
	const names = await namesIn(folder, { recursive: true });
	return names.filter((name) => basename(name).startsWith('tmp_')).map((name) => join(folder, name));
}

/** Those of processes that are gone: their names end in the pid. */
async function tornWrites(folder: string): Promise<string[]> {
	return (await namesIn(folder)).filter((name) => isTorn(name)).map((name) => join(folder, name));
}

function isTorn(name: string): boolean {
	const [, writer, looker] = OF_A_PROCESS.exec(name) ?? [];
	const pid = writer ?? looker;
	if (pid === undefined) return false;
	try {
		process.kill(Number(pid), 0);
		return false;
	} catch (error) {
		return errorCode(error) === 'ESRCH';
	}
}

/** What can't be listed or removed here is met again, with its error, by whoever needs it. */
async function namesIn(folder: string, options: { readonly recursive?: boolean } = {}): Promise<string[]> {
	return readdir(folder, options).catch(() => []);
}

async function removeIfOlder(path: string, before: number): Promise<void> {
	try {
		if ((await stat(path)).mtimeMs < before) await rm(path, { force: true, recursive: true });
	} catch (error) {
		if (errorCode(error) !== 'ENOENT') throw error;
	}
}
