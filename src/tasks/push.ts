import { shortSha } from '../core/brand.ts';
import { type CommandResult, ending, lastWords } from '../io/command.ts';
import type { RefUpdate } from '../io/git.ts';
import { repoOf, type TaskContext, TaskFailure } from './contract.ts';

/** Pushes one ref and streams what the remote says. A refusal is a failed task, in the remote's own words. */
export async function pushAndCheck(
	context: TaskContext,
	url: string,
	update: RefUpdate & { readonly timeoutMs?: number },
): Promise<void> {
	const repository = context.world.repository(repoOf(context));
	const { timeoutMs, ...ref } = update;
	const result = await repository.push(url, ref, {
		signal: context.signal,
		// What the remote says matters here; git's own report of the ref matters only when it is refused.
		onLine: (stream, line) => {
			if (line.startsWith('remote:')) context.output(stream, line);
		},
		...(timeoutMs === undefined ? {} : { timeoutMs }),
	});
	if (result.exitCode === 0) return;
	const summary = `${update.ref} of ${repository.name} was not moved to ${shortSha(update.sha)} (${ending(result)})`;
	const seen = lastWords(result);
	throw new TaskFailure({ code: 'push-refused', summary, seen, hint: hintFor(result) }, result);
}

/** How git says that the ref is not where it was seen. */
const MOVED = /stale info|fetch first|non-fast-forward|cannot lock ref|already exists/i;

/** A ref that moved, a remote that said no, and a connection that broke: three things to look at. */
function hintFor(result: CommandResult): string {
	const said = lastWords(result, 40) + result.stdout.toString('utf8');
	if (MOVED.test(said)) return 'nothing was overwritten; see what moved it, then run the same command again';
	if (/\[remote rejected\]/.test(said)) return 'correct what the remote says, then run the same command again';
	return 'run the same command again: it looks first whether the push arrived';
}
