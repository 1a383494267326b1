import type { Segment, Tone } from '../core/segment.ts';
import type { RunOutcome } from '../runner/events.ts';
import { type Canvas, cutLine, type FrameLine, lineWidth } from './frame-line.ts';
import type { LiveState, LiveStatus } from './live-state.ts';
import { formatDuration } from './terminal.ts';

interface Count {
	readonly status: LiveStatus;
	readonly word: string;
	readonly glyph: string;
	readonly tone: Tone;
	/** Shown at zero too, so that the counts stay where the eye has learnt to find them. */
	readonly steady: boolean;
}

const COUNTS: readonly Count[] = [
	{ status: 'done', word: 'done', glyph: '✔', tone: 'done', steady: true },
	{ status: 'running', word: 'running', glyph: '▸', tone: 'running', steady: true },
	{ status: 'waiting', word: 'waiting', glyph: '·', tone: 'plain', steady: true },
	{ status: 'failed', word: 'failed', glyph: '✖', tone: 'failed', steady: true },
	{ status: 'skipped', word: 'skipped', glyph: '↷', tone: 'plain', steady: true },
	{ status: 'cancelled', word: 'cancelled', glyph: '⊘', tone: 'warn', steady: false },
	{ status: 'not_started', word: 'not started', glyph: '–', tone: 'plain', steady: false },
];

const OUTCOMES: Readonly<Record<RunOutcome, Segment>> = {
	done: { text: '✔ done  ', tone: 'done' },
	failed: { text: '✖ failed  ', tone: 'failed' },
	cancelled: { text: '⊘ cancelled  ', tone: 'warn' },
};

/** Tried in turn until one fits: the bar shrinks first, then the words go. */
const VARIANTS = [
	{ barColumns: 32, style: 'words' },
	{ barColumns: 16, style: 'words' },
	{ barColumns: 20, style: 'glyphs' },
	{ barColumns: 10, style: 'glyphs' },
	{ barColumns: 4, style: 'glyphs' },
] as const;

/** Line 1 of a frame: bar, counts, and the clock at the right edge. */
export function frameHeader(state: LiveState, { columns, now }: Canvas): FrameLine {
	const verdict = state.outcome === null ? unfinished(state) : [OUTCOMES[state.outcome]];
	const elapsed = state.outcome === null ? Math.floor((now - state.startedAt) / 1000) * 1000 : state.ms;
	const clock = formatDuration(Math.max(0, elapsed));
	const room = columns - 1 - clock.length - 2;
	let line: FrameLine = [];
	for (const { barColumns, style } of VARIANTS) {
		line = [...verdict, ...bar(state, barColumns), { text: '  ', tone: 'plain' }, ...countSegments(state, style)];
		if (lineWidth(line) <= room) break;
	}
	const gap = ' '.repeat(Math.max(1, columns - 1 - clock.length - lineWidth(line)));
	return cutLine([...line, { text: `${gap}${clock}`, tone: 'strong' }], columns - 1);
}

/** Said at once: somebody pressed Ctrl-C and looks here for an answer. */
function unfinished({ stopping }: LiveState): Segment[] {
	return stopping ? [{ text: '⊘ stopping  ', tone: 'warn' }] : [];
}

/** Settled well, failed, and the rest; a failure is never rounded away. */
function bar(state: LiveState, columns: number): Segment[] {
	const total = Math.max(1, state.tasks.size);
	const { done, skipped, failed, cancelled } = state.counts;
	const bad = Math.min(columns, Math.ceil((columns * (failed + cancelled)) / total));
	const good = Math.min(columns - bad, Math.floor((columns * (done + skipped)) / total));
	return [
		{ text: '━'.repeat(good), tone: 'done' },
		{ text: '━'.repeat(bad), tone: 'failed' },
		{ text: '─'.repeat(columns - good - bad), tone: 'dim' },
	];
}

function countSegments(state: LiveState, style: 'words' | 'glyphs'): Segment[] {
	const inWords = style === 'words';
	const shown = COUNTS.filter(
		({ status, steady }) => state.counts[status] > 0 || (steady && inWords && !isOver(state, status)),
	);
	return shown.flatMap(({ status, word, glyph, tone }, place) => {
		const count = state.counts[status];
		const text = inWords ? `${count} ${word}` : `${glyph}${count}`;
		const part: Segment = { text, tone: count === 0 ? 'dim' : tone };
		return place === 0 ? [part] : [{ text: inWords ? ' · ' : ' ', tone: 'dim' }, part];
	});
}

/** Once a run is over, nobody looks for what runs or waits. */
function isOver(state: LiveState, status: LiveStatus): boolean {
	return state.outcome !== null && (status === 'running' || status === 'waiting');
}
