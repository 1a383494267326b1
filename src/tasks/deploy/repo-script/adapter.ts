import type { Argv } from '../../../core/argv.ts';
import type { Sha } from '../../../core/brand.ts';
import { Unreadable } from '../../../core/diagnostic.ts';
import { repoOf, type TaskContext } from '../../contract.ts';
import { pollUntil } from '../../smoke/answer.ts';
import { commandFailure, runInWorkspace } from '../../user-command.ts';
import type { DeployAdapter, TargetOf } from '../adapter.ts';
import { recordDeploy, recordedDeploy } from '../evidence.ts';
import { askCommand, liveSha } from '../live-sha.ts';
import { decideScript, type ObservedScript, type ScriptChange } from './decide.ts';

type Target = TargetOf<'repo_script'>;

/** The repository's own script, in a clean workspace at the ship SHA; it owns its smoke and its rollback. */
export const repoScript: DeployAdapter<Target, ObservedScript, ScriptChange> = {
	strategy: 'repo_script',
	commands: ({ command, args, liveCmd }) => [[command, ...args], liveCmd].filter((argv): argv is Argv => argv !== null),
	probe: async ({ target, sha, purpose }, context) => {
		const recorded = recordedDeploy(purpose, context)?.sha;
		return { live: await readLiveSha(target, sha, context), recorded: typeof recorded === 'string' ? recorded : null };
	},
	decide: decideScript,
	run: async (change, { target, purpose }, context) => {
		const { deployMs, smokeMs } = context.config.train.timeouts;
		const env = await context.world.repository(repoOf(context)).exposeRemotes();
		const key = purpose === 'qa' ? 'qa_deploy.command' : 'prod_deploy.command';
		const command = { key, argv: change.command, sha: change.sha, timeoutMs: deployMs, env };
		const result = await runInWorkspace(command, context);
		if (result.exitCode !== 0) throw commandFailure(command, result);
		await recordDeploy(purpose, { sha: change.sha, at: context.world.now() }, context);
		if (!target.liveCmd && !target.revisionUrl) return;
		const read = () => {
			context.world.readings.forget(livePlace(target, context));
			return readLiveSha(target, change.sha, context);
		};
		await pollUntil(read, (live) => live === change.sha, { timeoutMs: smokeMs, signal: context.signal });
	},
};

/** What the app says is live; asked once by all that want to know it at a moment. */
function readLiveSha(target: Target, sha: Sha, context: TaskContext): Promise<string | null> {
	return context.world.readings.read(livePlace(target, context), 'sha', async () => {
		if (target.liveCmd) return liveSha(await askCommand(target.liveCmd, sha, context), target.liveCmd.join(' '));
		if (target.revisionUrl) return fetchRevision(target.revisionUrl, context);
		return null;
	});
}

/** QA and production of one app are two places. */
function livePlace({ liveCmd, revisionUrl }: Target, context: TaskContext): string {
	return `what is live of ${repoOf(context)} by ${liveCmd?.join(' ') ?? revisionUrl}`;
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
