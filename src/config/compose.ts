import type { Diagnostic } from '../core/diagnostic.ts';
import { type Fault, faultAt } from './fault.ts';
import type { RawNode, RawPair } from './raw-node.ts';
import type { Range, Source } from './source.ts';
import { isMapping, type Mapping, type Place, shown, type Tree } from './tree.ts';

/**
 * How many nodes aliases may add to a file. A shared block in each of several thousand repositories
 * stays far below it; lists of lists of aliases, made to fill the memory, do not.
 */
const MOST_COPIES = 100_000;

interface Composer {
	readonly source: Source;
	readonly diagnostics: Diagnostic[];
	readonly places: Map<object, Map<string | number, Place>>;
	/** The node that each anchor names at this point of the file: the last one before it. */
	readonly anchors: Map<string, RawNode>;
	/** Aliased nodes that are being copied right now; meeting one again would never end. */
	readonly open: Set<RawNode>;
	copies: number;
}

/**
 * Resolves aliases and `<<` merges and gives plain values with the place of each key and item.
 * Reports duplicate keys (both places), keys that are no text, unknown, endless and exploding aliases.
 * `root` must be a mapping node.
 */
export function composeTree(
	root: RawNode & { type: 'map' },
	source: Source,
): { tree: Tree; diagnostics: readonly Diagnostic[] } {
	const composer: Composer = {
		source,
		diagnostics: [],
		places: new Map(),
		anchors: new Map(),
		open: new Set(),
		copies: 0,
	};
	const value = composeMap(composer, root);
	if (composer.copies > MOST_COPIES) {
		const summary = 'the aliases of the file grow it out of all bounds';
		complain(composer, root.range, { code: 'yaml-syntax', summary, hint: 'write the shared values out' });
	}
	return { tree: { root: value, places: composer.places }, diagnostics: composer.diagnostics };
}

function composeNode(composer: Composer, node: RawNode): unknown {
	if (composer.open.size > 0 && ++composer.copies > MOST_COPIES) return null;
	// Anchors within a copy were taken down when their own text was read.
	if (node.anchor !== null && composer.open.size === 0) composer.anchors.set(node.anchor, node);
	switch (node.type) {
		case 'blank':
			return null;
		case 'text':
			return node.text;
		case 'alias':
			return composeAlias(composer, node.name, node.range);
		case 'list':
			return composeList(composer, node.items);
		case 'map':
			return composeMap(composer, node);
	}
}

function composeAlias(composer: Composer, name: string, range: Range): unknown {
	const target = composer.anchors.get(name);
	if (!target) {
		const summary = `the alias ${shown(`*${name}`)} has no anchor before it`;
		const hint = `put ${shown(`&${name}`)} before the value that is meant`;
		complain(composer, range, { code: 'yaml-syntax', summary, hint });
		return null;
	}
	if (composer.open.has(target) || isAncestor(target, range)) {
		const summary = `the alias ${shown(`*${name}`)} holds itself`;
		complain(composer, range, { code: 'yaml-syntax', summary, hint: 'write the value out' });
		return null;
	}
	composer.open.add(target);
	const value = composeNode(composer, target);
	composer.open.delete(target);
	return value;
}

/** True for an alias that stands inside the value that it names. */
function isAncestor(target: RawNode, [start]: Range): boolean {
	return target.range[0] <= start && start < target.range[1];
}

function composeList(composer: Composer, items: readonly RawNode[]): unknown[] {
	const list: unknown[] = [];
	const places = new Map<number, Place>();
	for (const [index, item] of items.entries()) {
		list.push(composeNode(composer, item));
		places.set(index, { key: null, value: item.range });
	}
	composer.places.set(list, places);
	return list;
}

interface Draft {
	readonly mapping: Record<string, unknown>;
	readonly places: Map<string | number, Place>;
}

function composeMap(composer: Composer, node: RawNode & { type: 'map' }): Mapping {
	// Without a prototype, `constructor` is a name like any other.
	const draft: Draft = { mapping: Object.create(null), places: new Map() };
	composer.places.set(draft.mapping, draft.places);
	const merges: RawPair[] = [];
	for (const pair of node.pairs) {
		if (pair.key.type === 'text' && !pair.key.quoted && pair.key.text === '<<') merges.push(pair);
		else composePair(composer, draft, pair);
	}
	for (const pair of merges) mergeInto(composer, draft, pair);
	return draft.mapping;
}

function composePair(composer: Composer, { mapping, places }: Draft, { key, value }: RawPair): void {
	// The value is read even under a bad key: it may hold anchors that the rest of the file names.
	const composed = value && composeNode(composer, value);
	if (key.type !== 'text') {
		const summary = 'a key must be plain text';
		complain(composer, key.range, { code: 'wrong-type', summary, hint: 'write `key: value`' });
	} else if (key.text === '__proto__') {
		const summary = '`__proto__` cannot be used as a key';
		complain(composer, key.range, { code: 'bad-name', summary, hint: 'choose another name' });
	} else if (places.has(key.text)) {
		const first = composer.source.span(places.get(key.text)?.key ?? key.range);
		const summary = `the key ${shown(key.text)} stands here a second time; the first is on line ${first.line}`;
		complain(composer, key.range, { code: 'duplicate-key', summary, hint: 'keep one of them' });
	} else {
		mapping[key.text] = composed;
		places.set(key.text, { key: key.range, value: valuePlace(key, value) });
	}
}

/** A block that begins below its key is best shown by the key; so is a value that is not there. */
function valuePlace(key: RawNode, value: RawNode | null): Range {
	const inline = value && value.type !== 'blank' && (!('flow' in value) || value.flow);
	return inline || (value?.type === 'blank' && value.range[1] > value.range[0]) ? value.range : key.range;
}

/** `<<: *base`: the keys that the mapping does not have itself; of several bases the first wins. */
function mergeInto(composer: Composer, { mapping, places }: Draft, { key, value }: RawPair): void {
	const composed = value && composeNode(composer, value);
	for (const base of Array.isArray(composed) ? composed : [composed]) {
		if (!isMapping(base)) {
			const summary = '`<<` wants a mapping, or a list of them';
			const hint = 'write `<<: *name`, where `&name` stands before a mapping';
			complain(composer, value?.range ?? key.range, { code: 'wrong-type', summary, hint });
			continue;
		}
		for (const [name, place] of composer.places.get(base) ?? []) {
			if (places.has(name)) continue;
			mapping[name] = base[name];
			places.set(name, place);
		}
	}
}

function complain(composer: Composer, range: Range, fault: Fault): void {
	composer.diagnostics.push(faultAt(composer.source, range, fault));
}
