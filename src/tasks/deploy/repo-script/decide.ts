import type { Argv } from '../../../core/argv.ts';
import { type Sha, shortSha } from '../../../core/brand.ts';
import { type Decision, done, todo } from '../../contract.ts';
import type { Deployment, TargetOf } from '../adapter.ts';

export interface ObservedScript {
	/** What `live_cmd` or `revision_url` says runs; null when the target names neither. */
	readonly live: string | null;
	/** The commit that the record says was deployed by this script. */
	readonly recorded: string | null;
}

export type ScriptChange = {
	readonly type: 'run';
	readonly summary: string;
	readonly command: Argv;
	readonly sha: Sha;
};

/** The app's own word counts where it can be asked, and the record's evidence only where it can't. */
export function decideScript(
	{ target, sha }: Deployment<TargetOf<'repo_script'>>,
	observed: ObservedScript,
): Decision<ScriptChange> {
	const command: Argv = [target.command, ...target.args];
	const change: ScriptChange = { type: 'run', summary: `run ${command.join(' ')} at ${shortSha(sha)}`, command, sha };
	const asked = target.liveCmd !== null || target.revisionUrl !== null;
	if (asked) {
		if (observed.live === sha) return done(`${shortSha(sha)} is live`, { sha });
		return todo(observed.live ? `${shortSha(observed.live)} is live` : 'nothing is live', change);
	}
	if (observed.recorded === sha) return done(`${target.command} deployed ${shortSha(sha)}`, { sha });
	return todo(`${target.command} has not deployed ${shortSha(sha)}`, change);
}
