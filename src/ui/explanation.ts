import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import { readableTime } from '../core/moment.ts';
import type { Tone } from '../core/segment.ts';
import type { PlanChange, PlanState } from '../graph/plan.ts';
import type { TaskLog } from '../runner/run-log.ts';
import type { Palette } from './colour.ts';
import { describeFields } from './describe.ts';
import { LOOKS } from './full-report.ts';
import { formatDuration, safe, safeLine } from './terminal.ts';
import { displayWidth, pad } from './width.ts';

/** A task on the other side of an edge. */
export interface Neighbour {
	readonly task: string;
	/** Null when it was not probed. */
	readonly state: PlanState | null;
	readonly reason: string;
	/** `release_repos.yml:12`, where the file asked for the edge. */
	readonly at: string | null;
	/** Where it is a join: what of the tasks before it is not done. */
	readonly open: readonly string[];
}

/** All that `slipway explain` knows of a task, as plain data. */
export interface Explanation {
	readonly task: string;
	readonly kind: string;
	readonly repo: string | null;
	readonly irreversible: boolean;
	/** Null when there is no release whose tasks could be probed. */
	readonly state: PlanState | null;
	readonly reasons: readonly string[];
	readonly change: PlanChange | null;
	readonly evidence: JsonObject | null;
	readonly findings: readonly Diagnostic[];
	readonly needs: readonly Neighbour[];
	readonly neededBy: readonly Neighbour[];
	/** Its last outcomes, the newest first. */
	readonly last: readonly (Pick<TaskLog, 'outcome' | 'ms' | 'reasons'> & {
		readonly run: string;
		readonly command: string;
		readonly at: string;
	})[];
}

interface Look {
	readonly glyph: string;
	readonly says: string;
	readonly tone: Tone;
}

const STATES: Readonly<Record<PlanState, Look>> = {
	done: { glyph: '✔', says: 'is done: a run would skip it', tone: 'done' },
	todo: { glyph: '→', says: 'would run', tone: 'todo' },
	blocked: { glyph: '✖', says: 'is blocked', tone: 'blocked' },
	unknown: { glyph: '?', says: 'could not be told: it is neither done nor to do', tone: 'unknown' },
};
const UNPROBED: Look = { glyph: '·', says: 'was not probed: there is no release yet', tone: 'dim' };

/** The answer as text that ends with a line feed. */
export function renderExplanation(told: Explanation, palette: Palette): string {
	const { glyph, tone } = lookOf(told.state);
	const blocks = [
		[`${palette[tone](glyph)} ${palette.strong(safeLine(told.task))} ${verdict(told)}`, ...facts(told, palette)],
		neighbours('Waits for', told.needs, palette),
		neighbours('Lets start', told.neededBy, palette),
		lastLines(told.last, palette),
	];
	const filled = blocks.filter((block) => block.length > 0);
	return filled.map((block) => `${block.join('\n')}\n`).join('\n');
}

function lookOf(state: PlanState | null): Look {
	return state === null ? UNPROBED : STATES[state];
}

/** A task with something to do and open needs would not run at once. */
function verdict({ kind, state, change, needs }: Explanation): string {
	const open = needs.filter((need) => need.state !== null && need.state !== 'done');
	if (state !== 'todo' || open.length === 0) return lookOf(state).says;
	const names = open.flatMap((need) => (need.open.length > 0 ? need.open : [need.task]));
	const exactly = change === null && kind !== 'barrier' ? ', and what exactly it does is known only then' : '';
	return `would run after ${safeLine([...new Set(names)].join(', '))}${exactly}`;
}

function facts(
	{ reasons, change, evidence, findings, irreversible }: Explanation,
	palette: Palette,
): readonly string[] {
	const line = (name: string, text: string) => `  ${palette.dim(name.padEnd(8))}  ${safe(text)}`;
	const seen = findings.flatMap((finding) => [
		...(finding.seen ? safe(finding.seen).split('\n') : []).map((text) => `  ${palette.dim('│')} ${text}`),
		...(finding.hint ? [line('hint', finding.hint)] : []),
	]);
	return [
		...reasons.map((reason, i) => line(i === 0 ? 'why' : '', reason)),
		...seen,
		...(change ? [line('change', change.summary)] : []),
		...(evidence && Object.keys(evidence).length > 0 ? [line('evidence', describeFields(evidence))] : []),
		...(irreversible ? [line('note', "it can't be undone")] : []),
	];
}

function neighbours(title: string, all: readonly Neighbour[], palette: Palette): readonly string[] {
	if (all.length === 0) return [];
	const columns = Math.max(...all.map(({ task }) => displayWidth(safeLine(task))));
	const lines = all.map(({ task, state, reason, at, open }) => {
		const { glyph, tone } = lookOf(state);
		const mark = state === null ? '' : `${palette[tone](glyph)} `;
		const why = at ? `${reason} (${at})` : reason;
		const rest = open.length > 0 ? `; open: ${open.join(', ')}` : '';
		return `  ${mark}${pad(safeLine(task), columns)}  ${palette.dim(safeLine(why + rest))}`;
	});
	return [palette.strong(title), ...lines];
}

function lastLines(last: Explanation['last'], palette: Palette): readonly string[] {
	if (last.length === 0) return [];
	const lines = last.map(({ run, command, at, outcome, ms, reasons }) => {
		const { glyph, word, tone } = LOOKS[outcome];
		const when = `${readableTime(at)}  ${command}`;
		return `  ${palette[tone](glyph)} ${safeLine(when)}  ${word} in ${formatDuration(ms)}  ${safeLine(reasons[0] ?? '')}  ${palette.dim(safeLine(run))}`;
	});
	return [palette.strong('Last time'), ...lines];
}
