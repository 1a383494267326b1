import {
	AssocNode,
	FalseNode,
	HashNode,
	KeywordHashNode,
	NilNode,
	type Node,
	StatementsNode,
	StringNode,
	SymbolNode,
	TrueNode,
} from './prism.ts';
import type { GemCall, Reading, SourceBlock } from './read.ts';
import { opensHeredoc, walk } from './syntax.ts';
import { type Edit, endOf, lineStart, nextLine, slice } from './text.ts';

/** Whose gems a statement declares: only ones that leave the block, or anything else. */
type Owner = 'leaves' | 'stays';

interface Range {
	readonly start: number;
	readonly end: number;
}

/** The lines of a block: its first, its last, and those of each statement with what stands above it. */
interface Layout {
	readonly head: Range;
	readonly foot: Range;
	readonly segments: readonly Range[];
}

const REST_OF_LINE = /^[ \t]*(?:#[^\n]*)?\r?\n?$/;
const INDENT = /^[ \t]*$/;
const LITERALS = [StringNode, SymbolNode, TrueNode, FalseNode, NilNode, KeywordHashNode, HashNode, AssocNode];

/**
 * Takes gems out of a `git … do` (or `path`, `github`) block, so that its source no longer applies
 * to them. Lines inside keep their bytes and their order, which is the order in which an app loads
 * them; the block's first and last line move, and go when nothing is left inside. `leaves` tells
 * which declarations go. Gives the edits, or why none is safe.
 */
export function emptyBlock(reading: Reading, block: SourceBlock, leaves: (call: GemCall) => boolean): Edit[] | string {
	const { bytes } = reading;
	const { body, parameters, locals } = block.body;
	if (!(block.parent instanceof StatementsNode)) return 'stands in a source block that is part of an expression';
	if (!(body instanceof StatementsNode)) return 'stands in a source block with a `rescue` or `ensure`';
	if (parameters) return 'stands in a source block with parameters';
	if (opensHeredoc(bytes, block.call)) return 'stands in a source block that holds a heredoc';
	const owners = body.body.map((statement) => ownerOf(reading, statement, leaves));
	if (owners.includes('both')) return 'stands beside other gems in one statement of a source block';
	const stays = owners.includes('stays');
	if (!slice(bytes, block.call.location.startOffset, endOf(block.call.location)).includes('\n')) {
		return stays ? 'shares a line with other gems of its source block' : unwrapLine(bytes, block, body);
	}
	if (stays && locals.length > 0) return 'stands in a source block with local variables';
	const layout = layoutOf(bytes, block, body);
	if (!layout) return 'stands in a source block whose lines hold more than one statement';
	return stays ? split(reading, { block, layout, owners }) : unwrap(reading, layout);
}

function ownerOf(reading: Reading, statement: Node, leaves: (call: GemCall) => boolean): Owner | 'both' {
	const { startOffset } = statement.location;
	const inside = reading.calls.filter(
		({ node }) => node.location.startOffset >= startOffset && endOf(node.location) <= endOf(statement.location),
	);
	const leaving = inside.filter(leaves).length;
	if (leaving === 0) return 'stays';
	return leaving === inside.length ? 'leaves' : 'both';
}

/** `git("…") { gem "x" }` on one line. A suffix behind the block belongs to one statement only. */
function unwrapLine(bytes: Buffer, block: SourceBlock, body: StatementsNode): Edit[] | string {
	const { startOffset } = block.call.location;
	const end = endOf(block.call.location);
	const inner = { start: body.location.startOffset, end: endOf(body.location) };
	if (body.body.length > 1 && !REST_OF_LINE.test(slice(bytes, end, nextLine(bytes, end)))) {
		return 'stands in a source block that something follows on its line';
	}
	return [
		{ start: startOffset, end: inner.start, text: '' },
		{ start: inner.end, end, text: '' },
	];
}

function layoutOf(bytes: Buffer, block: SourceBlock, body: StatementsNode): Layout | null {
	const { openingLoc, closingLoc } = block.body;
	const head = wholeLines(bytes, { start: block.call.location.startOffset, end: endOf(openingLoc) });
	const foot = wholeLines(bytes, { start: closingLoc.startOffset, end: endOf(closingLoc) });
	if (!head || !foot) return null;
	const segments: Range[] = [];
	let start = head.end;
	for (const { location } of body.body) {
		const lines = wholeLines(bytes, { start: location.startOffset, end: endOf(location) });
		if (!lines || lines.start < start) return null;
		segments.push({ start, end: lines.end });
		start = lines.end;
	}
	const last = segments.pop();
	return last ? { head, foot, segments: [...segments, { start: last.start, end: foot.start }] } : null;
}

/** The lines of a range that shares them with nothing but comments, or null. */
function wholeLines(bytes: Buffer, range: Range): Range | null {
	const start = lineStart(bytes, range.start);
	const end = nextLine(bytes, range.end);
	const alone = INDENT.test(slice(bytes, start, range.start)) && REST_OF_LINE.test(slice(bytes, range.end, end));
	return alone ? { start, end } : null;
}

/** Drops the first and last line; a comment on them stays, in a line of its own. */
function unwrap(reading: Reading, layout: Layout): Edit[] | string {
	const head = dropLines(reading, layout.head);
	const foot = dropLines(reading, layout.foot);
	return head && foot ? [head, foot] : 'stands in a source block with a comment among its arguments';
}

function dropLines(reading: Reading, lines: Range): Edit | null {
	const { bytes } = reading;
	const comments = reading.comments.filter((each) => each.startOffset >= lines.start && each.startOffset < lines.end);
	const comment = comments.at(-1);
	const indent = slice(bytes, lines.start, lines.end).search(/[^ \t]/);
	if (!comment) return withoutLastNewline(bytes, lines);
	if (comments.length > 1 || nextLine(bytes, comment.startOffset) !== lines.end) return null;
	return { start: lines.start + indent, end: comment.startOffset, text: '' };
}

/** A file that had no newline at its end has none when its last line is gone. */
function withoutLastNewline(bytes: Buffer, lines: Range): Edit {
	const isOpenEnd = lines.end === bytes.length && !slice(bytes, lines.start, lines.end).endsWith('\n');
	if (!isOpenEnd || lines.start === 0) return { ...lines, text: '' };
	const length = slice(bytes, lines.start - 2, lines.start) === '\r\n' ? 2 : 1;
	return { start: lines.start - length, end: lines.end, text: '' };
}

/** Puts the block around each run of statements that stay. */
function split(
	reading: Reading,
	parts: { block: SourceBlock; layout: Layout; owners: readonly (Owner | 'both')[] },
): Edit[] | string {
	const { bytes } = reading;
	const { layout, owners } = parts;
	const head = slice(bytes, layout.head.start, layout.head.end);
	const eol = head.endsWith('\r\n') ? '\r\n' : '\n';
	const foot = slice(bytes, layout.foot.start, layout.foot.end).replace(/\r?\n$/, '') + eol;
	const runs = owners.filter((owner, index) => owner === 'stays' && owners[index - 1] !== 'stays').length;
	if (runs > 1 && !isLiteral(parts.block)) return 'stands between other gems of a source block with computed arguments';
	const edits: Edit[] = [];
	if (owners[0] === 'leaves') edits.push({ ...layout.head, text: '' });
	for (const [index, segment] of layout.segments.entries()) {
		if (index === 0 || owners[index] === owners[index - 1]) continue;
		const opens = owners[index] === 'stays';
		const at = opens ? segment.start + blankLines(bytes, segment) : segment.start;
		edits.push({ start: at, end: at, text: opens ? head : foot });
	}
	if (owners.at(-1) === 'leaves') edits.push(withoutLastNewline(bytes, layout.foot));
	return edits;
}

/** Length of the blank lines at the start of a range: they part what moves from what stays. */
function blankLines(bytes: Buffer, range: Range): number {
	return /^(?:[ \t]*\r?\n)*/.exec(slice(bytes, range.start, range.end))?.[0].length ?? 0;
}

/** True when evaluating the block's arguments twice gives the same. */
function isLiteral(block: SourceBlock): boolean {
	const nodes = (block.call.arguments_?.arguments_ ?? []).flatMap((node) => [...walk(node)]);
	return nodes.every(({ node }) => LITERALS.some((type) => node instanceof type));
}
