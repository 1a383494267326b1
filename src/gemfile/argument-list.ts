import { type Edit, nextLine, slice } from './text.ts';

/** One element of a comma-separated list and what becomes of it: its bytes, other text, or nothing. */
export interface Item {
	readonly start: number;
	readonly end: number;
	readonly becomes: 'kept' | 'removed' | { readonly text: string };
}

/** The part of an argument list behind `head`, which stays. */
export interface ItemList {
	/** Offset behind the head. */
	readonly head: number;
	/** `element`: the head is one itself, so a comma follows it. `bracket`: it opens the list. */
	readonly headIs: 'element' | 'bracket';
	readonly items: readonly Item[];
	/** Offset of the closing bracket, or null in a call without parentheses. */
	readonly close: number | null;
}

/** What stands between two elements: only white space, comments and at most one comma. */
interface Gap {
	readonly before: string;
	readonly comma: string;
	readonly after: string;
}

/** The edits, or the offset of bytes that can't be told apart safely. */
export type ListEdits =
	| { readonly type: 'edits'; readonly edits: readonly Edit[] }
	| { readonly type: 'unclear'; readonly at: number };

const BLANK = String.raw`(?:[ \t\r\n\f\v]|\\\r?\n|#[^\n]*\n)*`;
const GAP = new RegExp(`^(${BLANK})(,?)(${BLANK})$`);
const LINE_END = /^[ \t]*(?:#[^\n]*)?\r?\n?$/;
const AT_INDENT = /\r?\n[ \t]*$/;
const STARTS_LINE = /^[ \t]*\r?\n/;

/**
 * Removes and replaces elements of a list. A removed element takes one comma and its white space
 * along; comments stay, and the comma between two kept elements stands directly behind the first,
 * because a call without parentheses ends at a line that doesn't end with a comma.
 */
export function editList(bytes: Buffer, list: ItemList): ListEdits {
	const edits: Edit[] = [];
	let at = list.head;
	let previous = list.head;
	let run: Gap[] = [];
	let prior: 'element' | 'bracket' = list.headIs;
	for (const item of list.items) {
		const gap = gapBetween(bytes, previous, item.start);
		if (!gap) return { type: 'unclear', at: previous };
		previous = item.end;
		if (item.becomes === 'removed') {
			run.push(gap);
			continue;
		}
		if (run.length > 0) edits.push({ start: at, end: item.start, text: joined(prior, run, gap) });
		if (item.becomes !== 'kept') edits.push({ start: item.start, end: item.end, text: item.becomes.text });
		at = item.end;
		prior = 'element';
		run = [];
	}
	if (run.length === 0) return { type: 'edits', edits };
	const tail =
		list.close === null ? openTail(bytes, previous, run) : closedTail(bytes, { ...list, previous, prior }, run);
	if (!tail) return { type: 'unclear', at: previous };
	return { type: 'edits', edits: [...edits, { ...tail, start: at }] };
}

function gapBetween(bytes: Buffer, start: number, end: number): Gap | null {
	const match = GAP.exec(slice(bytes, start, end));
	return match ? { before: match[1] ?? '', comma: match[2] ?? '', after: match[3] ?? '' } : null;
}

/** The text between two kept elements, given the gaps of the removed ones and the second's own. */
function joined(prior: 'element' | 'bracket', run: readonly Gap[], own: Gap): string {
	if (prior === 'bracket') {
		const [first, ...others] = run;
		return concat([first?.before ?? '', ...comments(others), ...comments([own])]);
	}
	const kept = comments(run);
	return kept.length > 0 ? `,${concat([...kept, own.before, own.after])}` : `${own.before},${own.after}`;
}

/** Removed elements at the end of a call without parentheses: a comment may only follow if the line then ends. */
function openTail(bytes: Buffer, end: number, run: readonly Gap[]): { end: number; text: string } | null {
	const kept = comments(run);
	if (kept.length === 0) return { end, text: '' };
	const rest = slice(bytes, end, nextLine(bytes, end));
	if (!LINE_END.test(rest)) return null;
	const indent = rest.length - rest.replace(/^[ \t]+/, '').length;
	const text = concat(kept);
	return { end: end + indent, text: rest.includes('#') ? text : text.trimEnd() };
}

interface Closing extends ItemList {
	readonly previous: number;
	readonly prior: 'element' | 'bracket';
}

/** Removed elements before a closing bracket; a trailing comma stays one. */
function closedTail(bytes: Buffer, list: Closing, run: readonly Gap[]): { end: number; text: string } | null {
	const end = list.close ?? list.previous;
	const own = gapBetween(bytes, list.previous, end);
	if (!own) return null;
	const comma = list.prior === 'element' ? own.comma : '';
	return { end, text: comma + concat([...comments(run), own.before, own.after]) };
}

function comments(gaps: readonly Gap[]): string[] {
	return gaps.flatMap((gap) => [gap.before, gap.after]).filter((text) => text.includes('#'));
}

/** Joins stretches of white space and comments; no line is indented twice or left empty. */
function concat(pieces: readonly string[]): string {
	return pieces.reduce((all, piece) => {
		if (!AT_INDENT.test(all)) return all + piece;
		return STARTS_LINE.test(piece) ? all.replace(AT_INDENT, '') + piece : all + piece.replace(/^[ \t]+/, '');
	}, '');
}
