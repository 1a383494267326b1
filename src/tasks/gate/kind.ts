import type { Specs } from '../../graph/specs.ts';
import { addVerdict } from '../../record/transitions.ts';
import { repoOf, type TaskKind } from '../contract.ts';
import { commitFor, memberOf } from '../member.ts';
import { commandFailure, runInWorkspace } from '../user-command.ts';
import { decideGate, type GateChange, type ObservedVerdicts } from './decide.ts';

const RED =
	'run the same command again if it was chance; else fix it on the release branch and run `slipway prepare` again';

/** The app's own tests, in a workspace at the commit that is to go live (or, for QA, the frozen one). */
export const gate: TaskKind<Specs['gate'], ObservedVerdicts, GateChange> = {
	name: 'gate',
	probe: async (spec, context) => ({
		sha: await commitFor(spec.purpose, context),
		verdicts: memberOf(context)?.verdicts ?? [],
	}),
	decide: decideGate,
	run: async (change, context) => {
		const command = {
			key: change.purpose === 'qa' ? 'qa_test_cmd' : 'test_cmd',
			argv: change.command,
			sha: change.sha,
			timeoutMs: context.config.train.timeouts.commandMs,
		};
		const result = await runInWorkspace(command, context);
		const ok = result.exitCode === 0;
		const verdict = { purpose: change.purpose, sha: change.sha, cmd: change.command, ok, at: context.world.now() };
		await context.world.record.update((record) => addVerdict(record, repoOf(context), verdict));
		if (!ok) throw commandFailure(command, result, RED);
	},
};
