import { repoName } from '../core/brand.ts';
import { argvAt, argvsAt, type BuildContext, keySpan } from './build-context.ts';
import type { TaskEntry } from './schema/registry.ts';
import type { Path } from './tree.ts';
import type { UserTask } from './types.ts';

export function buildTask(context: BuildContext, name: string, entry: TaskEntry): UserTask {
	const path = ['tasks', name];
	return {
		name,
		description: entry.description ?? null,
		action: buildAction(context, path, entry),
		inputs: entry.inputs,
		outputs: entry.outputs,
		env: entry.env,
		needs: entry.needs,
		before: entry.before,
		cwd: entry.cwd ?? null,
		repo: entry.repo === undefined ? null : repoName(entry.repo),
		doneWhen: argvAt(context, [...path, 'done_when'], entry.done_when),
		timeoutMs: entry.timeout ?? null,
		retries: entry.retries,
		irreversible: entry.irreversible,
		group: entry.group ?? null,
		at: keySpan(context, path),
	};
}

/** The rules between entries have seen to it that there is exactly one of the two. */
function buildAction(context: BuildContext, path: Path, { run, shell }: TaskEntry): UserTask['action'] {
	if (shell !== undefined) return { type: 'shell', script: shell };
	return { type: 'run', commands: argvsAt(context, [...path, 'run'], run) };
}
