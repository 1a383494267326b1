import { maskSecrets } from './secrets.ts';
import type { Range } from './source.ts';

/** The way from the root to a value: keys of mappings, indexes of lists. */
export type Path = readonly (string | number)[];

/** A mapping as it was read; its own keys only, in the order of the file (but see `keysOf`). */
export type Mapping = Readonly<Record<string, unknown>>;

export interface Place {
	/** Null for the items of a list and for the root. */
	readonly key: Range | null;
	readonly value: Range;
}

/**
 * A file as plain values: mappings, lists, null, and text. Every scalar is text until a key asks for
 * something else: `1.10` stays `1.10`, and `no` is never false.
 */
export interface Tree {
	readonly root: Mapping;
	/** For each mapping and list of the tree, where its entries stand. */
	readonly places: ReadonlyMap<object, ReadonlyMap<string | number, Place>>;
}

/** The place of a path, or null when the file does not have it. */
export function placeOf(tree: Tree, path: Path): Place | null {
	let value: unknown = tree.root;
	let place: Place | null = null;
	for (const step of path) {
		place = (isContainer(value) && tree.places.get(value)?.get(step)) || null;
		if (!place) return null;
		value = (value as Record<string | number, unknown>)[step];
	}
	return place;
}

/** Where to point for a path: its value, else the key of the nearest thing around it, else the start. */
export function valueRange(tree: Tree, path: Path): Range {
	const place = placeOf(tree, path);
	if (place) return place.value;
	return path.length === 0 ? [0, 0] : keyRange(tree, path.slice(0, -1));
}

/** Where the key of a path stands, or of the nearest thing around it that has one. */
export function keyRange(tree: Tree, path: Path): Range {
	for (let length = path.length; length > 0; length -= 1) {
		const place = placeOf(tree, path.slice(0, length));
		if (place) return place.key ?? place.value;
	}
	return [0, 0];
}

/** The value at a path, undefined when the file does not have it. */
export function valueAt(tree: Tree, path: Path): unknown {
	let value: unknown = tree.root;
	for (const step of path) {
		if (!isContainer(value) || !Object.hasOwn(value, step)) return undefined;
		value = (value as Record<string | number, unknown>)[step];
	}
	return value;
}

/** Keys of a mapping in the order of the file: JavaScript itself puts names such as `42` first. */
export function keysOf(tree: Tree, mapping: unknown): string[] {
	return isMapping(mapping) ? [...(tree.places.get(mapping)?.keys() ?? [])].map(String) : [];
}

export function isMapping(value: unknown): value is Mapping {
	return isContainer(value) && !Array.isArray(value);
}

/** Keys that belong to the user; they pass everywhere (2-train.md §1). */
export function isExtension(key: string): boolean {
	return key.startsWith('x-');
}

/** A path for people: `apps.shop.needs[1]`. A key that is no plain word is quoted. */
export function dotted(path: Path): string {
	const steps = path.map((step) => {
		if (typeof step === 'number') return `[${step}]`;
		return /^[\w.-]{1,60}$/.test(step) ? `.${step}` : `.${shown(step)}`;
	});
	return steps.join('').replace(/^\./, '');
}

/** A text of the file for use in a message: one line, bounded, no control characters, no secrets. */
export function shown(text: string): string {
	const line = JSON.stringify(maskSecrets(text).trimEnd()).slice(1, -1).replaceAll('\\"', '"');
	return `\`${line.length > 60 ? `${line.slice(0, 59)}…` : line}\``;
}

function isContainer(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}
