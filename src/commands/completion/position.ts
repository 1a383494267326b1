import type { Argument, Command, Option } from 'commander';

/** What stands at the cursor. `typed` is the part of it that a candidate must begin with. */
export type Position = { readonly typed: string; readonly globals: Globals } & (
	| { readonly type: 'command'; readonly of: Command }
	| { readonly type: 'option'; readonly of: Command }
	| {
			readonly type: 'value';
			readonly of: Option | Argument;
			/** Stands before `typed` in the same word: `--only=`, or `a,` of a list. */
			readonly before: string;
	  }
	| { readonly type: 'nothing' }
);

/** Options that say where the registry is, as far as they were typed. */
export interface Globals {
	readonly dir?: string;
	readonly registry?: string;
}

/** Reads the words of an unfinished command line; the last one is at the cursor, and may be empty. Pure. */
export function positionOf(program: Command, words: readonly string[]): Position {
	const typed = words.at(-1) ?? '';
	const { command, operands, pending, literal, globals } = walk(program, words.slice(0, -1));
	const here = { typed, globals };
	if (pending) return valueFor(pending, { globals, typed, before: '' });
	if (!literal && typed.startsWith('-')) {
		const [name = '', ...value] = typed.split('=');
		const option = value.length > 0 ? optionOf(command, program, name) : undefined;
		if (option) return valueFor(option, { globals, typed: value.join('='), before: `${name}=` });
		return { ...here, type: 'option', of: command };
	}
	if (command.commands.length > 0) return { ...here, type: 'command', of: command };
	const { registeredArguments } = command;
	const last = registeredArguments.at(-1);
	const argument = registeredArguments[operands] ?? (last?.variadic ? last : undefined);
	return argument ? { ...here, type: 'value', of: argument, before: '' } : { ...here, type: 'nothing' };
}

interface Walked {
	readonly command: Command;
	readonly operands: number;
	/** The option whose value comes next. */
	readonly pending: Option | null;
	/** `--` was seen: all that follows are operands. */
	readonly literal: boolean;
	readonly globals: Globals;
}

function walk(program: Command, words: readonly string[]): Walked {
	let here: Walked = { command: program, operands: 0, pending: null, literal: false, globals: {} };
	for (const word of words) here = after(here, word, program);
	return here;
}

function after(here: Walked, word: string, program: Command): Walked {
	const { command, pending, literal } = here;
	if (pending) return { ...here, pending: null, globals: { ...here.globals, [pending.attributeName()]: word } };
	if (!literal && word === '--') return { ...here, literal: true };
	if (!literal && word.startsWith('-')) {
		const option = optionOf(command, program, word);
		return { ...here, pending: option?.required ? option : null };
	}
	const next = literal ? undefined : command.commands.find((one) => one.name() === word);
	return next ? { ...here, command: next } : { ...here, operands: here.operands + 1 };
}

/** Every command takes the options of the program too. */
function optionOf(command: Command, program: Command, flag: string): Option | undefined {
	return [...command.options, ...program.options].find(({ long, short }) => long === flag || short === flag);
}

/** A list is completed name by name. */
function valueFor(option: Option, at: { globals: Globals; typed: string; before: string }): Position {
	const cut = at.typed.lastIndexOf(',') + 1;
	return {
		type: 'value',
		of: option,
		globals: at.globals,
		typed: at.typed.slice(cut),
		before: at.before + at.typed.slice(0, cut),
	};
}
