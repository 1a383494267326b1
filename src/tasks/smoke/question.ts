import type { RevisionPlace, SmokePage } from '../../config/types.ts';
import type { Sha } from '../../core/brand.ts';

/** What an app is asked, and what it must say to be up. Data, so that a plan can hold it. */
export type Question = {
	readonly url: string;
	readonly status: number;
	/** Text that the page holds. */
	readonly body: string | null;
	/** Where the app names its commit, and which one it must be. */
	readonly revision: { readonly place: RevisionPlace; readonly sha: Sha } | null;
};

/** A running app, as a deploy target or the spec of a smoke names it. */
export interface Asked {
	/** Without the page's path. */
	readonly url: string;
	/** Null: `/up` answers 200. */
	readonly page: SmokePage | null;
}

const UP: SmokePage = { path: '/up', status: 200, body: null, revision: null };

/**
 * The question that tells whether an app runs `sha`, as far as its page says so. Null when the page does say
 * so and the commit is not known yet. Pure.
 */
export function questionOf({ url, page }: Asked, sha: Sha | null): Question | null {
	const { path, status, body, revision: place } = page ?? UP;
	const question = { url: `${url.replace(/\/+$/, '')}${path}`, status, body };
	if (place === null) return { ...question, revision: null };
	return sha && { ...question, revision: { place, sha } };
}

/** The same for a target that is deployed to; null also when it has no smoke_url. Pure. */
export function questionOfTarget(
	target: { readonly smokeUrl: string | null; readonly smoke?: SmokePage },
	sha: Sha,
): Question | null {
	return target.smokeUrl === null ? null : questionOf({ url: target.smokeUrl, page: target.smoke ?? null }, sha);
}
