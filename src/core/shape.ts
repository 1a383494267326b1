/**
 * Checks of JSON that came from a disk or a server, for the files that every command reads. A
 * schema library would do the same and cost each start-up its import (6-libraries.md).
 */
export interface Shape<out T> {
	/** Gives what is wrong with `value`, one sentence a problem, each beginning with its path. */
	(value: unknown, path: string): readonly string[];
	/** Never set: carries the type. */
	readonly type?: T;
}

/** A shape for each field; only a field that the type calls optional may have an optional shape. */
type Fields<T> = { readonly [K in keyof T]-?: Shape<object extends Pick<T, K> ? T[K] | undefined : T[K]> };

/** A value that passed its shape, or every problem with it. */
export type Shaped<T> =
	| { readonly ok: true; readonly value: T }
	| { readonly ok: false; readonly problems: readonly string[] };

/** Takes any value; never throws. `root` names the whole in problems, for example `record`. */
export function shaped<T>(shape: Shape<T>, value: unknown, root: string): Shaped<T> {
	const problems = shape(value, root);
	return problems.length === 0 ? { ok: true, value: value as T } : { ok: false, problems };
}

/** Like `shaped`, from JSON text; text that is no JSON is one problem. */
export function shapedJson<T>(shape: Shape<T>, text: string, root: string): Shaped<T> {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		return { ok: false, problems: [`${root} is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
	}
	return shaped(shape, value, root);
}

/** A value of which `accepts` says yes; `what` is the noun phrase that a problem shows. */
export function is<T>(what: string, accepts: (value: unknown) => boolean): Shape<T> {
	return (value, path) => (accepts(value) ? [] : [`${path} is not ${what}`]);
}

export const text: Shape<string> = is('a text', (value) => typeof value === 'string');
export const filledText: Shape<string> = is(
	'a text with something in it',
	(value) => typeof value === 'string' && value !== '',
);
export const flag: Shape<boolean> = is('true or false', (value) => typeof value === 'boolean');
/** A whole number from 0 up. */
export const count: Shape<number> = is(
	'a whole number',
	(value) => Number.isSafeInteger(value) && (value as number) >= 0,
);
/** 64 lower-case hex digits. */
export const sha256: Shape<string> = is(
	'a SHA-256',
	(value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
);
/** A moment as `Date.toISOString` writes it. */
export const moment: Shape<string> = is('a time', (value) => typeof value === 'string' && isMoment(value));

export function oneOf<const T extends string>(...choices: readonly T[]): Shape<T> {
	return is(`one of ${choices.join(', ')}`, (value) => choices.some((choice) => choice === value));
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
	return (value, path) => (value === null ? [] : shape(value, path));
}

/** For fields that may be absent. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
	return (value, path) => (value === undefined ? [] : shape(value, path));
}

export function listOf<T>(shape: Shape<T>): Shape<readonly T[]> {
	return (value, path) =>
		Array.isArray(value) ? value.flatMap((item, index) => shape(item, `${path}[${index}]`)) : [`${path} is not a list`];
}

/** An object used as a map: every value has the one shape. */
export function mapOf<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
	return (value, path) =>
		isObject(value)
			? Object.entries(value).flatMap(([key, item]) => shape(item, `${path}.${key}`))
			: [`${path} is not a mapping`];
}

/** An object with exactly these fields: an unknown one was written by another version, and must not get lost. */
export function object<T>(fields: Fields<T>): Shape<T> {
	return (value, path) => {
		if (!isObject(value)) return [`${path} is not a mapping`];
		const unknown = Object.keys(value).filter((key) => !Object.hasOwn(fields, key));
		return [...unknown.map((key) => `${path}.${key} is not known`), ...fieldProblems(fields, value, path)];
	};
}

/** An object with at least these fields: for what others' servers send. */
export function openObject<T>(fields: Fields<T>): Shape<T> {
	return (value, path) => (isObject(value) ? fieldProblems(fields, value, path) : [`${path} is not a mapping`]);
}

function fieldProblems<T>(fields: Fields<T>, value: Record<string, unknown>, path: string): readonly string[] {
	// An inherited name such as `constructor` is no field of a document.
	return (Object.entries(fields) as [string, Shape<unknown>][]).flatMap(([key, shape]) =>
		shape(Object.hasOwn(value, key) ? value[key] : undefined, `${path}.${key}`),
	);
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMoment(value: string): boolean {
	return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) && !Number.isNaN(Date.parse(value));
}
