import type { Argv } from '../../../core/argv.ts';
import { type Sha, shortSha } from '../../../core/brand.ts';
import { repoOf, type TaskContext } from '../../contract.ts';
import { commandFailure, runInWorkspace } from '../../user-command.ts';
import type { DeployAdapter, TargetOf } from '../adapter.ts';
import { askCommand, liveSha } from '../live-sha.ts';
import { waitForTarget } from '../smoke.ts';
import { decideKamal, type HostVersion, type KamalChange, kamalArgv } from './decide.ts';
import { parseHosts } from './hosts.ts';

type Target = TargetOf<'kamal'>;

/**
 * Kamal builds the image of the ship SHA in a clean workspace and boots it on the hosts of the repository's
 * own `config/deploy.yml`. It names its versions by commit, so that the hosts themselves say what is live.
 */
export const kamal: DeployAdapter<Target, readonly HostVersion[], KamalChange> = {
	strategy: 'kamal',
	commands: ({ command, liveCmd }) => [command, liveCmd].filter((argv): argv is Argv => argv !== null),
	probe: ({ target, sha }, context) => readHosts(target, sha, context),
	decide: decideKamal,
	run: async (change, { target, sha, purpose }, context) => {
		const { deployMs } = context.config.train.timeouts;
		const env = await context.world.repository(repoOf(context)).exposeRemotes();
		const key = purpose === 'qa' ? 'qa_deploy' : 'prod_deploy';
		const command = { key, argv: change.command, sha: change.sha, timeoutMs: deployMs, env };
		const result = await runInWorkspace(command, context);
		if (result.exitCode !== 0) throw commandFailure(command, result);
		const goBack = change.from && `to go back: ${kamalArgv(target, 'rollback', change.from).join(' ')}`;
		await waitForTarget({ target, sha }, { said: `kamal deployed ${shortSha(sha)}`, goBack }, context);
	},
};

/** What every host runs; `live_cmd` speaks for all of them. */
async function readHosts(target: Target, sha: Sha, context: TaskContext): Promise<readonly HostVersion[]> {
	const { liveCmd } = target;
	if (!liveCmd) return parseHosts(await askCommand(kamalArgv(target, 'app', 'version'), sha, context));
	const version = liveSha(await askCommand(liveCmd, sha, context), liveCmd.join(' '));
	return version === null ? [] : [{ host: liveCmd.join(' '), version }];
}
