import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { GlobalOptions, Session } from './session.ts';

/** What runs a command: opened session in, exit code out. */
type Run = (session: Session) => Promise<number>;

export interface ProgramInput {
	readonly version: string;
	/** Called once, with the command that was asked for. */
	readonly onCommand: (globals: GlobalOptions, run: Run) => Promise<void>;
	readonly write: (text: string) => void;
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
		.configureOutput({ writeOut: input.write, writeErr: () => undefined });
	for (const [define, start] of COMMANDS) {
		const command = withGlobals(define(program)).exitOverride().copyInheritedSettings(program);
		command.action(async (...args: unknown[]) => {
			const operands = args.slice(0, -2);
			const globals = { ...globalsOf(program.opts()), ...globalsOf(command.opts()) };
			await input.onCommand(globals, await start(command.opts(), operands));
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

type Options = Record<string, unknown>;
type Definition = readonly [
	define: (program: Command) => Command,
	start: (options: Options, operands: readonly unknown[]) => Promise<Run>,
];

const COMMANDS: readonly Definition[] = [
	[
		(program) => program.command('init').description('create the release branch on each origin that lacks it'),
		async () => (await import('./init.ts')).init,
	],
	[
		(program) =>
			program
				.command('prepare')
				.description('freeze what the release branches hold, let QA see it, and assemble the release')
				.option('--only <repos>', 'only these repositories, separated by commas', list)
				.option('--yes', 'deploy to QA without asking')
				.option('--jobs <n>', 'how many tasks run at once (default: train.concurrency)', count),
		async (options) => {
			const { prepare } = await import('./prepare.ts');
			return (session) => prepare(session, options);
		},
	],
	[
		(program) =>
			program
				.command('ship')
				.description('run the train: publish, re-pin, test, deploy, record')
				.option('--dry-run', 'probe everything, change nothing, and print the plan')
				.option('--out <file>', 'with --dry-run: save the plan as JSON')
				.option('--detailed-exitcode', 'with --dry-run: exit 5 when there is something to do')
				.option('--yes', 'ship without asking')
				.option('--jobs <n>', 'how many tasks run at once (default: train.concurrency)', count)
				.option('--by <name>', 'who ships, for the record (default: user@host)'),
		async (options) => {
			const { ship } = await import('./ship.ts');
			return (session) => ship(session, options);
		},
	],
	[
		(program) =>
			program
				.command('graph')
				.description('print the graph of the train: of the active release, else of the file alone')
				.option('--dot', 'as DOT, for Graphviz')
				.option('--mermaid', 'as Mermaid, for Markdown')
				.option('--svg', 'as an SVG picture')
				.option('--state', 'probe every task and colour it by its state'),
		async (options) => {
			const { graph } = await import('./graph.ts');
			return (session) => graph(session, options);
		},
	],
	[
		(program) => program.command('status').description('print the release record, what is live and what has drifted'),
		async () => (await import('./status.ts')).status,
	],
	[
		(program) => program.command('schema').description('print the JSON Schema of release_repos.yml'),
		async () => (await import('./schema.ts')).schema,
	],
];

function count(text: string): number {
	const number = Number(text);
	if (!Number.isInteger(number) || number < 1 || number > 1000) throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
	return number;
}

function list(text: string): string[] {
	return text.split(',').map((name) => name.trim()).filter((name) => name !== '');
}

export { CommanderError };
