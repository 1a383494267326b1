import type { Argv } from '../../core/argv.ts';
import type { Sha } from '../../core/brand.ts';
import type { Specs } from '../../graph/specs.ts';
import { repoOf, type TaskContext, type TaskKind } from '../contract.ts';
import { memberOf } from '../member.ts';
import { commandFailure, runInWorkspace } from '../user-command.ts';
import type { Build } from '../world.ts';
import { decidePublish, type ObservedRelease, type PublishChange } from './decide.ts';
import { readLive } from './live.ts';
import { pushUntilListed, waitUntilListed } from './push.ts';

/** The gem registry serves this exact version, built from the frozen SHA. */
export const publish: TaskKind<Specs['publish'], ObservedRelease, PublishChange> = {
	name: 'publish',
	probe: async (spec, context) => {
		const built = await buildOf(spec, context);
		return { built: { file: built.file, sha256: built.sha256 }, live: await readLive(spec, built, context) };
	},
	decide: decidePublish,
	run: async (change, context) => {
		const built = await context.world.builds.made(repoOf(context), change.sha);
		if (change.held) return waitUntilListed(change, built, context);
		if (change.releaseCheck) await check(change.releaseCheck, change.sha, context);
		await pushUntilListed(change, built, context);
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
