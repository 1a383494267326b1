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

const NOTHING = / (?:missing|submodule)$/;

interface Waiting {
	readonly name: string;
	readonly resolve: (object: GitObject | null) => void;
	readonly reject: (error: Error) => void;
}

/** One git process and the questions that it has not answered yet. */
interface Peer {
	readonly conversation: Conversation;
	readonly queue: Waiting[];
	/** Why it answers no more; null while it does. */
	ended: string | null;
}

/** The protocol is git's: one name a line in, `<sha> <type> <size>LF<bytes>LF` or `<name> missing` out. */
export function createObjectReader(start: () => Promise<Conversation>): ObjectReader {
	let current: Promise<Peer> | null = null;

	const open = async (): Promise<Peer> => {
		const conversation = await start();
		const peer: Peer = { conversation, queue: [], ended: null };
		readAnswers(conversation.stdout, peer.queue);
		void conversation.closed.then((lastWords) => {
			current = null;
			peer.ended = `git ended: ${lastWords}`;
			for (const { name, reject } of peer.queue.splice(0)) reject(unreadable(name, peer.ended));
		});
		return peer;
	};
	return {
		read: async (name) => {
			if (/[\n\0]/.test(name)) return null;
			current ??= open();
			const { conversation, queue, ended } = await current;
			if (ended !== null) throw unreadable(name, ended);
			return new Promise((resolve, reject) => {
				queue.push({ name, resolve, reject });
				conversation.stdin.write(`${name}\n`);
			});
		},
		close: () => {
			void current?.then(({ conversation }) => conversation.end());
		},
	};
}

function unreadable(name: string, why: string): Unreadable {
	return new Unreadable(`git cat-file ${name}`, why);
}

function readAnswers(stdout: Readable, queue: Waiting[]): void {
	let chunks: Buffer[] = [];
	let size = 0;
	// Joined only when the answer at the head can be whole: a big blob comes in thousands of chunks.
	let wanted = 1;
	stdout.on('data', (chunk: Buffer) => {
		chunks.push(chunk);
		size += chunk.length;
		if (size < wanted) return;
		let buffered: Buffer = Buffer.concat(chunks);
		for (let next = takeAnswer(buffered); ; next = takeAnswer(buffered)) {
			wanted = next.length;
			if (buffered.length < next.length) break;
			buffered = buffered.subarray(next.length);
			settle(queue.shift(), next);
		}
		chunks = [buffered];
		size = buffered.length;
	});
}

function settle(waiting: Waiting | undefined, { header, object }: Answer): void {
	if (object || NOTHING.test(header)) waiting?.resolve(object);
	else waiting?.reject(unreadable(waiting.name, `not an answer: ${header.slice(0, 120)}`));
}

interface Answer {
	readonly header: string;
	readonly object: GitObject | null;
	/** Bytes of the whole answer, or at least so many while it is incomplete. */
	readonly length: number;
}

/** The answer at the head of the buffer; it is whole when the buffer holds its length. */
function takeAnswer(buffer: Buffer): Answer {
	const end = buffer.indexOf(LF);
	if (end < 0) return { header: '', object: null, length: buffer.length + 1 };
	const header = buffer.subarray(0, end).toString('utf8');
	const [, sha, type, digits] = HEADER.exec(header) ?? [];
	if (sha === undefined) return { header, object: null, length: end + 1 };
	const size = Number(digits);
	const length = end + 1 + size + 1;
	const bytes = buffer.length < length ? Buffer.alloc(0) : Buffer.from(buffer.subarray(end + 1, end + 1 + size));
	return { header, object: { sha, type: type as GitObject['type'], bytes }, length };
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
