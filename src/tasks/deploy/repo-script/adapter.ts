import { isSha, type Sha } from '../../../core/brand.ts';
import { Unreadable } from '../../../core/diagnostic.ts';
import { outputOf } from '../../../io/command.ts';
import { setEvidence } from '../../../record/transitions.ts';
import { repoOf, type TaskContext } from '../../contract.ts';
import { memberOf } from '../../member.ts';
import { pollUntil } from '../../smoke/answer.ts';
import { commandFailure, runInWorkspace } from '../../user-command.ts';
import type { DeployAdapter, TargetOf } from '../adapter.ts';
import { decideScript, type ObservedScript, type ScriptChange } from './decide.ts';

type Target = TargetOf<'repo_script'>;

/** The repository's own script, in a clean workspace at the ship SHA; it owns its smoke and its rollback. */
export const repoScript: DeployAdapter<Target, ObservedScript, ScriptChange> = {
	strategy: 'repo_script',
	probe: async (target, sha, context) => {
		const recorded = memberOf(context)?.evidence.deploy?.sha;
		return { live: await readLiveSha(target, sha, context), recorded: typeof recorded === 'string' ? recorded : null };
	},
	decide: decideScript,
	run: async (change, target, context) => {
		const repo = repoOf(context);
		const { deployMs, smokeMs } = context.config.train.timeouts;
		const env = await context.world.repository(repo).exposeRemotes();
		const command = { key: 'prod_deploy.command', argv: change.command, sha: change.sha, timeoutMs: deployMs, env };
		const result = await runInWorkspace(command, context);
		if (result.exitCode !== 0) throw commandFailure(command, result);
		const evidence = { sha: change.sha, at: context.world.now() };
		await context.world.record.update((record) => setEvidence(record, repo, { kind: 'deploy', evidence }));
		if (!target.liveCmd && !target.revisionUrl) return;
		const read = () => {
			context.world.readings.forget(livePlace(context));
			return readLiveSha(target, change.sha, context);
		};
		await pollUntil(read, (live) => live === change.sha, { timeoutMs: smokeMs, signal: context.signal });
	},
};

/** What the app says is live; asked once by all that want to know it at a moment. */
function readLiveSha(target: Target, sha: Sha, context: TaskContext): Promise<string | null> {
	return context.world.readings.read(livePlace(context), 'sha', async () => {
		if (target.liveCmd) return runLiveCmd(target.liveCmd, sha, context);
		if (target.revisionUrl) return fetchRevision(target.revisionUrl, context);
		return null;
	});
}

function livePlace(context: TaskContext): string {
	return `what is live of ${repoOf(context)}`;
}

async function runLiveCmd(
	argv: NonNullable<Target['liveCmd']>,
	sha: Sha,
	context: TaskContext,
): Promise<string | null> {
	const quiet = { ...context, output: () => undefined };
	const { probeMs } = context.config.train.timeouts;
	const result = await runInWorkspace({ key: 'live_cmd', argv, sha, timeoutMs: probeMs, tree: 'any' }, quiet);
	return liveSha(outputOf(result, argv.join(' ')), argv.join(' '));
}

async function fetchRevision(url: string, context: TaskContext): Promise<string | null> {
	const { timeouts, retries } = context.config.train;
	const { status, body } = await context.world.fetchText(url, {
		timeoutMs: timeouts.probeMs,
		retries: retries.probe,
		signal: context.signal,
	});
	if (status === 404) return null;
	if (status !== 200) throw new Unreadable(url, `answers ${status}`);
	return liveSha(body, url);
}

/** Nothing printed means that nothing is live; anything else must be a full object name. */
function liveSha(text: string, from: string): string | null {
	const said = text.trim();
	if (said === '') return null;
	if (!isSha(said)) throw new Unreadable(from, `not a full SHA: ${said.slice(0, 80)}`);
	return said;
}
