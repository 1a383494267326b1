import { redact } from '../core/redact.ts';

const HARMLESS = /^[\x20-\x7e]*$/;
const STRING_SEQUENCE = /(?:\x1b[P\]X^_]|[\x90\x9d\x98\x9e\x9f])[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c)/g;
const CONTROL_SEQUENCE = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]/g;
const OTHER_ESCAPE = /\x1b[ -/]*[0-~]/g;
const CONTROLS = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/g;
/** Marks that reorder or break a line without being seen: a file name could lie about itself. */
const REORDERING = /[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const TAB = '    ';

/**
 * Makes text from outside (a tool's output, a remote's answer, a file) safe to show: gives it
 * without control sequences, C0 and C1 controls and invisible reordering marks. Line feeds stay,
 * a tab becomes spaces, and a line that was rewritten by carriage returns keeps its last state.
 */
export function clean(text: string): string {
	if (HARMLESS.test(text)) return text;
	const visible = text
		.replace(STRING_SEQUENCE, '')
		.replace(CONTROL_SEQUENCE, '')
		.replace(OTHER_ESCAPE, '')
		.replaceAll('\t', TAB);
	const settled = visible.includes('\r') ? visible.split('\n').map(lastRewrite).join('\n') : visible;
	return settled.replace(CONTROLS, '').replace(REORDERING, '').toWellFormed();
}

/**
 * What every view puts outside text through: clean, and without the secrets that can be told by
 * their shape. Cleaned first: a control sequence inside a token must not hide it.
 */
export function safe(text: string): string {
	return redact(clean(text));
}

/** Like `safe`, for places that hold one line: line feeds become spaces. */
export function safeLine(text: string): string {
	return safe(text).replaceAll('\n', ' ').trim();
}

/** `340ms`, `12s`, `4m 05s`, `2h 03m`: two units at most, cut and not rounded, so a clock never jumps. */
export function formatDuration(ms: number): string {
	const seconds = Math.max(0, Math.floor(ms / 1000));
	if (seconds === 0) return ms >= 1 ? `${Math.floor(ms)}ms` : '0s';
	if (seconds < 60) return `${seconds}s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes}m ${twoDigits(seconds % 60)}s`;
	return `${Math.floor(minutes / 60)}h ${twoDigits(minutes % 60)}m`;
}

/** `1 task`, `2 tasks`: for nouns that take an s. */
export function plural(count: number, noun: string): string {
	return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function lastRewrite(line: string): string {
	const written = line.replace(/\r+$/, '');
	return written.slice(written.lastIndexOf('\r') + 1);
}

function twoDigits(count: number): string {
	return String(count).padStart(2, '0');
}
