import type { Diagnostic, SourceSpan } from '../core/diagnostic.ts';
import type { Palette } from './colour.ts';
import { plural, safe } from './terminal.ts';
import { displayWidth, truncate } from './width.ts';

/** A line of a file can be a minified bundle; this much of it shows where one is. */
const EXCERPT_COLUMNS = 160;

/** Between words, where a name may hold a dot or a dash of its own. */
const WORD_BREAK = /[^\w.-]+|\.(?=\s|$)/;

/**
 * Messages for people (4-cli.md, "Output"): takes diagnostics in the order to show them; gives text
 * that ends with a line feed, '' for none. Text from outside is cleaned and known secrets are hidden.
 * A closing line counts them when there are several.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], palette: Palette): string {
	const blocks = diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, palette));
	if (diagnostics.length > 1) blocks.push(countLine(diagnostics));
	return blocks.map((block) => `${block}\n`).join('\n');
}

function renderDiagnostic(diagnostic: Diagnostic, palette: Palette): string {
	const { severity, code, at, seen, hint } = diagnostic;
	const tone = severity === 'error' ? palette.failed : palette.warn;
	const lines = [`${tone(`${severity}[${code}]`)}: ${palette.strong(headline(diagnostic))}`];
	if (at) lines.push(...renderSpan(at, palette, tone));
	if (seen) lines.push(...labelled('seen', safe(seen), palette));
	if (hint) lines.push(...labelled('hint', safe(hint), palette));
	return lines.join('\n');
}

/** The repository is named once: most summaries do it themselves, as a word or in a key such as `gems.tack.needs`. */
function headline({ repo, summary }: Diagnostic): string {
	const text = safe(summary);
	const isNamed = repo === undefined || text.split(WORD_BREAK).some((word) => word === repo || isKeyOf(repo, word));
	return isNamed ? text : `${safe(repo)}: ${text}`;
}

function isKeyOf(repo: string, word: string): boolean {
	return ['gems', 'apps'].some((section) => `${word}.`.startsWith(`${section}.${repo}.`));
}

function renderSpan(at: SourceSpan, palette: Palette, tone: (text: string) => string): string[] {
	const place = `${palette.dim('  -->')} ${palette.code(`${safe(at.file)}:${at.line}:${at.col}`)}`;
	const excerpt = safe(at.excerpt);
	if (excerpt.trim() === '') return [place];
	const number = String(at.line);
	const gutter = palette.dim(`${' '.repeat(number.length)} |`);
	// Cleaning may change widths (a tab becomes spaces), so both ends are measured in cleaned text.
	const before = displayWidth(safe(at.excerpt.slice(0, at.col - 1)));
	const end = displayWidth(safe(at.excerpt.slice(0, at.endCol - 1)));
	const carets = before < EXCERPT_COLUMNS ? '^'.repeat(Math.max(1, Math.min(end, EXCERPT_COLUMNS) - before)) : '';
	return [
		place,
		gutter,
		`${palette.dim(`${number} |`)} ${truncate(excerpt, EXCERPT_COLUMNS)}`,
		`${gutter} ${' '.repeat(Math.min(before, EXCERPT_COLUMNS))}${tone(carets)}`.trimEnd(),
	];
}

function labelled(label: string, text: string, palette: Palette): string[] {
	const indent = ' '.repeat(label.length + 2);
	const [first = '', ...rest] = text.trimEnd().split('\n');
	return [`${palette.strong(`${label}:`)} ${first}`, ...rest.map((line) => `${indent}${line}`)];
}

function countLine(diagnostics: readonly Diagnostic[]): string {
	const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
	const warnings = diagnostics.length - errors;
	const parts = [errors > 0 ? plural(errors, 'error') : '', warnings > 0 ? plural(warnings, 'warning') : ''];
	return parts.filter((part) => part !== '').join(', ');
}
