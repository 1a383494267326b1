import { Command, CommanderError } from 'commander';
import type { Definition, Run } from './program/definition.ts';
import { READING_COMMANDS } from './program/reading.ts';
import { TRAIN_COMMANDS } from './program/train.ts';
import type { GlobalOptions } from './session.ts';

export interface ProgramInput {
	readonly version: string;
	/** Called once, with the command that was asked for. */
	readonly onCommand: (globals: GlobalOptions, run: Run) => Promise<void>;
	readonly write: (text: string) => void;
	/** Gets the help of a command line that names no command; messages are the caller's business. */
	readonly writeHelp?: (text: string) => void;
}

/**
 * The command line of 4-cli.md. Each command is imported only when it is asked for, so that
 * `--version` and a graph cost no more than they must.
 */
export function buildProgram(input: ProgramInput): Command {
	const program = withGlobals(new Command('slipway'))
		.description('Ship a fleet of git repositories as one release')
		.version(input.version, '--version', 'print the version')
		.showSuggestionAfterError(true)
		.exitOverride()
		.configureOutput({
			writeOut: input.write,
			writeErr: input.writeHelp ?? (() => undefined),
			outputError: () => undefined,
		});
	for (const define of COMMANDS) {
		const { command, start } = define(program);
		withGlobals(command).exitOverride().copyInheritedSettings(program);
		command.action(async () => {
			const globals = { ...globalsOf(program.opts()), ...globalsOf(command.opts()) };
			await input.onCommand(globals, await start());
		});
	}
	return program;
}

/** Every command takes them, before its name or after it. */
function withGlobals(command: Command): Command {
	return command
		.option('-C, --dir <dir>', 'work as if started in this folder')
		.option('--registry <file>', 'the release_repos.yml to use (default: the nearest one, upwards)')
		.option('--json', 'print JSON on stdout')
		.option('--quiet', 'print results and errors only')
		.option('--verbose', 'print every task, and what the run cost')
		.option('--no-color', 'print without colour');
}

function globalsOf(options: Record<string, unknown>): GlobalOptions {
	const { dir, registry, json, quiet, verbose, color } = options;
	return {
		...(typeof dir === 'string' ? { dir } : {}),
		...(typeof registry === 'string' ? { registry } : {}),
		...(json === true ? { json } : {}),
		...(quiet === true ? { quiet } : {}),
		...(verbose === true ? { verbose } : {}),
		...(color === false ? { noColor: true } : {}),
	};
}

const COMMANDS: readonly Definition[] = [...TRAIN_COMMANDS, ...READING_COMMANDS];

export { CommanderError };
