import type { Argv } from '../../core/argv.ts';
import { isSha, type Sha } from '../../core/brand.ts';
import { Unreadable } from '../../core/diagnostic.ts';
import { outputOf } from '../../io/command.ts';
import type { TaskContext } from '../contract.ts';
import { runInWorkspace } from '../user-command.ts';

/** Runs a command that only asks what is live, in the workspace of a commit, and gives what it printed. Throws Unreadable. */
export async function askCommand(argv: Argv, sha: Sha, context: TaskContext): Promise<string> {
	const quiet = { ...context, output: () => undefined };
	const { probeMs } = context.config.train.timeouts;
	const result = await runInWorkspace({ key: 'live_cmd', argv, sha, timeoutMs: probeMs, tree: 'any' }, quiet);
	return outputOf(result, argv.join(' '));
}

/** Nothing printed means that nothing is live; anything else must be a full object name. `from` is for the message. */
export function liveSha(text: string, from: string): Sha | null {
	const said = text.trim();
	if (said === '') return null;
	if (!isSha(said)) throw new Unreadable(from, `not a full SHA: ${said.slice(0, 80)}`);
	return said;
}
