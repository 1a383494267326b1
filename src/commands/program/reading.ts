import { Argument } from '@commander-js/extra-typings';
import { SHELLS } from '../completion/scripts.ts';
import { type Definition, definition } from './definition.ts';

const GROUP = 'Look:';
const SETUP = 'Set up:';

/** The commands that change nothing. */
export const READING_COMMANDS: readonly Definition[] = [
	definition(
		(program) =>
			program
				.command('status')
				.helpGroup(GROUP)
				.description('print the release record, what is live and what has drifted'),
		async () => (await import('../status.ts')).status,
	),
	definition(
		(program) =>
			program
				.command('doctor')
				.helpGroup(GROUP)
				.description('check everything that can be checked before a release, and print every finding'),
		async () => (await import('../doctor.ts')).doctor,
	),
	definition(
		(program) =>
			program
				.command('graph')
				.helpGroup(GROUP)
				.description('print the graph of the train: of the active release, else of the file alone')
				.option('--dot', 'as DOT, for Graphviz')
				.option('--mermaid', 'as Mermaid, for Markdown')
				.option('--svg', 'as an SVG picture')
				.option('--state', 'probe every task and colour it by its state'),
		async ({ options }) => {
			const { graph } = await import('../graph.ts');
			return (session) => graph(session, options);
		},
	),
	definition(
		(program) =>
			program
				.command('explain')
				.helpGroup(GROUP)
				.description('say why a task would run, be skipped or is blocked, and what it waits for')
				.argument('<task>', 'its id, such as publish:my-gem; `slipway graph --verbose` lists them'),
		async ({ operands: [task] }) => {
			const { explain } = await import('../explain.ts');
			return (session) => explain(session, task);
		},
	),
	definition(
		(program) => program.command('history').helpGroup(GROUP).description('print past releases and runs'),
		async () => (await import('../history.ts')).history,
	),
	definition(
		(program) =>
			program
				.command('report')
				.helpGroup(GROUP)
				.description('print one run in full: what happened, and why')
				.argument('[run]', 'its id, as `slipway history` names it (default: the newest)')
				.option('--html <file>', 'write it as a page that needs nothing else')
				.option('--notify', 'send the release notes of its release again (default: of the last one that shipped)'),
		async ({ options, operands: [run] }) => {
			const { report } = await import('../report.ts');
			return (session) => report(session, { ...options, ...(run === undefined ? {} : { run }) });
		},
	),
	definition(
		(program) => program.command('schema').helpGroup(SETUP).description('print the JSON Schema of release_repos.yml'),
		async () => (await import('../schema.ts')).schema,
	),
	definition(
		(program) =>
			program
				.command('completion')
				.helpGroup(SETUP)
				.description('print a completion script, to be sourced: source <(slipway completion bash)')
				.addArgument(new Argument('<shell>', 'whose script').choices(SHELLS)),
		async ({ operands: [shell] }) => {
			const { completion } = await import('../completion.ts');
			return (session) => completion(session, shell);
		},
	),
	definition(
		// What those scripts call; a person has no use for it.
		(program) =>
			program.command('complete', { hidden: true }).argument('[words...]', 'the words before and at the cursor'),
		async ({ operands: [words], program }) => {
			const { complete } = await import('../complete.ts');
			return (session) => complete(session, { program, words });
		},
	),
];
