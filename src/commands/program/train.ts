import { count, type Definition, definition, list } from './definition.ts';

const GROUP = 'Release:';

/** The commands that move a release on, or give it up. */
export const TRAIN_COMMANDS: readonly Definition[] = [
	definition(
		(program) =>
			program.command('init').helpGroup(GROUP).description('create the release branch on each origin that lacks it'),
		async () => (await import('../init.ts')).init,
	),
	definition(
		(program) =>
			program
				.command('prepare')
				.helpGroup(GROUP)
				.description('freeze what the release branches hold, let QA see it, and assemble the release')
				.option('--only <repos>', 'only these repositories, separated by commas', list)
				.option('--yes', 'deploy to QA without asking')
				.option('--jobs <n>', 'how many tasks run at once (default: train.concurrency)', count),
		async ({ options }) => {
			const { prepare } = await import('../prepare.ts');
			return (session) => prepare(session, options);
		},
	),
	definition(
		(program) =>
			program
				.command('ship')
				.helpGroup(GROUP)
				.description('run the train: publish, re-pin, test, deploy, record')
				.argument('[plan]', 'a plan that --out saved: ship exactly that, or nothing if the world moved since')
				.option('--dry-run', 'probe everything, change nothing, and print the plan')
				.option('--out <file>', 'with --dry-run: save the plan as JSON')
				.option('--detailed-exitcode', 'with --dry-run: exit 5 when there is something to do')
				.option('--yes', 'ship without asking')
				.option('--jobs <n>', 'how many tasks run at once (default: train.concurrency)', count)
				.option('--by <name>', 'who ships, for the record (default: user@host)'),
		async ({ options, operands: [plan] }) => {
			const { ship } = await import('../ship.ts');
			return (session) => ship(session, { ...options, ...(plan === undefined ? {} : { plan }) });
		},
	),
	definition(
		(program) =>
			program
				.command('abandon')
				.helpGroup(GROUP)
				.description('give the active release up; what it made live stays live')
				.option('--yes', 'without asking'),
		async ({ options }) => {
			const { abandon } = await import('../abandon.ts');
			return (session) => abandon(session, options);
		},
	),
	definition(
		(program) =>
			program
				.command('unlock')
				.helpGroup(GROUP)
				.description('remove the lock of a train that is dead')
				.argument('<id>', 'the id of the lock, as the message that refused you names it'),
		async ({ operands: [id] }) => {
			const { unlock } = await import('../unlock.ts');
			return (session) => unlock(session, id);
		},
	),
];
