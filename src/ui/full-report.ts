import { readableTime } from '../core/moment.ts';
import type { Tone } from '../core/segment.ts';
import type { RunOutcome, TaskOutcome } from '../runner/events.ts';
import type { RunLog, TaskLog } from '../runner/run-log.ts';
import type { Palette } from './colour.ts';
import { describeFields } from './describe.ts';
import type { LiveRow } from './report.ts';
import { renderClosing } from './summary.ts';
import { formatDuration, safe, safeLine } from './terminal.ts';
import { displayWidth, pad } from './width.ts';

/** One run in full (`slipway report`): what its journal says, and what that means now. */
export interface FullReport extends Omit<RunLog, 'outcome'> {
	readonly run: string;
	/** `killed`: its journal has no end and nobody holds its lock. */
	readonly outcome: RunOutcome | 'running' | 'killed';
	/** State of its release now; null where no release is involved. */
	readonly recordState: string | null;
	readonly live: readonly LiveRow[];
	readonly notStarted: readonly string[];
	readonly resume: string | null;
}

/** How an outcome looks and reads, in every form of the report. */
export const LOOKS: Readonly<
	Record<TaskLog['outcome'], { readonly glyph: string; readonly word: string; readonly tone: Tone }>
> = {
	done: { glyph: '✔', word: 'done', tone: 'done' },
	skipped: { glyph: '↷', word: 'skipped', tone: 'dim' },
	failed: { glyph: '✖', word: 'failed', tone: 'failed' },
	cancelled: { glyph: '⊘', word: 'cancelled', tone: 'warn' },
	began: { glyph: '?', word: 'under way when the run ended', tone: 'unknown' },
	not_started: { glyph: '·', word: 'not started', tone: 'dim' },
};

const RUN_TONES: Readonly<Record<FullReport['outcome'], Tone>> = {
	done: 'done',
	failed: 'failed',
	cancelled: 'warn',
	killed: 'unknown',
	running: 'running',
};

/** The report as text that ends with a line feed. Joins are left out: nothing happens in them. */
export function renderFullReport(report: FullReport, palette: Palette): string {
	const { run, command, by, startedAt, outcome, ms } = report;
	const tasks = report.tasks.filter(({ kind, outcome: how }) => kind !== 'barrier' && how !== 'not_started');
	const columns = Math.max(0, ...tasks.map(({ task }) => displayWidth(safeLine(task))));
	const ended = outcome === 'done' ? 'done' : 'failed';
	const closing = renderClosing({ ...report, outcome: ended }, palette, Number.POSITIVE_INFINITY);
	return [
		`${palette.strong(safeLine(report.name))}  ${palette[RUN_TONES[outcome]](outcome)} after ${formatDuration(ms)}: ${countsText(report)}`,
		palette.dim(`run ${safeLine(run)} · slipway ${safeLine(command)} · ${safeLine(by)} · ${readableTime(startedAt)}`),
		'',
		...tasks.flatMap((task) => taskLines(task, columns, palette)),
		...(closing === '' ? [] : ['', closing.trimEnd()]),
		'',
	].join('\n');
}

/** `12 done · 3 skipped`, without what there was none of. */
export function countsText({ counts, tasks }: Pick<RunLog, 'counts' | 'tasks'>): string {
	const open = tasks.filter(({ outcome }) => outcome === 'began').length;
	const told = (Object.keys(counts) as TaskOutcome[]).map((outcome) => `${counts[outcome]} ${LOOKS[outcome].word}`);
	const all = [...told, `${open} without an outcome`].filter((text) => !text.startsWith('0 '));
	return all.length > 0 ? all.join(' · ') : 'no task was begun';
}

function taskLines(log: TaskLog, columns: number, palette: Palette): readonly string[] {
	const { glyph, word, tone } = LOOKS[log.outcome];
	const head = `${palette[tone](glyph)} ${pad(safeLine(log.task), columns)}  ${word}${timeOf(log)}`;
	const facts = factsOf(log).map(([name, text]) => `    ${palette.dim(name.padEnd(8))}  ${safe(text)}`);
	const seen = log.findings.flatMap((finding) => [
		`    ${palette.dim('found'.padEnd(8))}  ${safe(finding.summary)}`,
		...(finding.seen ? safe(finding.seen).split('\n') : []).map((line) => `    ${palette.dim('│')} ${line}`),
		...(finding.hint ? [`    ${palette.dim('hint'.padEnd(8))}  ${safe(finding.hint)}`] : []),
	]);
	return [head, ...facts, ...seen];
}

function timeOf({ outcome, ms }: TaskLog): string {
	return outcome === 'began' || ms === 0 ? '' : ` in ${formatDuration(ms)}`;
}

/** Everything of a task that has a name and a value, in the order in which it happened; findings aside. */
export function factsOf(log: TaskLog): readonly (readonly [name: string, text: string])[] {
	const { why, change, reasons, evidence, command, findings } = log;
	const told = new Set(findings.map(({ summary }) => summary));
	const saw = reasons.filter((reason) => !told.has(reason));
	const ended = command && (command.ended ?? String(command.exit));
	const facts: readonly (readonly [string, string | null])[] = [
		['why', why.join('; ')],
		['change', typeof change?.summary === 'string' ? change.summary : null],
		['saw', saw.join('; ')],
		['evidence', evidence && describeFields(evidence)],
		['command', command ? command.argv.join(' ') : null],
		['in', command ? command.cwd : null],
		['exit', ended],
	];
	return facts.flatMap(([name, text]) => (text ? [[name, text] as const] : []));
}
