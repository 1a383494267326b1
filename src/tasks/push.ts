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
	const refused = refusalIn(result);
	const seen = [lastWords(result), ...(refused === null ? [] : [refused])].join('\n');
	throw new TaskFailure({ code: 'push-refused', summary, seen, hint: hintFor(refused) }, result);
}

/** `[rejected] (stale info)`: git's own word for the ref, in the porcelain report on stdout (git-push(1), "OUTPUT"). */
function refusalIn({ stdout }: CommandResult): string | null {
	return /^!\t[^\t]*\t(.*)$/m.exec(stdout.toString('utf8'))?.[1] ?? null;
}

/** A ref that moved, a remote that said no, and a connection that broke: three things to look at. */
function hintFor(refused: string | null): string {
	if (refused === null) return 'run the same command again: it looks first whether the push arrived';
	if (/pre-receive|hook|denied|prohibited|protected/i.test(refused))
		return 'correct what the remote says, then run the same command again';
	return 'nothing was overwritten; see what moved it, then run the same command again';
}
