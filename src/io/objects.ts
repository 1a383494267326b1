import type { Readable } from 'node:stream';
import { Unreadable } from '../core/diagnostic.ts';
import type { Conversation } from './command.ts';

export interface GitObject {
	readonly type: 'blob' | 'tree' | 'commit' | 'tag';
	readonly sha: string;
	readonly bytes: Buffer;
}

/** Reads objects of one repository through one long-lived `git cat-file --batch`. */
export interface ObjectReader {
	/** `name` is anything git can name: `<sha>:path`, `<sha>^{commit}`. Null when there is no such object. */
	read(name: string): Promise<GitObject | null>;
	close(): void;
}

const HEADER = /^(\S+) (blob|tree|commit|tag) (\d+)$/;
const LF = 0x0a;

interface Waiting {
	readonly name: string;
	readonly resolve: (object: GitObject | null) => void;
	readonly reject: (error: Error) => void;
}

/** The protocol is git's: one name a line in, `<sha> <type> <size>LF<bytes>LF` or `<name> missing` out. */
export function createObjectReader(start: () => Promise<Conversation>): ObjectReader {
	const queue: Waiting[] = [];
	let peer: Promise<Conversation> | null = null;

	const fail = (why: string) => {
		for (const { name, reject } of queue.splice(0)) reject(new Unreadable(`git cat-file ${name}`, why));
	};
	const open = async (): Promise<Conversation> => {
		const conversation = await start();
		readAnswers(conversation.stdout, queue);
		void conversation.closed.then((lastWords) => {
			peer = null;
			fail(`git ended: ${lastWords}`);
		});
		return conversation;
	};
	return {
		read: async (name) => {
			if (/[\n\0]/.test(name)) return null;
			peer ??= open();
			const { stdin } = await peer;
			return new Promise((resolve, reject) => {
				queue.push({ name, resolve, reject });
				stdin.write(`${name}\n`);
			});
		},
		close: () => {
			void peer?.then((conversation) => conversation.end());
		},
	};
}

function readAnswers(stdout: Readable, queue: Waiting[]): void {
	let buffered: Buffer = Buffer.alloc(0);
	stdout.on('data', (chunk: Buffer) => {
		buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
		for (let taken = takeAnswer(buffered); taken !== null; taken = takeAnswer(buffered)) {
			buffered = buffered.subarray(taken.length);
			queue.shift()?.resolve(taken.object);
		}
	});
}

/** One whole answer from the head of the buffer, or null while it is incomplete. */
function takeAnswer(buffer: Buffer): { object: GitObject | null; length: number } | null {
	const end = buffer.indexOf(LF);
	if (end < 0) return null;
	const header = HEADER.exec(buffer.subarray(0, end).toString('utf8'));
	if (header === null) return { object: null, length: end + 1 };
	const [, sha, type, digits] = header as unknown as [string, string, GitObject['type'], string];
	const size = Number(digits);
	const length = end + 1 + size + 1;
	if (buffer.length < length) return null;
	return { object: { sha, type, bytes: Buffer.from(buffer.subarray(end + 1, end + 1 + size)) }, length };
}

export interface TreeEntry {
	/** Octal as git writes it: `100755` is an executable file, `40000` a folder. */
	readonly mode: string;
	readonly name: string;
	readonly sha: string;
}

/** A raw tree object: `<mode> <name>NUL<binary object name>`, repeated. `hashBytes` is 20, or 32 for SHA-256. */
export function parseTree(bytes: Buffer, hashBytes: number): TreeEntry[] {
	const entries: TreeEntry[] = [];
	let at = 0;
	while (at < bytes.length) {
		const space = bytes.indexOf(0x20, at);
		const nul = bytes.indexOf(0, space);
		if (space < 0 || nul < 0) throw new Unreadable('git tree', 'not a tree object');
		entries.push({
			mode: bytes.subarray(at, space).toString('latin1'),
			name: bytes.subarray(space + 1, nul).toString('utf8'),
			sha: bytes.subarray(nul + 1, nul + 1 + hashBytes).toString('hex'),
		});
		at = nul + 1 + hashBytes;
	}
	return entries;
}
