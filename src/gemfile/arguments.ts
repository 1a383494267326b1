import { ArrayNode, AssocNode, HashNode, KeywordHashNode, NilNode, type Node } from './prism.ts';
import type { GemCall } from './read.ts';
import { elementsOf, staticKey, staticText } from './syntax.ts';

/** One positional argument behind the name: a requirement, or a list of them in an array. */
export interface RequirementArgument {
	readonly node: Node;
	readonly texts: readonly string[];
}

export interface Option {
	readonly node: AssocNode;
	readonly key: string;
}

/** The arguments of a `gem` call, or the first one whose meaning the text doesn't show. */
export type GemArguments =
	| {
			readonly type: 'read';
			readonly name: Node;
			readonly requirements: readonly RequirementArgument[];
			readonly options: readonly Option[];
			/** The options as an argument of their own: `{ github: "a/b" }`. */
			readonly braces: HashNode | null;
	  }
	| { readonly type: 'unreadable'; readonly node: Node; readonly reason: string };

/** Reads the arguments of a call whose name is static. */
export function readArguments(call: GemCall): GemArguments {
	const [name, ...rest] = call.node.arguments_?.arguments_ ?? [];
	if (!name || call.indirect) return unreadable(call.node, 'is declared through `send`');
	const last = rest.at(-1);
	const hash = last instanceof KeywordHashNode || last instanceof HashNode ? last : null;
	const requirements: RequirementArgument[] = [];
	for (const node of hash ? rest.slice(0, -1) : rest) {
		const texts = requirementTexts(node);
		if (!texts) return unreadable(node, 'has an argument that is computed');
		requirements.push({ node, texts });
	}
	const elements = elementsOf(hash ?? undefined);
	const computed = elements.find((element) => !optionOf(element));
	if (computed) return unreadable(computed, 'has options that are computed');
	const options = elements.flatMap((element) => optionOf(element) ?? []);
	return { type: 'read', name, requirements, options, braces: hash instanceof HashNode ? hash : null };
}

function optionOf(node: Node): Option | null {
	const key = staticKey(node);
	return key !== null && node instanceof AssocNode ? { node, key } : null;
}

function unreadable(node: Node, reason: string): GemArguments {
	return { type: 'unreadable', node, reason };
}

function requirementTexts(node: Node): string[] | null {
	if (node instanceof NilNode) return [];
	const text = staticText(node);
	if (text !== null) return [text];
	if (!(node instanceof ArrayNode)) return null;
	const texts = node.elements.map(requirementTexts);
	return texts.includes(null) ? null : texts.flatMap((each) => each ?? []);
}
