import type { Segment } from '../core/segment.ts';
import { displayWidth, truncate } from './width.ts';

/** The room a frame may take, and the moment it shows (milliseconds since the epoch). */
export interface Canvas {
	readonly columns: number;
	readonly rows: number;
	readonly now: number;
}

/** One line of a frame; its texts are clean. */
export type FrameLine = readonly Segment[];

/** Columns that a line takes. */
export function lineWidth(line: FrameLine): number {
	return line.reduce((width, { text }) => width + displayWidth(text), 0);
}

/** Gives the beginning of a line that fits into `columns`; the segment that straddles is cut. */
export function cutLine(line: FrameLine, columns: number): FrameLine {
	let left = columns;
	const kept: Segment[] = [];
	for (const { text, tone } of line) {
		const cut = truncate(text, left);
		if (cut !== '') kept.push({ text: cut, tone });
		left -= displayWidth(cut);
		if (cut !== text) break;
	}
	return kept;
}
