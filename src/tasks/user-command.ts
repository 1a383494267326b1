import type { Argv } from '../core/argv.ts';
import type { Sha } from '../core/brand.ts';
import { type CommandResult, ending, lastWords } from '../io/command.ts';
import type { TreeState } from '../io/workspace.ts';
import { repoOf, type TaskContext, TaskFailure } from './contract.ts';

export interface UserCommand {
	/** The key of release_repos.yml that names it, for the message. */
	readonly key: string;
	readonly argv: Argv;
	readonly sha: Sha;
	readonly timeoutMs: number;
	/** Added to its environment. */
	readonly env?: Readonly<Record<string, string>>;
	/** What it needs of the work tree; `any` also promises to leave it as it is. */
	readonly tree?: TreeState;
}

/** Runs a command of the repository in its workspace at one commit, streaming its output. */
export async function runInWorkspace(command: UserCommand, context: TaskContext): Promise<CommandResult> {
	const { world } = context;
	const repo = repoOf(context);
	const workspace = await world.workspaces.at(world.repository(repo), command.sha, command.tree);
	const [program, ...args] = command.argv;
	// A path is the repository's own file; a bare name is found on PATH.
	const file = program.includes('/') && !program.startsWith('/') ? `${workspace.path}/${program}` : program;
	try {
		return await world.commands.run({
			argv: [file, ...args],
			cwd: workspace.path,
			env: { ...command.env, SLIPWAY_SHA: command.sha, SLIPWAY_REPO: repo },
			timeoutMs: command.timeoutMs,
			signal: context.signal,
			onLine: context.output,
		});
	} finally {
		if (command.tree !== 'any') world.workspaces.used(repo);
	}
}

/** The failed task that a command of the repository makes of an exit code. */
export function commandFailure(command: UserCommand, result: CommandResult, hint?: string): TaskFailure {
	const summary = `${command.key} failed: ${command.argv.join(' ')} (${ending(result)})`;
	return new TaskFailure(
		{ code: 'command-failed', summary, seen: lastWords(result), ...(hint === undefined ? {} : { hint }) },
		result,
	);
}
