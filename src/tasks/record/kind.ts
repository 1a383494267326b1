import { repoName, type Sha, shortSha } from '../../core/brand.ts';
import { readableTime } from '../../core/moment.ts';
import type { Specs } from '../../graph/specs.ts';
import { markShipped, setShip } from '../../record/transitions.ts';
import type { RecordResult, ReleaseRecord } from '../../record/types.ts';
import { blocked, type Decision, done, type TaskKind, todo } from '../contract.ts';

type FlipChange = { readonly type: 'flip'; readonly summary: string; readonly slug: string; readonly to: 'shipped' };

/** The record flips last, in one step (1-product.md, principle 8). */
export const record: TaskKind<Specs['record'], ReleaseRecord, FlipChange> = {
	name: 'record',
	probe: async (_spec, context) => context.world.record.current(),
	decide: decideFlip,
	run: async (_change, context) => {
		const { now, by, ships } = context.world;
		const repos = Object.keys(context.world.record.current().members);
		const shas = await Promise.all(repos.map((repo) => ships.get(repoName(repo))));
		await context.world.record.update((current) => flip(current, { repos, shas, at: now(), by }));
	},
};

export function decideFlip(spec: Specs['record'], current: ReleaseRecord): Decision<FlipChange> {
	if (current.slug !== spec.slug) {
		return blocked({
			code: 'record-state',
			summary: `the active record is ${current.slug}, not ${spec.slug}`,
			hint: 'run `slipway status`',
		});
	}
	if (current.state === 'shipped') return done(`${spec.slug} ${shippedSince(current)}`, shipped(current));
	return todo(`${spec.slug} is ${current.state}`, {
		type: 'flip',
		summary: 'flip the record to shipped',
		slug: spec.slug,
		to: 'shipped',
	});
}

function shippedSince({ shippedAt }: ReleaseRecord): string {
	return shippedAt === null ? 'is shipped' : `was shipped at ${readableTime(shippedAt)}`;
}

interface Shipped {
	readonly repos: readonly string[];
	readonly shas: readonly (Sha | null)[];
	readonly at: string;
	readonly by: string;
}

/** Ship SHAs and state in one write: a record is never half shipped. */
function flip(current: ReleaseRecord, { repos, shas, at, by }: Shipped): RecordResult {
	let record = current;
	for (const [i, repo] of repos.entries()) {
		const sha = shas[i];
		const result = sha ? setShip(record, repo, sha) : null;
		if (result && !result.ok) return result;
		if (result) record = result.record;
	}
	return markShipped(record, { at, by });
}

function shipped(current: ReleaseRecord): Record<string, string> {
	return Object.fromEntries(
		Object.entries(current.members).map(([repo, member]) => [repo, shortSha(member.ship ?? member.frozen)]),
	);
}
