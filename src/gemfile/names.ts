import {
	ArrayNode,
	AssocNode,
	BlockNode,
	BlockParametersNode,
	CallNode,
	ConstantAndWriteNode,
	ConstantOperatorWriteNode,
	ConstantOrWriteNode,
	ConstantReadNode,
	ConstantTargetNode,
	ConstantWriteNode,
	DefNode,
	ForNode,
	HashNode,
	InterpolatedStringNode,
	ItLocalVariableReadNode,
	LocalVariableAndWriteNode,
	LocalVariableOperatorWriteNode,
	LocalVariableOrWriteNode,
	LocalVariableReadNode,
	LocalVariableTargetNode,
	LocalVariableWriteNode,
	type Node,
	RequiredParameterNode,
} from './prism.ts';
import { argument, isOwnCall, staticText, type Visited } from './syntax.ts';

/**
 * What an expression can evaluate to, as far as the text tells. Used to keep a computed name from
 * being refused where it can't be a gem that matters: `%w[a b].each { |name| gem name }`.
 */
export type Names =
	| { readonly type: 'static'; readonly name: string }
	| { readonly type: 'oneOf'; readonly names: readonly string[] }
	| { readonly type: 'around'; readonly prefix: string; readonly suffix: string }
	| { readonly type: 'any' };

/** Where an expression stands. */
export interface Scope {
	readonly ancestors: readonly Node[];
	/** All nodes of the file. */
	readonly file: readonly Visited[];
	/** How many names were followed to get here; bounds a name that stands for itself. */
	readonly followed: number;
}

const ANY: Names = { type: 'any' };
const ITERATORS = new Set(['each', 'each_with_index', 'reverse_each', 'map']);
const MAX_FOLLOWED = 8;
const UNCHANGED = new Set(['freeze', 'to_s']);
const PASSIVE = new Set([...ITERATORS, ...UNCHANGED]);
const WRITES = [LocalVariableWriteNode, ConstantWriteNode] as const;
const OTHER_WRITES = [
	LocalVariableTargetNode,
	LocalVariableAndWriteNode,
	LocalVariableOrWriteNode,
	LocalVariableOperatorWriteNode,
	ConstantTargetNode,
	ConstantAndWriteNode,
	ConstantOrWriteNode,
	ConstantOperatorWriteNode,
] as const;

/** True when the expression may evaluate to `gem`. */
export function couldBe(names: Names, gem: string): boolean {
	switch (names.type) {
		case 'static':
			return names.name === gem;
		case 'oneOf':
			return names.names.includes(gem);
		case 'around': {
			const { prefix, suffix } = names;
			return gem.length >= prefix.length + suffix.length && gem.startsWith(prefix) && gem.endsWith(suffix);
		}
		case 'any':
			return true;
	}
}

/** What the expression can be; `any` whenever that takes more than reading literals. */
export function namesOf(node: Node, scope: Scope): Names {
	if (scope.followed > MAX_FOLLOWED) return ANY;
	const name = staticText(node);
	if (name !== null) return { type: 'static', name };
	if (node instanceof InterpolatedStringNode) return around(node);
	if (node instanceof CallNode && UNCHANGED.has(node.name) && node.receiver) return namesOf(node.receiver, scope);
	if (node instanceof LocalVariableReadNode || node instanceof ItLocalVariableReadNode) return variable(node, scope);
	const value = node instanceof ConstantReadNode && !isChanged(node.name, scope) ? onlyValue(node.name, scope) : null;
	return value ? namesOf(value, followed(scope)) : ANY;
}

function followed(scope: Scope): Scope {
	return { ...scope, followed: scope.followed + 1 };
}

function around(node: InterpolatedStringNode): Names {
	const first = node.parts.at(0);
	const last = node.parts.at(-1);
	return {
		type: 'around',
		prefix: (first && staticText(first)) ?? '',
		suffix: (last && staticText(last)) ?? '',
	};
}

function union(all: readonly Names[]): Names {
	const names: string[] = [];
	for (const one of all) {
		if (one.type === 'static') names.push(one.name);
		else if (one.type === 'oneOf') names.push(...one.names);
		else return ANY;
	}
	return { type: 'oneOf', names };
}

