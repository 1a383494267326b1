import type { Tone } from '../core/segment.ts';
import { type Canvas, cutLine, type FrameLine } from './frame-line.ts';
import type { LiveState, LiveTask } from './live-state.ts';
import { formatDuration, safeLine } from './terminal.ts';
import { pad } from './width.ts';

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPINNER_STEP_MS = 100;
const TIME_COLUMNS = 7;
const NARROW_COLUMNS = 60;
/** The id column may take this much of a line, so that the text beside it is never squeezed out. */
const ID_SHARE = 0.4;

/** A task that is done, or that needed nothing. */
export function settledRow(state: LiveState, task: LiveTask, canvas: Canvas): FrameLine {
	const isDone = task.status === 'done';
	return row(state, canvas, {
		task,
		glyph: isDone ? '✔' : '↷',
		tone: isDone ? 'done' : 'dim',
		time: isDone ? formatDuration(task.ms) : '',
		text: task.note,
		textTone: isDone ? 'plain' : 'dim',
	});
}

/** A task that failed or was cancelled. */
export function failureRow(state: LiveState, task: LiveTask, canvas: Canvas): FrameLine {
	const hasFailed = task.status === 'failed';
	const tone = hasFailed ? 'failed' : 'warn';
	return row(state, canvas, {
		task,
		glyph: hasFailed ? '✖' : '⊘',
		tone,
		time: formatDuration(task.ms),
		text: task.note || task.status,
		textTone: tone,
	});
}

/** A running task: its seconds, and the last line that its command printed. */
export function runningRow(state: LiveState, task: LiveTask, canvas: Canvas): FrameLine {
	const seconds = Math.max(0, Math.floor((canvas.now - task.startedAt) / 1000));
	return row(state, canvas, {
		task,
		glyph: SPINNER[Math.floor(canvas.now / SPINNER_STEP_MS) % SPINNER.length] ?? '',
		tone: 'running',
		time: formatDuration(seconds * 1000),
		text: task.output,
		textTone: 'dim',
	});
}

/** A task that waits, and for what. */
export function waitingRow(state: LiveState, task: LiveTask, canvas: Canvas): FrameLine {
	const text = task.unmet === 0 ? 'ready' : `needs ${unmetNeeds(state, task).join(', ')}`;
	return row(state, canvas, { task, glyph: '·', tone: 'dim', time: '', text, textTone: 'dim' });
}

/** A join is named by what it stands for and how much of it is missing: `checked (3 left)`. */
function unmetNeeds(state: LiveState, task: LiveTask): string[] {
	const names: string[] = [];
	for (const id of task.needs) {
		const need = state.tasks.get(id);
		if (need?.status === 'done' || need?.status === 'skipped') continue;
		names.push(need?.isJoin ? `${id.slice(id.indexOf(':') + 1)} (${need.unmet} left)` : id);
	}
	return names;
}

interface Row {
	readonly task: LiveTask;
	readonly glyph: string;
	readonly tone: Tone;
	readonly time: string;
	readonly text: string;
	readonly textTone: Tone;
}

function row(state: LiveState, { columns }: Canvas, { task, glyph, tone, time, text, textTone }: Row): FrameLine {
	const gap = columns < NARROW_COLUMNS ? ' ' : '  ';
	const idColumns = Math.min(state.longestId, Math.floor(columns * ID_SHARE));
	const line: FrameLine = [
		{ text: `${glyph} `, tone },
		{ text: pad(safeLine(task.id), idColumns), tone: task.status === 'waiting' ? 'dim' : 'plain' },
		{ text: `${gap}${time.padStart(TIME_COLUMNS)}${gap}`, tone: 'dim' },
		{ text: safeLine(text), tone: textTone },
	];
	return cutLine(line, columns - 1);
}
