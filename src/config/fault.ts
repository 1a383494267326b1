import type { ErrorCode } from '../core/codes.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Range, Source } from './source.ts';

/** What is wrong with a value, without saying where: the part of a diagnostic that a rule knows. */
export interface Fault {
	readonly code: ErrorCode;
	readonly summary: string;
	/** What to do. */
	readonly hint: string;
	/** The value must not be shown, not even in the excerpt of its line. */
	readonly secret?: true;
}

/** A text that a rule has read, or what is wrong with it. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** A rule for the text of one kind of value. Pure; never throws. */
export type Rule<T> = (text: string) => Reading<T>;

export function good<T>(value: T): Reading<T> {
	return { ok: true, value };
}

export function bad(code: ErrorCode, summary: string, hint: string): Reading<never> {
	return { ok: false, fault: { code, summary, hint } };
}

/** The error diagnostic of a fault that stands at a range; a secret is starred out of its excerpt. */
export function faultAt(source: Source, range: Range, fault: Fault): Diagnostic {
	const { code, summary, hint, secret } = fault;
	const at = source.span(range);
	const starred = '*'.repeat(at.endCol - at.col);
	const excerpt = secret ? at.excerpt.slice(0, at.col - 1) + starred + at.excerpt.slice(at.endCol - 1) : at.excerpt;
	return { code, severity: 'error', summary, at: { ...at, excerpt }, hint };
}
