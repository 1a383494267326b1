import { lastWords } from '../io/command.ts';
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
	throw new TaskFailure(
		{
			code: 'push-refused',
			summary: `${update.ref} of ${repository.name} was not moved to ${update.sha.slice(0, 8)}`,
			seen: lastWords(result),
			hint: 'nothing was overwritten; see what moved it, then run the same command again',
		},
		result,
	);
}
