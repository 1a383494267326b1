import type { Readable } from 'node:stream';

/** What is kept of one output stream of a process: its last bytes, while its lines are handed out. */
export interface OutputTail {
	/** Hands out a last line without an end; what comes later belongs to nobody and is ignored. */
	finish(): void;
	bytes(): Buffer;
	/** True when the head was dropped. */
	truncated(): boolean;
}

/** A line that does not end is handed out in parts of at least this many characters: memory stays bounded. */
const LONGEST_LINE = 64 * 1024;

/** Keeps the last `keep` bytes of a stream. A line ends with LF, CR LF or CR, wherever a chunk is cut. */
export function collectOutput(stream: Readable, keep: number, onLine: (line: string) => void): OutputTail {
	const lines = createLineSplitter(onLine);
	let chunks: Buffer[] = [];
	let size = 0;
	let dropped = false;
	let finished = false;
	stream.on('data', (chunk: Buffer) => {
		if (finished) return;
		chunks.push(chunk);
		size += chunk.length;
		if (size > 2 * keep) {
			chunks = [lastBytes(chunks, keep)];
			size = keep;
			dropped = true;
		}
		lines.write(chunk);
	});
	return {
		finish: () => {
			if (!finished) lines.end();
			finished = true;
		},
		bytes: () => lastBytes(chunks, keep),
		truncated: () => dropped || size > keep,
	};
}

function lastBytes(chunks: readonly Buffer[], keep: number): Buffer {
	const all = Buffer.concat(chunks);
	return all.subarray(Math.max(0, all.length - keep));
}

function createLineSplitter(onLine: (line: string) => void) {
	const decoder = new TextDecoder();
	let open = '';
	let endedInCr = false;
	const take = (text: string) => {
		if (text === '') return;
		const [first = '', ...rest] = (endedInCr && text.startsWith('\n') ? text.slice(1) : text).split(/\r?\n|\r/);
		endedInCr = text.endsWith('\r');
		open += first;
		for (const next of rest) {
			onLine(open);
			open = next;
		}
		if (open.length < LONGEST_LINE) return;
		onLine(open);
		open = '';
	};
	return {
		write: (chunk: Buffer) => take(decoder.decode(chunk, { stream: true })),
		end: () => {
			take(decoder.decode());
			if (open !== '') onLine(open);
		},
	};
}
