import { shortSha } from '../core/brand.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Palette } from './colour.ts';
import { describeFields } from './describe.ts';
import type { FailureRow, LiveRow, RunReport, ShippedRow } from './report.ts';
import { formatDuration, plural, safe } from './terminal.ts';
import { displayWidth, pad } from './width.ts';

const MOST_NOT_STARTED = 12;
const LAST_LINES = 12;

/**
 * The closing text of a run (2-train.md §9): takes plain data; gives text that ends with a line feed.
 * After a failure it reads as someone at 01:00 asks: what failed, what is live, what was not
 * begun, where the record stands, and last, where the eye rests, the one command that goes on.
 */
export function renderSummary(report: RunReport, palette: Palette): string {
	const blocks = [
		[verdict(report, palette)],
		report.shipped.length > 0 ? section(heading(report), shippedLines(report.shipped, palette), palette) : [],
		...report.failures.map((failure) => failureLines(failure, (task) => palette.failed(`✖ ${task}`), palette)),
		...report.warnings.map((warning) => failureLines(warning, (task) => palette.warn(`⚠ ${task}`), palette)),
	];
	return [joinBlocks(blocks), renderClosing(report, palette)].filter((part) => part !== '').join('\n');
}

type Closing = Pick<RunReport, 'live' | 'outcome' | 'notStarted' | 'recordState' | 'resume'>;

/** How a run left the world, and the command that goes on; '' when there is nothing to say. */
export function renderClosing(report: Closing, palette: Palette, mostNotStarted = MOST_NOT_STARTED): string {
	return joinBlocks([
		liveLines(report, palette),
		notStartedLines(report.notStarted, mostNotStarted, palette),
		closingLines(report, palette),
	]);
}

function joinBlocks(blocks: readonly (readonly string[])[]): string {
	const told = blocks.filter((block) => block.length > 0);
	return told.map((block) => `${block.join('\n')}\n`).join('\n');
}

function verdict({ train, outcome, changed, elapsedMs, failures }: RunReport, palette: Palette): string {
	const name = palette.strong(safe(train));
	const time = formatDuration(elapsedMs);
	switch (outcome) {
		case 'done':
			return `${palette.done('✔ Done')}  ${name} in ${time}${changed ? '' : ': nothing was left to do'}`;
		case 'failed':
			return `${palette.failed('✖ Stopped')}  ${name} after ${time}: ${plural(failures.length, 'task')} failed`;
		case 'cancelled':
			return `${palette.warn('⊘ Cancelled')}  ${name} after ${time}`;
		default:
			return unreachable(outcome);
	}
}

function heading({ outcome }: RunReport): string {
	return outcome === 'done' ? 'Shipped' : 'Shipped so far';
}

function shippedLines(rows: readonly ShippedRow[], palette: Palette): string[] {
	const cells = rows.map(({ repo, version, sha, url, note }) => ({
		repo: safe(repo),
		version: safe(version ?? ''),
		sha: sha === null ? '' : shortSha(sha),
		rest: [url, note].filter((part) => part !== null).map(safe),
	}));
	const repoColumns = widest(cells.map(({ repo }) => repo));
	const versionColumns = widest(cells.map(({ version }) => version));
	const shaColumns = widest(cells.map(({ sha }) => sha));
	return cells.map(({ repo, version, sha, rest }) =>
		[
			palette.strong(pad(repo, repoColumns)),
			...(versionColumns > 0 ? [pad(version, versionColumns)] : []),
			...(shaColumns > 0 ? [palette.code(pad(sha, shaColumns))] : []),
			...rest,
		].join('  '),
	);
}

function failureLines(failure: FailureRow, mark: (task: string) => string, palette: Palette): string[] {
	const { task, summary, command, cwd, exitCode, lastLines, hint } = failure;
	const facts = [
		command === null ? null : `command  ${palette.code(safe(command))}`,
		cwd === null ? null : `in       ${safe(cwd)}`,
		exitCode === null ? null : `exit     ${exitCode}`,
		...lastLines.slice(-LAST_LINES).map((line) => `${palette.dim('│')} ${safe(line)}`),
		hint === null ? null : `${palette.strong('hint:')} ${safe(hint)}`,
	];
	const head = `${mark(safe(task))}  ${safe(summary)}`;
	return [head, ...facts.filter((fact) => fact !== null).map((fact) => `  ${fact}`)];
}

/** After a failure an empty list is news too: nothing irreversible has happened. */
function liveLines({ live, outcome }: Closing, palette: Palette): string[] {
	if (live.length === 0) return outcome === 'done' ? [] : section('Live now', ['nothing of this train'], palette);
	return section('Live now', tasksWithEvidence(live), palette);
}

function tasksWithEvidence(rows: readonly LiveRow[]): string[] {
	const columns = widest(rows.map(({ task }) => safe(task)));
	return rows.map(({ task, evidence }) => `${pad(safe(task), columns)}  ${safe(describeFields(evidence))}`.trimEnd());
}

function notStartedLines(ids: readonly string[], most: number, palette: Palette): string[] {
	if (ids.length === 0) return [];
	const named = ids.slice(0, most).map(safe);
	const more = ids.length - named.length;
	return section(`Not started (${ids.length})`, more > 0 ? [...named, `… and ${more} more`] : named, palette);
}

function closingLines({ recordState, resume }: Closing, palette: Palette): string[] {
	return [
		...(recordState === null ? [] : [`${palette.strong('Record')}  ${safe(recordState)}`]),
		...(resume === null ? [] : [`${palette.strong('Resume')}  ${palette.code(safe(resume))}`]),
	];
}

function section(title: string, lines: readonly string[], palette: Palette): string[] {
	return [palette.strong(title), ...lines.map((line) => `  ${line}`)];
}

function widest(texts: readonly string[]): number {
	return texts.reduce((columns, text) => Math.max(columns, displayWidth(text)), 0);
}
