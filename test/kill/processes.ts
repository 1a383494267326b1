import { readdirSync, readFileSync } from 'node:fs';

/** Processes as /proc shows them; the tests of kills and signals need a Linux machine. */
export interface Seen {
	readonly pid: number;
	readonly parent: number;
	readonly command: string;
}

function read(pid: string, file: string): string {
	try {
		return readFileSync(`/proc/${pid}/${file}`, 'utf8');
	} catch {
		return '';
	}
}

function look(pid: string): Seen[] {
	const stat = read(pid, 'stat');
	// The name before the last bracket may hold spaces; after it come state and parent.
	const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	if (stat === '' || state === 'Z') return [];
	return [{ pid: Number(pid), parent: Number(parent), command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }];
}

/** All living processes that one started, directly or not, without itself. */
export function descendantsOf(root: number, prune: (seen: Seen) => boolean = () => false): Seen[] {
	const all = readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap(look);
	const below = (parent: number): Seen[] =>
		all.filter((seen) => seen.parent === parent && !prune(seen)).flatMap((seen) => [seen, ...below(seen.pid)]);
	return below(root);
}

/** Living processes with a text in their environment: a child that was given away keeps its mark. */
export function markedWith(text: string): Seen[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && read(name, 'environ').includes(text))
		.flatMap(look);
}

export function kill(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch {
		// It has ended.
	}
}

/** The other side of a push: in earnest another machine, which goes on when ours loses its power. */
function isRemoteSide({ command }: Seen): boolean {
	return /\bgit[ -](?:receive|upload)-pack\b/.test(command);
}

/** What a power cut does: everything that one process started, and then that process, ends by SIGKILL. */
export function killTree(root: number): void {
	// It starts nothing more meanwhile; a process that kills itself is busy doing so.
	if (root !== process.pid) kill(root, 'SIGSTOP');
	for (let left = descendantsOf(root, isRemoteSide); left.length > 0; left = descendantsOf(root, isRemoteSide)) {
		for (const { pid } of left) kill(pid, 'SIGKILL');
	}
	kill(root, 'SIGKILL');
}
