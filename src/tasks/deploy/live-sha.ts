import type { Argv } from '../../core/argv.ts';
import { isSha, type Sha } from '../../core/brand.ts';
import { Unreadable } from '../../core/diagnostic.ts';
import { outputOf } from '../../io/command.ts';
import { retried } from '../../io/retry.ts';
import { repoOf, type TaskContext } from '../contract.ts';
import { runInWorkspace } from '../user-command.ts';

/** Runs a command that only asks what is live, in the workspace of a commit, and gives what it printed. Throws Unreadable. */
export async function askCommand(argv: Argv, sha: Sha, context: TaskContext): Promise<string> {
	const quiet = { ...context, output: () => undefined };
	const { timeouts, retries } = context.config.train;
	// What is live is often the branch of a remote.
	const env = await context.world.repository(repoOf(context)).exposeRemotes();
	const question = { key: 'live_cmd', argv, sha, timeoutMs: timeouts.probeMs, env, tree: 'any' } as const;
	const ask = async () => outputOf(await runInWorkspace(question, quiet), argv.join(' '));
	return retried(ask, { retries: retries.probe, signal: context.signal });
}

/** Nothing printed means that nothing is live; anything else must be a full object name. `from` is for the message. */
export function liveSha(text: string, from: string): Sha | null {
	const said = text.trim();
	if (said === '') return null;
	if (!isSha(said)) throw new Unreadable(from, `not a full SHA: ${said.slice(0, 80)}`);
	return said;
}
