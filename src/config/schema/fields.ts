import { z } from 'zod';
import { didYouMean } from '../../core/suggest.ts';
import { commandList, commandText } from '../command.ts';
import { DURATION, duration } from '../duration.ts';
import type { Fault, Reading, Rule } from '../fault.ts';
import { isExtension, isMapping, shown } from '../tree.ts';

/**
 * The building blocks of the schema. Every scalar of the file arrives as text (see Tree), so the
 * blocks also say how a text becomes a number or a truth value. What a rule finds wrong travels in
 * the `params` of a zod issue, as a Fault.
 */

/** Text that a rule reads. */
export function ruled<T>(rule: Rule<T>) {
	return z.string().transform((text, context) => settle(rule(text), context));
}

/** Text of any content. */
export const anyText = () => z.string();

/** Text with something in it. */
export const filledText = () => z.string().min(1);

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number) {
	const number = (value: unknown) => (typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value);
	return z.preprocess(number, z.int().min(min).max(max));
}

/** `true` or `false`, as YAML 1.2 writes them. */
export function flag() {
	const words: Record<string, boolean> = {
		true: true,
		True: true,
		TRUE: true,
		false: false,
		False: false,
		FALSE: false,
	};
	return z.preprocess(
		(value) => (typeof value === 'string' && Object.hasOwn(words, value) ? words[value] : value),
		z.boolean(),
	);
}

/** A duration, in milliseconds. */
export const time = () => ruled(duration).meta({ title: 'duration', pattern: DURATION.source });

/** A command string, or its words as a list. */
export function command() {
	const words = z.array(anyText().meta(SCALAR)).transform((parts, context) => settle(commandList(parts), context));
	return z.union([ruled(commandText), words]).meta({ title: 'command' });
}

/** One command string, or a list of commands run in turn. */
export function commands() {
	const one = ruled(commandText).transform((first) => [first]);
	return z.union([one, z.array(command()).min(1)]).meta({ title: 'command or list of commands' });
}

/** Numbers and truth values may stand where text is wanted, and mean the text as it is written. */
export const SCALAR = { type: ['string', 'number', 'boolean'] } as const;

/** Names to texts; names by a rule. */
export function texts(name: Rule<string>, value?: Rule<string>) {
	const text = value ? ruled(value) : anyText();
	return z.record(z.string().check(byRule(name)), text.meta(SCALAR));
}

/** Entries under names of the user's choice, which check-names.ts judges. Those that begin with `x-` pass unread. */
export function entries<T extends z.ZodType>(entry: T) {
	const ours = (value: unknown) =>
		isMapping(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !isExtension(key))) : (value ?? {});
	return z.preprocess(ours, z.record(z.string(), orEmpty(entry)));
}

/** A mapping that may be written with no keys and then means its defaults. */
export function orEmpty<T extends z.ZodType>(schema: T) {
	return z.preprocess((value) => value ?? {}, schema);
}

/** A mapping with exactly these keys and `x-` keys; an unknown one is an error with a suggestion. */
export function mapping<const S extends z.ZodRawShape>(shape: S) {
	const known = Object.keys(shape);
	return z.looseObject(shape).superRefine(
		(value: unknown, context) => {
			if (!isMapping(value)) return;
			for (const key of Object.keys(value)) {
				if (!known.includes(key) && !isExtension(key)) addFault(context, unknownKey(key, known), [key]);
			}
		},
		// Also when a known key is wrong: all errors at once.
		{ when: () => true },
	);
}

function unknownKey(key: string, known: readonly string[]): Fault {
	const hint = didYouMean(key, known, `the keys here are: ${known.join(', ')}; keys of your own begin with \`x-\``);
	return { code: 'unknown-key', summary: `unknown key ${shown(key)}`, hint };
}

/** A check that only looks; the text stays as it is. */
export function byRule<T>(rule: Rule<T>) {
	return z.superRefine<string>((text, context) => {
		const reading = rule(text);
		if (!reading.ok) addFault(context, reading.fault);
	});
}

/** A rule between the values of a mapping; it waits until each of them is right by itself. */
export function together<T>(rule: (value: T) => Conflict | null) {
	return z.superRefine<T>((value, context) => {
		const conflict = context.issues.length === 0 ? rule(value) : null;
		if (conflict)
			addFault(context, { code: 'bad-value', summary: conflict.summary, hint: conflict.hint }, conflict.path);
	});
}

export interface Conflict extends Pick<Fault, 'summary' | 'hint'> {
	/** The value to point at, from the mapping down. */
	readonly path: (string | number)[];
}

type Context = Pick<z.core.$RefinementCtx, 'issues'> & { value?: unknown };

function settle<T>(reading: Reading<T>, context: Context): T {
	if (reading.ok) return reading.value;
	addFault(context, reading.fault);
	return z.NEVER;
}

/** Reports a fault of the value that is being checked, or of something within it. */
export function addFault(context: Context, fault: Fault, path: (string | number)[] = []): void {
	// The input is left out: it may hold a secret, and the tree has it anyway.
	context.issues.push({
		code: 'custom',
		message: fault.summary,
		params: { fault },
		path,
		input: undefined,
		continue: true,
	});
}
