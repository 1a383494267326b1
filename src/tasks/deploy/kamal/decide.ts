import type { Argv } from '../../../core/argv.ts';
import { type Sha, shortSha } from '../../../core/brand.ts';
import { type Decision, done, todo } from '../../contract.ts';
import type { Deployment, TargetOf } from '../adapter.ts';

type Target = TargetOf<'kamal'>;

export interface HostVersion {
	readonly host: string;
	/** What the newest container of the host is named by; null when none runs. */
	readonly version: string | null;
}

export type KamalChange = {
	readonly type: 'run';
	readonly summary: string;
	readonly command: Argv;
	readonly sha: Sha;
	/** What ran before, as far as one host can tell; null for a first deploy. */
	readonly from: string | null;
};

/** `kamal deploy --version SHA`, and `kamal app version`, for the destination of the target. */
export function kamalArgv({ command, destination }: Target, ...subcommand: readonly string[]): Argv {
	return [...command, ...subcommand, ...(destination === null ? [] : ['--destination', destination])];
}

/** Live is a version that every host runs: Kamal goes from host to host, and may have stopped half-way. */
export function decideKamal({ target, sha }: Deployment<Target>, hosts: readonly HostVersion[]): Decision<KamalChange> {
	const others = hosts.filter(({ version }) => version !== sha);
	if (hosts.length > 0 && others.length === 0) {
		return done(`${shortSha(sha)} runs on ${hosts.map(({ host }) => host).join(', ')}`, { sha });
	}
	const command = kamalArgv(target, 'deploy', '--version', sha);
	const reason = hosts.length === 0 ? 'nothing is live' : others.map(runs).join(', ');
	const from = others.find(({ version }) => version !== null)?.version ?? null;
	return todo(reason, { type: 'run', summary: `run ${command.join(' ')}`, command, sha, from });
}

function runs({ host, version }: HostVersion): string {
	return version === null ? `${host} runs nothing` : `${host} runs ${shortSha(version)}`;
}
