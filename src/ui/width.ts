/** Columns that text takes on a terminal. A grapheme takes none, one, or two of them. */

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const TAKES_NONE = /^[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Control}]/u;
/** Shown as a picture, by itself or because VARIATION SELECTOR-16 asks for it. */
const PICTURE = /^\p{Emoji_Presentation}|\ufe0f/u;
/** Blocks whose characters are Wide or Fullwidth in Unicode's EastAsianWidth.txt. */
const WIDE =
	/^[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Takes text without control sequences; gives the columns it takes. */
export function displayWidth(text: string): number {
	if (PRINTABLE_ASCII.test(text)) return text.length;
	let width = 0;
	for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
	return width;
}

/** Gives `text` if it fits into `columns`, else its beginning and an ellipsis, never wider than that. */
export function truncate(text: string, columns: number): string {
	if (columns <= 0) return '';
	if (text.length <= columns && PRINTABLE_ASCII.test(text)) return text;
	let kept = '';
	let width = 0;
	for (const { segment } of graphemes.segment(text)) {
		const next = width + graphemeWidth(segment);
		// One column is held back for the ellipsis until it is known that the rest fits.
		if (next > columns - 1) return fits(text, kept, columns - width) ? text : `${kept}…`;
		kept += segment;
		width = next;
	}
	return text;
}

/** Gives `text` cut or filled with spaces to exactly `columns`. */
export function pad(text: string, columns: number): string {
	const cut = truncate(text, columns);
	return cut + ' '.repeat(Math.max(0, columns - displayWidth(cut)));
}

function fits(text: string, kept: string, columns: number): boolean {
	let left = columns;
	for (const { segment } of graphemes.segment(text.slice(kept.length))) {
		left -= graphemeWidth(segment);
		if (left < 0) return false;
	}
	return true;
}

function graphemeWidth(grapheme: string): number {
	if (TAKES_NONE.test(grapheme)) return 0;
	return PICTURE.test(grapheme) || WIDE.test(grapheme) ? 2 : 1;
}
