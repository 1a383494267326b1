import {
	AssocNode,
	CallNode,
	HashNode,
	InterpolatedStringNode,
	InterpolatedXStringNode,
	KeywordHashNode,
	type Node,
	SelfNode,
	StringNode,
	SymbolNode,
	XStringNode,
} from './prism.ts';
import { textOf } from './text.ts';

/** A node and the nodes around it, from the root down to its parent. */
export interface Visited {
	readonly node: Node;
	readonly ancestors: readonly Node[];
}

/** Every node below and including `node`, in the order of the text. */
export function* walk(node: Node, ancestors: readonly Node[] = []): Generator<Visited> {
	yield { node, ancestors };
	const below = [...ancestors, node];
	for (const child of node.compactChildNodes()) yield* walk(child, below);
}

/** A call on the Gemfile itself; `other.gem` declares nothing. */
export function isOwnCall(node: Node | undefined): node is CallNode {
	return node instanceof CallNode && (node.receiver === null || node.receiver instanceof SelfNode);
}

/** The positional argument of a call, or undefined. */
export function argument(call: CallNode, index: number): Node | undefined {
	return call.arguments_?.arguments_[index];
}

/** The text of a string or symbol that holds nothing computed (`"a" "b"` and `.freeze` included), else null. */
export function staticText(node: Node): string | null {
	if (node instanceof StringNode || node instanceof SymbolNode) return node.unescaped.value;
	if (node instanceof CallNode && ['freeze', 'to_s'].includes(node.name) && node.receiver && !node.arguments_) {
		return staticText(node.receiver);
	}
	if (!(node instanceof InterpolatedStringNode)) return null;
	const parts = node.parts.map(staticText);
	return parts.includes(null) ? null : parts.join('');
}

/** The key of `key: value`, `:key => value` or `"key" => value`; null for a splat or a computed key. */
export function staticKey(element: Node): string | null {
	return element instanceof AssocNode ? staticText(element.key) : null;
}

/** The elements of a hash, written with braces or without; none for another node. */
export function elementsOf(node: Node | undefined): readonly Node[] {
	return node instanceof KeywordHashNode || node instanceof HashNode ? node.elements : [];
}

/** True when a heredoc begins inside the node: its body lies outside the node's own range. */
export function opensHeredoc(bytes: Buffer, node: Node): boolean {
	for (const { node: inner } of walk(node)) {
		const text =
			inner instanceof StringNode ||
			inner instanceof InterpolatedStringNode ||
			inner instanceof XStringNode ||
			inner instanceof InterpolatedXStringNode;
		if (text && inner.openingLoc && textOf(bytes, inner.openingLoc).startsWith('<<')) return true;
	}
	return false;
}
