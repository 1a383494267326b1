import type { CommandUnknownOpts, OptionValues, Command as TypedCommand } from '@commander-js/extra-typings';
import { type Command, InvalidArgumentError } from 'commander';
import type { Session } from '../session.ts';

/** What runs a command: opened session in, exit code out. */
export type Run = (session: Session) => Promise<number>;

/** Options that were left out are not there. */
type Given<Opts> = { readonly [Name in keyof Opts]: Exclude<Opts[Name], undefined> };

/** A command that was asked for. */
export interface Invocation<Operands, Opts> {
	readonly options: Given<Opts>;
	/** In their order; an optional one that was left out is undefined. */
	readonly operands: Operands;
	/** The whole command line, for commands that speak of it. */
	readonly program: Command;
}

/** A command: how it reads on the command line, and how its code is loaded. */
export type Definition = (program: Command) => { readonly command: Command; readonly start: () => Promise<Run> };

/** Joins the two halves of a command: the types of its options and operands are read off its flags and arguments. */
export function definition<Operands extends unknown[], Opts extends OptionValues>(
	define: (program: TypedCommand) => TypedCommand<Operands, Opts>,
	start: (asked: Invocation<Operands, Opts>) => Promise<Run>,
): Definition {
	return (program) => {
		const command = define(untyped<TypedCommand>(program));
		return {
			command: untyped<Command>(command),
			start: () => start({ options: command.opts() as Given<Opts>, operands: command.processedArgs, program }),
		};
	};
}

/** The typed command is commander's own: only the declarations differ. */
function untyped<To>(command: Command | CommandUnknownOpts | TypedCommand<never[], OptionValues>): To {
	return command as unknown as To;
}

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
