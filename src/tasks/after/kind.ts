import type { Specs } from '../../graph/specs.ts';
import { setEvidence } from '../../record/transitions.ts';
import { repoOf, type TaskKind } from '../contract.ts';
import { memberOf } from '../member.ts';
import { commandFailure, runInWorkspace } from '../user-command.ts';
import { type AfterChange, decideAfter, type ObservedAfter } from './decide.ts';

/** `post_deploy_cmd`, once for each ship SHA. */
export const after: TaskKind<Specs['after'], ObservedAfter, AfterChange> = {
	name: 'after',
	probe: async (_spec, context) => {
		const ranFor = memberOf(context)?.evidence.after?.sha;
		return { ship: await context.world.ships.get(repoOf(context)), ranFor: typeof ranFor === 'string' ? ranFor : null };
	},
	decide: decideAfter,
	run: async (change, context) => {
		const { commandMs } = context.config.train.timeouts;
		const command = { key: 'post_deploy_cmd', argv: change.command, sha: change.sha, timeoutMs: commandMs };
		const result = await runInWorkspace(command, context);
		if (result.exitCode !== 0) throw commandFailure(command, result);
		const evidence = { sha: change.sha, at: context.world.now() };
		await context.world.record.update((record) => setEvidence(record, repoOf(context), { kind: 'after', evidence }));
	},
};
