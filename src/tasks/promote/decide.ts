import { type Sha, shortSha } from '../../core/brand.ts';
import type { Specs } from '../../graph/specs.ts';
import { blocked, type Decision, done, todo, waits } from '../contract.ts';

export interface ObservedMain {
	/** Null while only the re-pin can tell. */
	readonly ship: Sha | null;
	readonly main: Sha | null;
	readonly mainContainsShip: boolean;
	readonly shipContainsMain: boolean;
}

export type PromoteChange = {
	readonly type: 'push';
	readonly summary: string;
	readonly ref: string;
	readonly from: Sha;
	readonly sha: Sha;
};

/** `main` moves forward to the ship SHA, or is already past it; it never moves any other way. */
export function decidePromote(spec: Specs['promote'], observed: ObservedMain): Decision<PromoteChange> {
	const { ship, main } = observed;
	if (!main)
		return blocked({
			code: 'blocked',
			summary: `origin has no ${spec.branch}`,
			hint: 'name the right branch as train.main_branch',
		});
	if (!ship) return waits(`${spec.branch} moves to the commit that the re-pin makes`);
	if (observed.mainContainsShip) return done(`origin ${spec.branch} contains ${shortSha(ship)}`, { sha: ship, main });
	if (!observed.shipContainsMain) {
		return blocked({
			code: 'blocked',
			summary: `${spec.branch} (${shortSha(main)}) can't fast-forward to ${shortSha(ship)}`,
			hint: 'something was merged to it after `slipway prepare`: prepare again, so that QA sees both',
		});
	}
	const summary = `fast-forward ${spec.branch} to ${shortSha(ship)}`;
	const ref = `refs/heads/${spec.branch}`;
	return todo(`origin ${spec.branch} is at ${shortSha(main)}`, { type: 'push', summary, ref, from: main, sha: ship });
}
