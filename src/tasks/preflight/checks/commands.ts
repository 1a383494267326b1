import type { Argv } from '../../../core/argv.ts';
import { type Sha, shortSha } from '../../../core/brand.ts';
import { findProgram } from '../../../io/artifacts.ts';
import { followPath } from '../../../io/tree-path.ts';
import { repoOf, type TaskContext } from '../../contract.ts';
import { adapterOf } from '../../deploy/adapters.ts';
import { type Check, finding, type PreflightSpec } from '../check.ts';

interface Seen {
	readonly program: string;
	readonly problem: 'missing' | 'not executable' | 'not on PATH';
}

/** A command that was looked for on the disk once stopped a train after main had moved: the tree decides (2-train.md §5). */
export const commands: Check<readonly Seen[]> = {
	name: 'every command exists and is executable at the frozen SHA',
	applies: (spec) => spec.frozen !== null && commandsOf(spec).length > 0,
	read: async (spec, context) => {
		const programs = new Set(commandsOf(spec).map((argv) => argv[0]));
		const looked = await Promise.all([...programs].map((program) => lookUp(program, spec.frozen as Sha, context)));
		return looked.filter((seen) => seen !== null);
	},
	judge: (spec, seen) =>
		seen.map(({ program, problem }) =>
			problem === 'not on PATH'
				? finding('preflight', `${program} is not on PATH`, {
						hint: 'install it, or correct the command in release_repos.yml',
					})
				: finding('preflight', `${program} is ${problem} at the frozen SHA ${shortSha(spec.frozen as Sha)}`, {
						hint:
							problem === 'missing'
								? 'commit it, or correct the command in release_repos.yml'
								: `git update-index --chmod=+x ${program}`,
					}),
		),
};

function commandsOf({ commands: own, gem, deploy }: PreflightSpec): readonly Argv[] {
	const ofGem = [gem?.releaseCheck, gem?.buildCmd].filter((argv): argv is Argv => argv != null);
	return [...own, ...ofGem, ...((deploy && adapterOf(deploy.strategy)?.commands?.(deploy)) ?? [])];
}

async function lookUp(program: string, sha: Sha, context: TaskContext): Promise<Seen | null> {
	if (!program.includes('/') || program.startsWith('/')) {
		const found = program.startsWith('/')
			? await findProgram(program.slice(1), '/')
			: await findProgram(program, context.world.env.PATH ?? '');
		return found ? null : { program, problem: 'not on PATH' };
	}
	const found = await followPath(context.world.repository(repoOf(context)), sha, program);
	if (found === null) return { program, problem: 'missing' };
	// The tree can't tell what a link that leaves it names.
	return found === 'outside' || found.mode === '100755' ? null : { program, problem: 'not executable' };
}
