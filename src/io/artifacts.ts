import { createHash } from 'node:crypto';
import { access, chmod, constants, copyFile, readdir, stat, statfs, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { Unreadable } from '../core/diagnostic.ts';
import { errorCode } from './files.ts';

/** Reads of the disk that are no state of Slipway's: built files, programs, space. */

/** 64 hex digits. */
export function sha256(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** Names in a folder; none when there is no folder. */
export async function listFolder(path: string): Promise<string[]> {
	try {
		return await readdir(path);
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return [];
		throw new Unreadable(`the folder ${path}`, String(error));
	}
}

/** For work trees of Slipway's own, where a torn write is thrown away with the tree. */
export { writeFile };

/** Keeps a copy of a built file for its owner alone; a torn one is known by its digest. */
export async function keepCopy(from: string, to: string): Promise<void> {
	await copyFile(from, to);
	await chmod(to, 0o600);
}

/** The first executable of that name on PATH, or null. */
export async function findProgram(name: string, path: string): Promise<string | null> {
	for (const folder of path.split(delimiter)) {
		if (folder === '') continue;
		const file = join(folder, name);
		try {
			await access(file, constants.X_OK);
			if ((await stat(file)).isFile()) return file;
		} catch {
			// Not here; PATH goes on.
		}
	}
	return null;
}

/** Free bytes for this user on the file system of a folder. Throws Unreadable. */
export async function freeBytes(path: string): Promise<number> {
	try {
		const { bavail, bsize } = await statfs(path);
		return bavail * bsize;
	} catch (error) {
		throw new Unreadable(`the free space of ${path}`, String(error));
	}
}
