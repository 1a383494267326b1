import { editList, type Item, type ItemList } from './argument-list.ts';
import type { Declaration } from './inspect.ts';
import { type HashNode, type Node, StringNode } from './prism.ts';
import type { Reading } from './read.ts';
import { opensHeredoc } from './syntax.ts';
import { type Edit, endOf, textOf } from './text.ts';

/** The edits, or why none is safe: `reason` continues a sentence that begins with the gem's name. */
export type CallEdits =
	| { readonly type: 'edits'; readonly edits: readonly Edit[] }
	| { readonly type: 'refuse'; readonly node: Node; readonly reason: string };

/** Gives a declaration the one requirement `pin` and takes its source options away. */
export function pinCall(reading: Reading, declaration: Declaration, pin: string): CallEdits {
	const { name, requirements, options, braces } = declaration.arguments;
	const kept =
		requirements.length === 1 && requirements[0]?.texts.join() === pin && requirements[0].node instanceof StringNode;
	const gone = [...(kept ? [] : requirements), ...declaration.sourceOptions].map(({ node }) => node);
	const hidden = gone.find((node) => holdsMore(reading, node));
	if (hidden)
		return { type: 'refuse', node: hidden, reason: 'has a comment or a heredoc inside what would be removed' };

	const { bytes } = reading;
	const head = endOf(name.location);
	const literal = quoted(bytes, pin, [requirements[0]?.node, name]);
	const edits: Edit[] = requirements.length === 0 ? [{ start: head, end: head, text: `, ${literal}` }] : [];
	const items = requirements.map(({ node }, index): Item => {
		if (kept) return itemOf(node, 'kept');
		return itemOf(node, index === 0 ? { text: literal } : 'removed');
	});
	const rest = options.map(({ node }) => itemOf(node, gone.includes(node) ? 'removed' : 'kept'));
	const lists: ItemList[] = [];
	if (braces && !isEmptied(reading, braces, rest)) lists.push(inBraces(braces, rest));
	const tail = braces ? [itemOf(braces, lists.length > 0 ? 'kept' : 'removed')] : rest;
	const close = declaration.call.node.closingLoc?.startOffset ?? null;
	lists.push({ head, headIs: 'element', items: [...items, ...tail], close });
	for (const list of lists) {
		const result = editList(bytes, list);
		if (result.type === 'unclear') {
			return { type: 'refuse', node: declaration.call.node, reason: 'has arguments with something between them' };
		}
		edits.push(...result.edits);
	}
	return { type: 'edits', edits };
}

function itemOf(node: Node, becomes: Item['becomes']): Item {
	return { start: node.location.startOffset, end: endOf(node.location), becomes };
}

function inBraces(braces: HashNode, items: readonly Item[]): ItemList {
	return { head: endOf(braces.openingLoc), headIs: 'bracket', items, close: braces.closingLoc.startOffset };
}

/** Braces that hold a comment stay, if only around it. */
function isEmptied(reading: Reading, braces: HashNode, items: readonly Item[]): boolean {
	return items.every(({ becomes }) => becomes === 'removed') && !holdsMore(reading, braces);
}

/** True when bytes that must stay hang on the node: a comment inside it, the body of a heredoc. */
function holdsMore(reading: Reading, node: Node): boolean {
	const end = endOf(node.location);
	const commented = reading.comments.some(
		({ startOffset }) => startOffset >= node.location.startOffset && startOffset < end,
	);
	return commented || opensHeredoc(reading.bytes, node);
}

/** Writes a string with the quotes of the first of `models` that has any, else with double quotes. */
function quoted(bytes: Buffer, text: string, models: readonly (Node | undefined)[]): string {
	for (const model of models) {
		if (!(model instanceof StringNode) || !model.openingLoc || !model.closingLoc) continue;
		const opening = textOf(bytes, model.openingLoc);
		if (!opening.startsWith('<<')) return opening + text + textOf(bytes, model.closingLoc);
	}
	return `"${text}"`;
}
