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

function lastRewrite(line: string): string {
	const written = line.replace(/\r+$/, '');
	return written.slice(written.lastIndexOf('\r') + 1);
}
