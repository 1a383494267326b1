import type { TaskId } from '../core/brand.ts';
import { unreachable } from '../core/unreachable.ts';
import type { EventSink, RunEvent, TaskOutcome } from '../runner/events.ts';
import type { Palette } from './colour.ts';
import { finishNote } from './describe.ts';
import { formatDuration, plural, safe, safeLine } from './terminal.ts';
import { pad } from './width.ts';

const WIDEST_ID = 32;

/** How each outcome is told, in the order of the closing counts. */
const OUTCOMES = [
	{ outcome: 'done', word: 'done', tone: 'done' },
	{ outcome: 'skipped', word: 'skipped', tone: 'dim' },
	{ outcome: 'failed', word: 'failed', tone: 'failed' },
	{ outcome: 'cancelled', word: 'cancelled', tone: 'warn' },
	{ outcome: 'not_started', word: 'not started', tone: 'plain' },
] as const satisfies readonly { outcome: TaskOutcome; word: string; tone: keyof Palette }[];

/** Where the lines go, and how they look. */
export interface PlainOptions {
	readonly write: (text: string) => void;
	readonly palette: Palette;
}

/**
 * The view for logs and pipes: one line an event that matters, stamped with the local time and
 * never rewritten, so that two runs can be compared. Takes `write`, which gets whole lines.
 */
export function plainView({ write, palette }: PlainOptions): EventSink {
	let name = '';
	let idColumns = 0;
	return (event) => {
		if (event.type === 'run.started') {
			name = safeLine(event.name);
			idColumns = widestId(event.tasks.map(({ id }) => id));
		}
		const said = lines(event, { name, idColumns, palette });
		const stamp = palette.dim(localTime(event.at));
		for (const line of said) write(`${stamp} ${line.trimEnd()}\n`);
	};
}

interface Context {
	readonly name: string;
	readonly idColumns: number;
	readonly palette: Palette;
}

/** None for what the next event of the same task says again: a probe that ends in a start or a skip. */
function lines(event: RunEvent, context: Context): string[] {
	const { name, palette } = context;
	switch (event.type) {
		case 'run.started':
			return [`${palette.strong(name)}: ${plural(event.tasks.length, 'task')}`];
		case 'task.probed': {
			if (event.state === 'done' || event.state === 'todo') return [];
			const reasons = event.reasons.map(safeLine).join('; ');
			return [`${label(event.task, context)}  ${palette[event.state](event.state)}: ${reasons}`];
		}
		case 'task.started':
			return [`${label(event.task, context)}  started  ${palette.dim(safeLine(event.change.summary))}`];
		case 'task.output':
			return [`${label(event.task, context)} ${palette.dim('|')} ${safe(event.line)}`];
		case 'task.finished':
			return finishLines(event, context);
		case 'run.finished':
			return [`${palette.strong(name)}: ${verdict(event, palette)}`];
		default:
			return unreachable(event);
	}
}

/** Tasks that never started are counted at the end, and not told one by one. */
function finishLines(event: Extract<RunEvent, { type: 'task.finished' }>, context: Context): string[] {
	if (event.outcome === 'not_started') return [];
	const { palette } = context;
	const id = label(event.task, context);
	const { word, tone } = OUTCOMES.find(({ outcome }) => outcome === event.outcome) ?? OUTCOMES[0];
	const time = event.outcome === 'skipped' ? '' : ` ${palette.dim(`(${formatDuration(event.ms)})`)}`;
	const told = `${id}  ${palette[tone](word)}${time}  ${safeLine(finishNote(event))}`;
	return event.error?.hint ? [told, `${id}  hint: ${safeLine(event.error.hint)}`] : [told];
}

function verdict(event: Extract<RunEvent, { type: 'run.finished' }>, palette: Palette): string {
	const tone = event.outcome === 'cancelled' ? 'warn' : event.outcome;
	const counts = OUTCOMES.filter(({ outcome }) => event.counts[outcome] > 0);
	const told = counts.map(({ outcome, word }) => `${event.counts[outcome]} ${word}`).join(', ');
	return `${palette[tone](event.outcome)} in ${formatDuration(event.ms)}${told ? `: ${told}` : ''}`;
}

function label(task: TaskId, { idColumns, palette }: Context): string {
	const id = safeLine(task);
	return palette.code(id.length < idColumns ? pad(id, idColumns) : id);
}

/** Ids are never cut, since they are what one searches a log for; only the alignment has a limit. */
function widestId(ids: readonly TaskId[]): number {
	return ids.reduce((widest, id) => Math.max(widest, Math.min(id.length, WIDEST_ID)), 0);
}

function localTime(at: string): string {
	return new Date(at).toTimeString().slice(0, 8);
}
