import { join } from 'node:path';
import { ensurePrivateDir, readIfExists, writeAtomic } from './files.ts';

/** Where Slipway keeps its state: beside the registry file (2-train.md §2). `dir` is the registry's folder. */
export function stateDir(dir: string): string {
	return join(dir, '.slipway');
}

/** Makes that folder when it is absent, private and ignored by git; gives its path. Throws Refusal `state-write`. */
export async function ensureStateDir(dir: string): Promise<string> {
	const folder = stateDir(dir);
	await ensurePrivateDir(folder);
	const ignore = join(folder, '.gitignore');
	if ((await readIfExists(ignore)) === null) await writeAtomic(ignore, '*\n');
	return folder;
}
