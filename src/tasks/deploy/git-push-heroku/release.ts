import { type Sha, shortSha } from '../../../core/brand.ts';
import type { HerokuRelease } from '../../../io/heroku.ts';
import type { TargetOf } from '../adapter.ts';

type Target = TargetOf<'git_push_heroku'>;

/** What the platform says of its newest release, and what it ran before where that one is no success. */
export interface SeenRelease {
	readonly newest: HerokuRelease;
	readonly before: HerokuRelease | null;
}

/** What a release means for the commit that should be live. Pure. */
export function judgeRelease({ newest }: SeenRelease, sha: Sha): 'live' | 'pending' | 'failed' | 'other' {
	if (newest.status === 'pending') return 'pending';
	// A commit that the platform does not tell is as good as its word that the release succeeded.
	if (newest.commit !== null && newest.commit !== sha) return 'other';
	return newest.status === 'succeeded' ? 'live' : 'failed';
}

/** How a person goes back. `to` is the release that ran before; without it the platform's own choice. Pure. */
export function rollbackCommand(target: Target, to: HerokuRelease | null): string {
	const where = target.app === null ? `--remote ${target.remote}` : `--app ${target.app}`;
	return `heroku rollback ${to === null ? '' : `v${to.version} `}${where}`;
}

/** `v42 of quay-production failed`. Pure. */
export function releaseWords({ newest }: SeenRelease, target: Target): string {
	const runs = newest.commit === null ? '' : ` (${shortSha(newest.commit)})`;
	return `release v${newest.version} of ${target.app ?? target.remote}${runs}`;
}
