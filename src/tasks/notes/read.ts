import type { Config } from '../../config/types.ts';
import { repoName } from '../../core/brand.ts';
import { Unreadable } from '../../core/diagnostic.ts';
import { outputOf } from '../../io/command.ts';
import type { Repository } from '../../io/repository.ts';
import type { MemberRecord, ReleaseRecord } from '../../record/types.ts';
import { membersInOrder } from '../member.ts';
import type { World } from '../world.ts';
import { composeNotes, type Notes, type Pin, type RepoFacts } from './compose.ts';

/**
 * The notes of a release: for each member the commits from main to its frozen SHA without merges, and what
 * its re-pin moves. Both are known before anything ships, so that a plan shows what will be posted.
 * Commits that can't be read are told as such.
 */
export async function readNotes(
	record: ReleaseRecord,
	config: Config,
	world: Pick<World, 'repository'>,
): Promise<Notes> {
	const members = membersInOrder(config, record);
	const repos = await Promise.all(members.map(([repo, member]) => readMember(record, { repo, member }, world)));
	return composeNotes(record.slug, repos);
}

interface Named {
	readonly repo: string;
	readonly member: MemberRecord;
}

async function readMember(
	record: ReleaseRecord,
	{ repo, member }: Named,
	world: Pick<World, 'repository'>,
): Promise<RepoFacts> {
	const repository = world.repository(repoName(repo));
	const { mainAtFreeze: from, frozen, ship, gem } = member;
	const [origin, commits] = await Promise.all([
		nullWhenUnreadable(() => repository.originUrl()),
		nullWhenUnreadable(() => commitsOf(repository, member)),
	]);
	const pins = member.type === 'app' ? pinsOf(record, member) : [];
	return { repo, version: gem?.version ?? null, from, frozen, ship, pins, origin, commits };
}

/** Each gem of the train that the app uses, at the version that this train publishes. */
function pinsOf(record: ReleaseRecord, { uses }: MemberRecord): readonly Pin[] {
	return uses.flatMap(({ gem, repo }) => {
		const version = record.members[repo]?.gem?.version;
		return version === undefined ? [] : [{ gem, version }];
	});
}

async function commitsOf(
	repository: Repository,
	{ mainAtFreeze, frozen }: MemberRecord,
): Promise<NonNullable<RepoFacts['commits']>> {
	// Another machine may have prepared this release: it fetches what is not here yet.
	if (!(await repository.hasCommit(frozen)))
		throw new Unreadable(`${repository.name} at ${frozen}`, 'origin has no such commit');
	const range = ['--end-of-options', `${mainAtFreeze}..${frozen}`];
	const log = await repository.git(['log', '-z', '--no-merges', '--format=%H %s', ...range]);
	const lines = outputOf(log, `git log in ${repository.name}`).split('\0').filter(Boolean);
	return lines.map((line) => {
		const end = line.indexOf(' ');
		return { sha: line.slice(0, end), subject: line.slice(end + 1) };
	});
}

async function nullWhenUnreadable<T>(read: () => Promise<T>): Promise<T | null> {
	try {
		return await read();
	} catch (error) {
		if (error instanceof Unreadable) return null;
		throw error;
	}
}
