import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { refuse, Unreadable } from '../core/diagnostic.ts';

/** The sole place that writes Slipway's own state: every write is whole or absent, also after a power cut. */

const PRIVATE_FOLDER = 0o700;

/**
 * Replaces a file as a whole: a temporary file of its own in the same folder, fsync, rename, fsync
 * of the folder. On failure the old file stands and the temporary one is gone. `mode` defaults to
 * 0600. Throws Refusal `state-write`.
 */
export async function writeAtomic(path: string, text: string, options: { readonly mode?: number } = {}): Promise<void> {
	const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(6).toString('hex')}`);
	try {
		await writeSynced(temporary, text, options.mode ?? 0o600);
		await rename(temporary, path);
		await syncFolder(dirname(path));
	} catch (error) {
		await rm(temporary, { force: true });
		refuseWrite(path, error);
	}
}

async function writeSynced(path: string, text: string, mode: number): Promise<void> {
	const file = await open(path, 'wx', mode);
	try {
		await file.writeFile(text, 'utf8');
		await file.sync();
	} finally {
		await file.close();
	}
}

/** A rename or a new name is durable only when its folder was synced too. */
async function syncFolder(path: string): Promise<void> {
	const folder = await open(path, 'r');
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
}

/** Gives the text of a file, or null when there is none. Any other failure is Unreadable: it is not "empty". */
export async function readIfExists(path: string): Promise<string | null> {
	return (await readBytesIfExists(path))?.toString('utf8') ?? null;
}

/** Like `readIfExists`, in bytes. */
export async function readBytesIfExists(path: string): Promise<Buffer | null> {
	try {
		return await readFile(path);
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return null;
		throw new Unreadable(path, errorText(error));
	}
}

/** Names in a folder, sorted; none when it is absent. Anything else is Unreadable. */
export async function listFiles(path: string): Promise<readonly string[]> {
	try {
		return (await readdir(path)).sort();
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return [];
		throw new Unreadable(`the folder ${path}`, errorText(error));
	}
}

/** True for a folder, false when nothing is there; anything else is Unreadable. */
export async function folderExists(path: string): Promise<boolean> {
	try {
		return (await stat(path)).isDirectory();
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return false;
		throw new Unreadable(path, errorText(error));
	}
}

/** Makes a folder that only its owner can enter, with what is missing above it. Throws Refusal `state-write`. */
export async function ensurePrivateDir(path: string): Promise<void> {
	try {
		const first = await mkdir(path, { recursive: true, mode: PRIVATE_FOLDER });
		if (first === undefined) await tighten(path);
		else await syncNewFolders(path, dirname(resolve(first)));
	} catch (error) {
		refuseWrite(path, error);
	}
}

async function tighten(path: string): Promise<void> {
	if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, PRIVATE_FOLDER);
}

async function syncNewFolders(path: string, above: string): Promise<void> {
	for (let folder = dirname(resolve(path)); folder.length >= above.length; folder = dirname(folder)) {
		await syncFolder(folder);
		if (folder === above) return;
	}
}

/** Puts a folder in its place as a whole; false, and the folder is gone, when something stands there. Throws Refusal `state-write`. */
export async function moveFolder(from: string, to: string): Promise<boolean> {
	try {
		await rename(from, to);
		return true;
	} catch (error) {
		await removeFolder(from);
		if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error))) return false;
		refuseWrite(to, error);
	}
}

/** Removes a folder of Slipway's own with all that is in it; absent is fine. Throws Refusal `state-write`. */
export async function removeFolder(path: string): Promise<void> {
	try {
		await rm(path, { recursive: true, force: true });
	} catch (error) {
		refuseWrite(path, error);
	}
}

/** Removes a file of Slipway's own; absent is fine. Throws Refusal `state-write`. */
export async function removeFile(path: string): Promise<void> {
	try {
		await rm(path, { force: true });
	} catch (error) {
		refuseWrite(path, error);
	}
}

/** A file that only grows. */
export interface AppendOnlyFile {
	/** Resolves when the text is on the disk, not merely written. Throws Refusal `state-write`. */
	append(text: string): Promise<void>;
	close(): Promise<void>;
}

/** Makes a new file for appending, 0600; one that exists already is a refusal, never continued. */
export async function createAppendOnly(path: string): Promise<AppendOnlyFile> {
	try {
		const file = await open(path, 'ax', 0o600);
		await syncFolder(dirname(path));
		return { append: (text) => appendDurably(file, path, text), close: () => file.close() };
	} catch (error) {
		refuseWrite(path, error);
	}
}

async function appendDurably(file: FileHandle, path: string, text: string): Promise<void> {
	try {
		await file.appendFile(text, 'utf8');
		await file.datasync();
	} catch (error) {
		refuseWrite(path, error);
	}
}

/** SHA-256 of a file's bytes as 64 hex digits; a file that can't be read is Unreadable. */
export async function fileSha256(path: string): Promise<string> {
	const hash = createHash('sha256');
	try {
		await pipeline(createReadStream(path), hash);
	} catch (error) {
		throw new Unreadable(path, errorText(error));
	}
	return hash.digest('hex');
}

function refuseWrite(path: string, error: unknown): never {
	refuse('state-write', `could not write ${path}`, {
		seen: errorText(error),
		hint: 'check the free space and the permissions of that folder, then run the same command again',
	});
}

/** The `code` of a system error, or an empty text. */
export function errorCode(error: unknown): string {
	return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function errorText(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
