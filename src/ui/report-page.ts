import { readableTime } from '../core/moment.ts';
import type { TaskLog } from '../runner/run-log.ts';
import { describeFields } from './describe.ts';
import { countsText, type FullReport, factsOf, LOOKS } from './full-report.ts';
import { PAGE_STYLE } from './report-page-style.ts';
import { formatDuration, safe } from './terminal.ts';

/**
 * The report of one run as a page that needs nothing else: no script, no picture, no font, nothing
 * fetched. Takes the report; gives HTML. All text comes from outside and is escaped.
 */
export function reportPage(report: FullReport): string {
	const title = `${report.name}: ${report.outcome}`;
	const failed = report.tasks.filter(({ outcome }) => outcome === 'failed' || outcome === 'began');
	const shown = report.tasks.filter(({ kind, outcome }) => kind !== 'barrier' && outcome !== 'not_started');
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${html(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${header(report)}
${section('What failed', failed.map(failure))}
${section(
	'Live now',
	report.live.map(({ task, evidence }) => item(task, describeFields(evidence))),
)}
${section(
	'Not started',
	report.notStarted.map((task) => `<li><code>${html(task)}</code></li>`),
)}
<h2>Tasks</h2>
${shown.map((task) => taskRow(task, report)).join('\n')}
</main>
</body>
</html>
`;
}

function header(report: FullReport): string {
	const { name, outcome, run, command, by, startedAt, ms, recordState, resume } = report;
	const facts: readonly (readonly [string, string | null])[] = [
		['Command', `slipway ${command}`],
		['By', by],
		['Started', readableTime(startedAt)],
		['Took', formatDuration(ms)],
		['Tasks', countsText(report)],
		['Record', recordState],
		['Run', run],
	];
	const rows = facts.map(([key, value]) => (value ? `<div><dt>${key}</dt><dd>${html(value)}</dd></div>` : ''));
	const next = resume === null ? '' : `<p class="resume">Resume with <code>${html(resume)}</code></p>`;
	return `<header class="${outcome}">
<h1>${html(name)} <span class="outcome">${outcome}</span></h1>
<dl>${rows.join('')}</dl>
${next}
</header>`;
}

/** Nothing at all where the section is empty. */
function section(title: string, items: readonly string[]): string {
	return items.length === 0 ? '' : `<section><h2>${title}</h2>\n<ul>${items.join('\n')}</ul></section>`;
}

function item(task: string, text: string): string {
	return `<li class="wide"><code>${html(task)}</code> ${html(text)}</li>`;
}

function failure(log: TaskLog): string {
	const { findings, outcome } = log;
	const what = findings.length > 0 ? findings.map(({ summary }) => summary).join('; ') : LOOKS[outcome].word;
	return item(log.task, what);
}

function taskRow(log: TaskLog, report: FullReport): string {
	const { word, glyph } = LOOKS[log.outcome];
	const note = log.findings[0]?.summary ?? log.reasons[0] ?? '';
	const facts = factsOf(log).map(([name, text]) => `<div><dt>${name}</dt><dd>${html(text)}</dd></div>`);
	const findings = log.findings.map(
		({ code, summary, seen, hint }) =>
			`<p class="finding"><b>${html(code)}</b> ${html(summary)}</p>` +
			(seen ? `<pre>${html(seen)}</pre>` : '') +
			(hint ? `<p class="hint">${html(hint)}</p>` : ''),
	);
	const open = log.outcome === 'failed' || log.outcome === 'began' ? ' open' : '';
	const line = `<span class="glyph" title="${word}">${glyph}</span><code>${html(log.task)}</code><span class="note">${html(note)}</span>${bar(log, report)}<span class="time">${formatDuration(log.ms)}</span>`;
	const body = facts.length + findings.length === 0 ? '' : `<dl>${facts.join('')}</dl>${findings.join('')}`;
	return `<details class="task ${log.outcome}"${open}><summary>${line}</summary>${body}</details>`;
}

/** Where the task stood in the time of the run, for the eye. */
function bar({ settledAt, ms }: TaskLog, { startedAt, ms: whole }: FullReport): string {
	if (settledAt === null || whole === 0) return '<span class="bar"></span>';
	const end = Date.parse(settledAt) - Date.parse(startedAt);
	const percent = (part: number) => Math.min(100, Math.max(0, (100 * part) / whole)).toFixed(1);
	return `<span class="bar"><i style="left:${percent(end - ms)}%;width:${percent(ms)}%"></i></span>`;
}

function html(text: string): string {
	return safe(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
