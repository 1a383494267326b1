import { split } from 'shlex';
import type { Argv } from '../core/argv.ts';
import { bad, type Fault, good, type Reading, type Rule } from './fault.ts';
import { shown } from './tree.ts';

/** A command and what is odd about it: it is used as written, and its author is told. */
export interface Command {
	readonly argv: Argv;
	readonly doubt: Fault | null;
}

const OPERATORS = new Set(['&&', '||', '|', ';', '&', '>', '>>', '<']);

/**
 * A command string to argv by the quoting rules of a shell, with no shell and no interpolation
 * (2-train.md §1). The only file that knows the library for it, which throws on an open quote.
 */
export const commandText: Rule<Command> = (text) => {
	let parts: string[];
	try {
		parts = split(text);
	} catch {
		const hint = 'close the quote (or double a last `\\`), or write the command as a list of texts';
		return bad('bad-command', `the command ${shown(text)} has an open quote`, hint);
	}
	const reading = commandList(parts);
	return reading.ok ? good({ ...reading.value, doubt: shellDoubt(parts) }) : reading;
};

/** A command that is a list of texts already. */
export function commandList(parts: readonly string[]): Reading<Command> {
	const [program, ...args] = parts;
	if (program === undefined || program.trim() === '') {
		return bad('bad-command', 'the command is empty', 'name a program, or remove the key');
	}
	if (parts.some((part) => part.includes('\0'))) {
		return bad('bad-command', 'the command holds a NUL character', 'no argument of a program can hold it: remove it');
	}
	return good({ argv: [program, ...args], doubt: null });
}

/** Words that only a shell would understand: the command would run without what its author meant. */
function shellDoubt(parts: readonly string[]): Fault | null {
	const operator = parts.find((part) => OPERATORS.has(part));
	const assignment = /^[A-Za-z_]\w*=/.test(parts[0] ?? '') ? parts[0] : undefined;
	if (operator !== undefined) {
		const hint = 'put the steps into a script; to pass the word itself, write the command as a list of texts';
		return {
			code: 'bad-command',
			summary: `no shell runs this command: ${shown(operator)} is passed on as an argument`,
			hint,
		};
	}
	if (assignment !== undefined) {
		const hint = `put \`env\` before it: \`env ${parts.join(' ')}\``;
		return {
			code: 'bad-command',
			summary: `no shell runs this command: ${shown(assignment)} is taken for the program`,
			hint,
		};
	}
	return null;
}
