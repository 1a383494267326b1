import { type Sha, shortSha } from '../../core/brand.ts';
import type { Specs } from '../../graph/specs.ts';
import { blocked, type Decision, done, todo } from '../contract.ts';

export type TagChange = {
	readonly type: 'push';
	readonly summary: string;
	readonly ref: string;
	readonly from: null;
	readonly sha: Sha;
};

/** `at`: the commit that the tag stands for on origin, or null. */
export function decideTag(spec: Specs['tag'], at: Sha | null): Decision<TagChange> {
	const { tag, frozen } = frozenTag(spec);
	if (at === frozen) return done(`origin has ${tag} at ${shortSha(frozen)}`, { tag, sha: frozen });
	if (at) {
		return blocked({
			code: 'blocked',
			summary: `${tag} is on origin at ${shortSha(at)}, not at the frozen SHA ${shortSha(frozen)}`,
			hint: 'a tag is never moved: bump the version and prepare again',
		});
	}
	const summary = `tag ${shortSha(frozen)} as ${tag}`;
	return todo(`origin has no ${tag}`, { type: 'push', summary, ref: `refs/tags/${tag}`, from: null, sha: frozen });
}

function frozenTag(spec: Specs['tag']): { tag: string; frozen: Sha } {
	if (!spec.tag || !spec.frozen) throw new Error('a tag task of a graph drawn from the file alone was run');
	return { tag: spec.tag, frozen: spec.frozen };
}
