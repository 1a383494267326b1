import type { Location } from './prism.ts';
import type { Place } from './types.ts';

/** Bytes `start` to `end` become `text`; `start === end` inserts. */
export interface Edit {
	readonly start: number;
	readonly end: number;
	readonly text: string;
}

const BYTE_ORDER_MARK = Buffer.from('\u{feff}');
const NEWLINE = 0x0a;

/** The offset behind the last byte of a location. */
export function endOf(location: Location): number {
	return location.startOffset + location.length;
}

/** The text between two byte offsets. */
export function slice(bytes: Buffer, start: number, end: number): string {
	return bytes.toString('utf8', start, end);
}

/** The text of a location. */
export function textOf(bytes: Buffer, location: Location): string {
	return slice(bytes, location.startOffset, endOf(location));
}

/** Offset of the first byte of the line that holds `offset`; a byte order mark belongs to no line. */
export function lineStart(bytes: Buffer, offset: number): number {
	const start = offset === 0 ? 0 : bytes.lastIndexOf(NEWLINE, offset - 1) + 1;
	const marked = start === 0 && bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
	return marked ? BYTE_ORDER_MARK.length : start;
}

/** Offset of the first byte of the next line; the length of the text on the last line. */
export function nextLine(bytes: Buffer, offset: number): number {
	const newline = bytes.indexOf(NEWLINE, offset);
	return newline < 0 ? bytes.length : newline + 1;
}

/** Line, columns and excerpt of a location; one that spans lines ends with its first. */
export function placeOf(bytes: Buffer, location: Location): Place {
	const from = lineStart(bytes, location.startOffset);
	const excerpt = slice(bytes, from, nextLine(bytes, location.startOffset)).replace(/\r?\n$/, '');
	const before = slice(bytes, from, location.startOffset).length;
	const width = textOf(bytes, location).split(/\r?\n/, 1)[0]?.length ?? 0;
	let line = 1;
	for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < from; at = bytes.indexOf(NEWLINE, at + 1)) line += 1;
	return { line, col: before + 1, endCol: before + Math.max(width, 1) + 1, excerpt };
}

/** Applies edits to the bytes between `start` and `end`. Edits that overlap are a bug and throw. */
export function splice(bytes: Buffer, edits: readonly Edit[], range: { start: number; end: number }): string {
	const inside = edits.filter((edit) => edit.start >= range.start && edit.end <= range.end);
	const parts: string[] = [];
	let at = range.start;
	for (const edit of inside.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
		if (edit.start < at) throw new Error(`edits overlap at byte ${edit.start}`);
		parts.push(slice(bytes, at, edit.start), edit.text);
		at = edit.end;
	}
	return parts.join('') + slice(bytes, at, range.end);
}
