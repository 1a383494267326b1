import { clean } from '../core/clean.ts';
import { displayWidth } from './width.ts';

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const ERASE_LINE_END = '\x1b[K';
const ERASE_DOWN = '\x1b[J';
/** Terminals that know synchronised output show a frame at once; others ignore these. */
const BEGIN_UPDATE = '\x1b[?2026h';
const END_UPDATE = '\x1b[?2026l';
/** A glyph that is wider here than Unicode says is clipped at the edge, and can't push the frame down. */
const WRAP_OFF = '\x1b[?7l';
const WRAP_ON = '\x1b[?7h';

const FALLBACK_COLUMNS = 80;
const FALLBACK_ROWS = 24;

/** A region at the end of a terminal's output that is drawn over and over. */
export interface Screen {
	/** As it is now: a person may resize the window at any moment. */
	size(): { readonly columns: number; readonly rows: number };
	/** Shows these lines instead of the last ones; nothing is written when they are the same. */
	draw(lines: readonly string[]): void;
	/** Leaves the last lines standing and gives the cursor back. */
	close(): void;
}

/**
 * Opens a screen on a terminal stream: hides the cursor until `close`, and gives it back too when
 * the process exits without one. Lines given to `draw` must be narrower than the terminal, and
 * fewer than its rows.
 */
export function openScreen(stream: NodeJS.WriteStream): Screen {
	let drawn: readonly string[] = [];
	const giveCursorBack = () => stream.write(WRAP_ON + SHOW_CURSOR);
	process.once('exit', giveCursorBack);
	stream.write(HIDE_CURSOR);
	const size = () => ({ columns: stream.columns || FALLBACK_COLUMNS, rows: stream.rows || FALLBACK_ROWS });

	return {
		size,
		draw(lines) {
			if (lines.length === drawn.length && lines.every((line, place) => line === drawn[place])) return;
			const up = rowsTaken(drawn, size().columns) - 1;
			const home = up > 0 ? `\r\x1b[${up}A` : '\r';
			const body = lines.map((line) => line + ERASE_LINE_END).join('\r\n');
			stream.write(BEGIN_UPDATE + WRAP_OFF + home + body + ERASE_DOWN + WRAP_ON + END_UPDATE);
			drawn = lines;
		},
		close() {
			process.off('exit', giveCursorBack);
			stream.write(`${drawn.length > 0 ? '\r\n' : ''}${SHOW_CURSOR}`);
			drawn = [];
		},
	};
}

/** Rows that lines take in a window that may have become narrower since: terminals wrap them anew. */
function rowsTaken(lines: readonly string[], columns: number): number {
	return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(displayWidth(clean(line)) / columns)), 0);
}
