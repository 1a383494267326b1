import type { Argv } from '../../core/argv.ts';
import type { Sha } from '../../core/brand.ts';
import type { Specs } from '../../graph/specs.ts';
import { lastWords } from '../../io/command.ts';
import { repoOf, type TaskContext, type TaskKind, TaskFailure } from '../contract.ts';
import { memberOf } from '../member.ts';
import { pollUntil } from '../smoke/answer.ts';
import { commandFailure, runInWorkspace } from '../user-command.ts';
import type { Build } from '../world.ts';
import { decidePublish, type ObservedRelease, type PublishChange } from './decide.ts';
import { readLive } from './live.ts';

/** The gem registry serves this exact version, built from the frozen SHA. */
export const publish: TaskKind<Specs['publish'], ObservedRelease, PublishChange> = {
	name: 'publish',
	probe: async (spec, context) => {
		const built = await buildOf(spec, context);
		return { built: { file: built.file, sha256: built.sha256 }, live: await readLive(spec, built, context) };
	},
	decide: decidePublish,
	run: async (change, context) => {
		if (change.releaseCheck) await check(change.releaseCheck, change.sha, context);
		await push(change, await context.world.builds.made(repoOf(context), change.sha), context);
	},
};

async function check(argv: Argv, sha: Sha, context: TaskContext): Promise<void> {
	const command = { key: 'release_check', argv, sha, timeoutMs: context.config.train.timeouts.commandMs };
	const result = await runInWorkspace(command, context);
	if (result.exitCode !== 0) throw commandFailure(command, result);
}

function buildOf(spec: Specs['publish'], context: TaskContext): Promise<Build> {
	const sha = spec.frozen as Sha;
	return context.world.builds.of(repoOf(context), spec, { sha, known: memberOf(context)?.gem ?? null });
}

/** A refused push is no verdict: whether the gem is live is what the registry says afterwards. */
async function push(change: PublishChange, built: Build, context: TaskContext): Promise<void> {
	const { world } = context;
	const { commandMs, indexMs } = context.config.train.timeouts;
	const options = { timeoutMs: commandMs, signal: context.signal, onLine: context.output };
	const result = await world.gemTool.push(built.path, change.registry, options);
	world.readings.forget(change.registry);
	const isServed = async () => {
		const { versions } = await world.registry(change.registry).fetchIndexed(change.gem);
		return versions.some((entry) => entry.version === built.version && entry.platform === built.platform);
	};
	const patience = result.exitCode === 0 ? indexMs : 0;
	const served = await pollUntil(isServed, (yes) => yes, { timeoutMs: patience, signal: context.signal });
	world.readings.forget(change.registry);
	if (served) return;
	const refused = result.exitCode !== 0;
	throw new TaskFailure(
		{
			code: refused ? 'publish-refused' : 'not-proven',
			summary: refused
				? `${change.registry} did not take ${built.file}`
				: `${built.file} was pushed, and the index that Bundler reads does not list it after ${indexMs / 1000} s`,
			seen: lastWords(result),
		},
		result,
	);
}
