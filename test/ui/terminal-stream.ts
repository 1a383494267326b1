import { PassThrough } from 'node:stream';

export interface TerminalStream {
	readonly stream: NodeJS.WriteStream;
	/** Everything written so far. */
	written(): string;
	/** The window gets another size, as when a person drags its corner. */
	resize(columns: number, rows: number): void;
}

/** A stream that says it is a terminal and remembers what was written to it. */
export function terminalStream(columns: number, rows: number): TerminalStream {
	const pipe = new PassThrough({ encoding: 'utf8' });
	let text = '';
	pipe.on('data', (chunk: string) => {
		text += chunk;
	});
	const stream = Object.assign(pipe, { isTTY: true as const, columns, rows });
	return {
		stream: stream as unknown as NodeJS.WriteStream,
		written: () => text,
		resize: (nextColumns, nextRows) => Object.assign(stream, { columns: nextColumns, rows: nextRows }),
	};
}
