import type { Tone } from '../core/segment.ts';
import type { Line, Tone as PlanTone } from '../graph/print/text.ts';
import type { Palette } from './colour.ts';
import { renderLine } from './segments.ts';
import { displayWidth } from './width.ts';

/** The graph's printer says what a piece of a plan is; this says what that means to the eye. */
const LOOKS: Readonly<Record<PlanTone, Tone>> = {
	title: 'strong',
	stage: 'strong',
	branch: 'dim',
	task: 'plain',
	muted: 'dim',
	irreversible: 'warn',
	done: 'done',
	todo: 'todo',
	blocked: 'blocked',
	unknown: 'unknown',
	failed: 'failed',
};

/** Narrower than this, words one below the other are harder to read than a broken tree. */
const LEAST_COLUMNS = 24;

export interface PlanViewOptions {
	/** Of the terminal: words that do not fit go on below themselves, beside the tree. Absent: lines stay whole. */
	readonly columns?: number | undefined;
}

/** Paints the tree of a plan or a graph: takes the lines of its printer; gives text without a last line end. */
export function renderSegments(lines: readonly Line[], palette: Palette, options: PlanViewOptions = {}): string {
	const { columns } = options;
	return lines
		.flatMap((line) => (columns === undefined ? [line] : wrapped(line, columns)))
		.map((line) => line.map(({ text, tone }) => ({ text, tone: LOOKS[tone] })))
		.map((line) => renderLine(line, palette))
		.join('\n');
}

/** The words of a task are its last segment; what is left of them stays free, but for the tree. */
function wrapped(line: Line, columns: number): readonly Line[] {
	const [branch] = line;
	const words = line.at(-1);
	if (branch?.tone !== 'branch' || words === undefined) return [line];
	const head = line.slice(0, -1);
	const text = words.text.trimStart();
	const indent = widthOf(head) + words.text.length - text.length;
	const room = columns - indent;
	if (room < LEAST_COLUMNS || displayWidth(text) <= room) return [line];
	const [first = '', ...rest] = fill(text, room);
	const trunk = { text: branch.text.startsWith('└') ? ' ' : '│', tone: branch.tone };
	return [
		[...head, { text: words.text.slice(0, words.text.length - text.length) + first, tone: words.tone }],
		...rest.map((part) => [trunk, { text: ' '.repeat(indent - 1) + part, tone: words.tone }]),
	];
}

function widthOf(line: Line): number {
	return line.reduce((width, { text }) => width + displayWidth(text), 0);
}

/** Lines of whole words; a word that is longer than a line keeps one to itself. */
function fill(text: string, columns: number): readonly string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		const longer = line === '' ? word : `${line} ${word}`;
		if (line !== '' && displayWidth(longer) > columns) {
			lines.push(line);
			line = word;
		} else line = longer;
	}
	return [...lines, line];
}
