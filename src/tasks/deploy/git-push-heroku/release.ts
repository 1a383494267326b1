import { type Sha, shortSha } from '../../../core/brand.ts';
import type { HerokuRelease } from '../../../io/heroku.ts';
import type { TargetOf } from '../adapter.ts';

type Target = TargetOf<'git_push_heroku'>;

/** What the platform says of its newest release, and what it ran before where that one is no success. */
export interface SeenRelease {
	readonly newest: HerokuRelease;
	readonly before: HerokuRelease | null;
}

/** What the releases mean for the commit that should be live. Pure. */
export function judgeRelease(seen: SeenRelease, sha: Sha): 'live' | 'pending' | 'failed' | 'other' {
	const { newest } = seen;
	if (newest.status === 'pending') return 'pending';
	const running = runningRelease(seen);
	// A commit that the platform does not tell is as good as its word that the release succeeded.
	if (running && (running.commit === sha || (running === newest && running.commit === null))) return 'live';
	return running !== newest && (newest.commit === null || newest.commit === sha) ? 'failed' : 'other';
}

/** The release that runs: what failed runs nowhere, and the last good one goes on. Pure. */
export function runningRelease({ newest, before }: SeenRelease): HerokuRelease | null {
	return newest.status === 'succeeded' ? newest : before;
}

/** How a person goes back. `to` is the release that ran before; without it the platform's own choice. Pure. */
export function rollbackCommand(target: Target, to: HerokuRelease | null): string {
	const where = target.app === null ? `--remote ${target.remote}` : `--app ${target.app}`;
	return `heroku rollback ${to === null ? '' : `v${to.version} `}${where}`;
}

/** `release v42 of quay-production (1a2b3c4d)`. Pure. */
export function releaseWords({ version, commit }: HerokuRelease, target: Target): string {
	const of = commit === null ? '' : ` (${shortSha(commit)})`;
	return `release v${version} of ${target.app ?? target.remote}${of}`;
}
