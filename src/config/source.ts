import type { SourceSpan } from '../core/diagnostic.ts';
import { maskSecrets } from './secrets.ts';

/** Where something stands: offsets into the text, the end exclusive. */
export type Range = readonly [start: number, end: number];

/** Turns offsets of one text into spans that people can follow. */
export interface Source {
	readonly text: string;
	span(range: Range): SourceSpan;
}

// What a terminal must never be sent.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Lines are found by our own table and not by the YAML parser's, because a file that the parser never
 * came to the end of needs spans as well. `display` is the name that diagnostics show.
 */
export function openSource(text: string, display: string): Source {
	const starts = lineStarts(text);
	return {
		text,
		span([start, end]) {
			const line = lineOf(starts, Math.min(start, text.length));
			const from = starts[line] ?? 0;
			const raw = text.slice(from, (starts[line + 1] ?? text.length + 1) - 1).replace(/\r$/, '');
			const col = Math.min(start - from, raw.length);
			return {
				file: display,
				line: line + 1,
				col: col + 1,
				// A range of several lines ends with its first.
				endCol: Math.min(Math.max(col + 1, end - from), raw.length) + 1,
				excerpt: maskSecrets(raw).replace(CONTROL, '\ufffd'),
			};
		},
	};
}

function lineStarts(text: string): number[] {
	const starts = [0];
	for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
	return starts;
}

/** Index of the last line that starts at or before the offset. */
function lineOf(starts: readonly number[], offset: number): number {
	let low = 0;
	let high = starts.length - 1;
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if ((starts[middle] ?? 0) <= offset) low = middle;
		else high = middle - 1;
	}
	return low;
}
