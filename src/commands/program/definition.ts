import { type Command, InvalidArgumentError } from 'commander';
import type { Session } from '../session.ts';

/** What runs a command: opened session in, exit code out. */
export type Run = (session: Session) => Promise<number>;

export type Options = Record<string, unknown>;

/** A command that was asked for. */
export interface Invocation {
	readonly options: Options;
	/** In their order; an optional one that was left out is not there. */
	readonly operands: readonly string[];
	/** The whole command line, for commands that speak of it. */
	readonly program: Command;
}

/** A command: how it reads on the command line, and how its code is loaded. */
export type Definition = readonly [define: (program: Command) => Command, start: (asked: Invocation) => Promise<Run>];

/** A whole number from 1 to 1000, for commander. */
export function count(text: string): number {
	const number = Number(text);
	if (!Number.isInteger(number) || number < 1 || number > 1000)
		throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
	return number;
}

/** Names separated by commas, for commander. */
export function list(text: string): string[] {
	return text
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
}
