import type { Argument, Command, Option } from 'commander';
import { buildProgram } from './program.ts';

const HEAD = `<!-- Made from src/commands by \`npm run check -- --write\`. Edit the sources, not this page. -->

# The command line

Every command works from any folder below the one that holds \`release_repos.yml\`. Data goes to stdout, everything else
to stderr. Colour is for terminals only: \`--no-color\`, then \`FORCE_COLOR\`, then \`NO_COLOR\` decide. Without a terminal,
or where \`CI\` is set, a run prints plain lines, one an event. Unknown commands and options are errors that name the
nearest one there is.
`;

const EXIT_CODES: readonly (readonly [code: string, meaning: string])[] = [
	['0', 'Success, also when nothing was left to do.'],
	['1', 'A task failed. What is live, what failed and what was not started is told; the same command resumes.'],
	['2', 'The command line or `release_repos.yml` is wrong.'],
	[
		'3',
		'Refused before anything changed: a finding, drift, something that could not be read, no confirmation, a stale plan.',
	],
	['4', 'Another train holds the lock.'],
	['5', 'Only `ship --dry-run --detailed-exitcode`: there is something to do.'],
	['70', 'Slipway itself is wrong.'],
	['128 + n', 'Ended by signal n: 130 after Ctrl-C, 143 after SIGTERM.'],
];

/** What `--json` prints: the schema, by which commands, and its fields. */
const DOCUMENTS: readonly (readonly [schema: string, from: string, holds: string])[] = [
	[
		'slipway.plan/1',
		'`ship --dry-run`, `graph`',
		'`train`; `nodes`, each with `id`, `kind`, `repo`, `needs` and `irreversible`, and in a plan `state`, `reasons` and `change`; `observed`, the facts that a plan stands on; in a graph `edges`, each with its `reason`; in the file of `--out` also `specs`, what each task was told, `record`, `created_at` and `digest`: that file is what `ship [plan]` takes',
	],
	[
		'slipway.event/1',
		'`ship`, `prepare`, `init`',
		'one a line: `at`, `run`, `type` and its fields: `run.started`, `task.probed`, `task.started`, `task.output`, `task.finished`, `run.finished`',
	],
	['slipway.status/1', '`status`', '`record` or null, `live` and `drift` by repository'],
	['slipway.doctor/1', '`doctor`', '`findings`, each with `code`, `severity`, `repo`, `summary`, `hint`'],
	[
		'slipway.explain/1',
		'`explain`',
		'`task`, `state`, `reasons`, `change`, `evidence`, `findings`, `needs`, `neededBy`, and `last`, its outcomes in earlier runs',
	],
	[
		'slipway.history/1',
		'`history`',
		'`releases` and `runs`, the newest first; the `outcome` of a run is `done`, `failed`, `cancelled`, `running`, `killed` or `damaged`',
	],
	[
		'slipway.report/1',
		'`report`',
		'`run`, `outcome`, `counts`, `tasks` with `why`, `change`, `reasons`, `evidence`, `findings` and `command`; `live`, `notStarted`, `resume`',
	],
	[
		'slipway.notify/1',
		'`report --notify`',
		'`train`, and `webhooks`, each with `webhook`, `posted` and `said`; never an address',
	],
	['slipway.abandon/1', '`abandon`', '`record`, and what stays `live`'],
	['slipway.unlock/1', '`unlock`', 'the lock that was removed: `id`, `holder`, `run`, `command`, `startedAt`'],
];

/** docs/cli.md: every command and option as the program itself knows them. Takes nothing, gives Markdown. */
export function cliReference(): string {
	const nothing = () => undefined;
	const program = buildProgram({ version: '', onCommand: async () => undefined, write: nothing, writeHelp: nothing });
	const shared = new Set(program.options.map(({ flags }) => flags));
	const commands = program
		.createHelp()
		.visibleCommands(program)
		.filter((command) => command.name() !== 'help');
	const groups = Map.groupBy(commands, (command) => command.helpGroup().replace(/:$/, ''));
	return [
		HEAD,
		'## Options of every command\n',
		optionTable(program.options.filter(({ long }) => long !== '--version')),
		...[...groups].flatMap(([group, members]) => [`## ${group}\n`, ...members.map((one) => describe(one, shared))]),
		'## Exit codes\n',
		table(
			['Code', 'Meaning'],
			EXIT_CODES.map(([code, meaning]) => [`\`${code}\``, meaning]),
		),
		'Every message has a code of its own: [errors.md](errors.md).\n',
		'## Documents\n',
		'With `--json`, stdout holds one document, or a stream of them, each with its `schema`:\n',
		table(
			['Schema', 'Printed by', 'Holds'],
			DOCUMENTS.map(([schema, ...rest]) => [`\`${schema}\``, ...rest]),
		),
	].join('\n');
}

function describe(command: Command, shared: ReadonlySet<string>): string {
	const own = command.options.filter(({ flags, hidden }) => !hidden && !shared.has(flags));
	const usage = [
		'slipway',
		command.name(),
		...command.registeredArguments.map(operand),
		own.length > 0 ? '[options]' : '',
	];
	const operands = command.registeredArguments.map((argument) => [`\`${operand(argument)}\``, meaningOf(argument)]);
	return [
		`### \`${command.name()}\`\n`,
		`${sentence(command.description())}\n`,
		`\`\`\`sh\n${usage.filter((word) => word !== '').join(' ')}\n\`\`\`\n`,
		...(operands.length > 0 ? [table(['Argument', 'Meaning'], operands)] : []),
		...(own.length > 0 ? [optionTable(own)] : []),
	].join('\n');
}

function operand(argument: Argument): string {
	const name = argument.variadic ? `${argument.name()}...` : argument.name();
	return argument.required ? `<${name}>` : `[${name}]`;
}

function meaningOf({ description, argChoices }: Argument): string {
	return argChoices ? `${description}: ${argChoices.join(', ')}` : description;
}

function optionTable(options: readonly Option[]): string {
	return table(
		['Option', 'Meaning'],
		options.map(({ flags, description }) => [`\`${flags}\``, description]),
	);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
	return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}

function sentence(text: string): string {
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
