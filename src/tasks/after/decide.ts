import type { Argv } from '../../core/argv.ts';
import { type Sha, shortSha } from '../../core/brand.ts';
import type { Specs } from '../../graph/specs.ts';
import { type Decision, done, todo, waits } from '../contract.ts';

export interface ObservedAfter {
	readonly ship: Sha | null;
	/** The commit that the record says it ran for. */
	readonly ranFor: string | null;
}

export type AfterChange = { readonly type: 'run'; readonly summary: string; readonly command: Argv; readonly sha: Sha };

/** Only the record can tell whether `post_deploy_cmd` ran for this commit. */
export function decideAfter(spec: Specs['after'], { ship, ranFor }: ObservedAfter): Decision<AfterChange> {
	if (!ship) return waits(`${spec.command.join(' ')} runs on the commit that the re-pin makes`);
	if (ranFor === ship) return done(`ran for ${shortSha(ship)}`, { sha: ship });
	const summary = `run ${spec.command.join(' ')} at ${shortSha(ship)}`;
	return todo(`has not run for ${shortSha(ship)}`, { type: 'run', summary, command: spec.command, sha: ship });
}
