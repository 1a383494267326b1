/**
 * A text of the world on one line: white space collapsed, other control characters made visible, so
 * that no name or tool's message can break a line of output or move a terminal's cursor.
 */
export function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}