/** Looks outward for what binds the variable: a block, a `for`, a method; else its one assignment. */
function variable(node: LocalVariableReadNode | ItLocalVariableReadNode, scope: Scope): Names {
	const name = node instanceof LocalVariableReadNode ? node.name : 'it';
	if (isChanged(name, scope)) return ANY;
	for (let at = scope.ancestors.length - 1; at > 0; at -= 1) {
		const binder = scope.ancestors[at];
		const call = scope.ancestors[at - 1];
		if (binder instanceof BlockNode && call instanceof CallNode) {
			const index = blockIndex(binder, name);
			if (index !== null) return iterated(call, index, scope);
		}
		if (binder instanceof ForNode && binder.index instanceof LocalVariableTargetNode && binder.index.name === name) {
			return union(columns(binder.collection, { index: 0, width: 1 }, scope));
		}
		if (binder instanceof DefNode) return parameter(binder, name, scope);
	}
	const value = onlyValue(name, scope);
	return value ? namesOf(value, followed(scope)) : ANY;
}

/** The position of a block's parameter, its width beside it; null when the block doesn't bind the name. */
function blockIndex(block: BlockNode, name: string): { index: number; width: number } | null {
	const list = block.parameters;
	if (list instanceof BlockParametersNode) {
		const required = list.parameters?.requireds ?? [];
		const index = required.findIndex((each) => each instanceof RequiredParameterNode && each.name === name);
		return index < 0 ? null : { index, width: required.length };
	}
	return list && (name === 'it' || name === '_1') ? { index: 0, width: 1 } : null;
}

function iterated(call: CallNode, at: { index: number; width: number }, scope: Scope): Names {
	if (!call.receiver || !ITERATORS.has(call.name)) return ANY;
	const position = call.name === 'each_with_index' ? { index: at.index, width: 1 } : at;
	if (position.index >= position.width) return ANY;
	return union(columns(call.receiver, position, scope));
}

/** What a block's parameter takes in turn, from a collection of literals. */
function columns(node: Node, at: { index: number; width: number }, scope: Scope): readonly Names[] {
	const collection = collectionOf(node, scope);
	if (collection instanceof HashNode) {
		return collection.elements.map((pair) => {
			if (!(pair instanceof AssocNode) || at.width < 2) return ANY;
			return namesOf(at.index === 0 ? pair.key : pair.value, scope);
		});
	}
	if (!(collection instanceof ArrayNode)) return [ANY];
	return collection.elements.map((element) => {
		const row = at.width > 1 && element instanceof ArrayNode ? element.elements[at.index] : element;
		return row ? namesOf(row, scope) : ANY;
	});
}

function collectionOf(node: Node, scope: Scope): Node | null {
	if (node instanceof CallNode && node.name === 'freeze' && node.receiver) return collectionOf(node.receiver, scope);
	if (!(node instanceof ConstantReadNode || node instanceof LocalVariableReadNode)) return node;
	if (scope.followed > MAX_FOLLOWED || isChanged(node.name, scope)) return null;
	const value = onlyValue(node.name, scope);
	return value && collectionOf(value, followed(scope));
}

/** A parameter of a method of this file is what its callers pass in that place. */
function parameter(method: DefNode, name: string, scope: Scope): Names {
	const required = method.parameters?.requireds ?? [];
	const index = required.findIndex((each) => each instanceof RequiredParameterNode && each.name === name);
	if (index < 0) return ANY;
	const inside = (visited: Visited): boolean => visited.ancestors.includes(method);
	const callers = scope.file.filter((visited) => isOwnCall(visited.node) && visited.node.name === method.name);
	if (callers.some(inside)) return ANY;
	return union(
		callers.map(({ node, ancestors }) => {
			const passed = isOwnCall(node) ? argument(node, index) : undefined;
			return passed ? namesOf(passed, { ...followed(scope), ancestors }) : ANY;
		}),
	);
}

/** The value of a variable or constant that the file assigns exactly once, from literals. */
function onlyValue(name: string, scope: Scope): Node | null {
	const values = scope.file.flatMap(({ node }) =>
		WRITES.some((type) => node instanceof type) && 'name' in node && node.name === name && 'value' in node
			? [node.value as Node]
			: [],
	);
	return values.length === 1 ? (values[0] ?? null) : null;
}

/** True when anything but one plain assignment may give the name its value: `x << "y"`, `x ||= …`. */
function isChanged(name: string, scope: Scope): boolean {
	return scope.file.some(({ node, ancestors }) => {
		if (!('name' in node) || node.name !== name) return false;
		if (OTHER_WRITES.some((type) => node instanceof type)) return !(ancestors.at(-1) instanceof ForNode);
		if (!(node instanceof LocalVariableReadNode || node instanceof ConstantReadNode)) return false;
		const user = ancestors.at(-1);
		return user instanceof CallNode && user.receiver === node && !PASSIVE.has(user.name);
	});
}
