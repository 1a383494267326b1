/**
 * Loaded into the built command by `--import`: ends it, by SIGKILL, at one boundary of its journal. The
 * command itself knows nothing of it; the file that it appends to is what is watched, from inside,
 * because a watcher beside it would always come too late.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { BOUNDARY_VARIABLE, type Boundary } from './boundary.ts';
import { kill, killTree } from './processes.ts';

const boundary = JSON.parse(process.env[BOUNDARY_VARIABLE] ?? 'null') as Boundary;
const handle = await open('/dev/null');
const prototype = Object.getPrototypeOf(handle) as Pick<FileHandle, 'appendFile' | 'datasync'>;
await handle.close();
const { appendFile, datasync } = prototype;
let doomed: unknown = null;

function die(): never {
	if (boundary.victim === 'parent') kill(process.pid, 'SIGKILL');
	killTree(process.pid);
	throw new Error('still alive');
}

function isBoundary(line: string): boolean {
	if (!line.startsWith('{')) return false;
	const { type, task = null } = JSON.parse(line) as { readonly type: string; readonly task?: string };
	return type === boundary.entry && task === boundary.task;
}

/** Where the boundary's line starts and ends in what is appended; null when it is not among it. */
function find(text: string): { readonly start: number; readonly end: number } | null {
	let start = 0;
	for (const line of text.split('\n').slice(0, -1)) {
		const end = start + line.length;
		if (isBoundary(line)) return { start, end };
		start = end + 1;
	}
	return null;
}

prototype.appendFile = async function (this: FileHandle, data, options) {
	const at = typeof data === 'string' ? find(data) : null;
	if (at === null) return appendFile.call(this, data, options);
	if (boundary.moment === 'before') die();
	if (boundary.moment === 'torn') {
		await appendFile.call(this, String(data).slice(0, (at.start + at.end) >> 1), options);
		await datasync.call(this);
		die();
	}
	doomed = this;
	return appendFile.call(this, data, options);
};

prototype.datasync = async function (this: FileHandle) {
	await datasync.call(this);
	if (doomed === this) die();
};
