import { clean } from '../../core/clean.ts';
import { redact } from '../../core/redact.ts';
import { commitPage, comparePage, webHostOf } from '../../core/web-host.ts';
import { type CommitKind, type CommitSubject, readSubject } from './commit.ts';

/** What one release brought, for every form in which it is told. */
export interface Notes {
	readonly train: string;
	/** In the order in which they are told. */
	readonly repos: readonly RepoNotes[];
}

export interface RepoNotes {
	readonly repo: string;
	/** `0.2.0`, for a gem. */
	readonly version: string | null;
	/** Where main stood, and what QA approved: the commits between them are told. */
	readonly from: string;
	readonly frozen: string;
	/** What is live: the frozen commit, or the re-pin on top of it; null before that is known. */
	readonly ship: string | null;
	/** The page of what is new, where the origin's host has such pages. */
	readonly url: string | null;
	/** What the re-pin moved. */
	readonly pins: readonly Pin[];
	/** The newest first; null when they could not be read. */
	readonly commits: readonly Commit[] | null;
}

export interface Pin {
	readonly gem: string;
	readonly version: string;
}

export interface Commit extends CommitSubject {
	readonly sha: string;
	readonly url: string | null;
}

/** One repository as it was read. */
export interface RepoFacts extends Pick<RepoNotes, 'repo' | 'version' | 'from' | 'frozen' | 'ship' | 'pins'> {
	/** The address of its origin; null when nobody knows it. */
	readonly origin: string | null;
	readonly commits: readonly { readonly sha: string; readonly subject: string }[] | null;
}

/** Takes what was read; gives notes whose texts are safe to show. Merges are left out by the reader. Pure. */
export function composeNotes(train: string, repos: readonly RepoFacts[]): Notes {
	return { train, repos: repos.map(composeRepo) };
}

function composeRepo({ origin, commits, ...facts }: RepoFacts): RepoNotes {
	const web = origin === null ? null : webHostOf(origin);
	const url = web && comparePage(web, facts.from, facts.frozen);
	const told = commits
		?.filter(({ subject }) => !isRepin(subject, facts.pins))
		.map(({ sha, subject }) => ({ sha, ...readSubject(plainLine(subject)), url: web && commitPage(web, sha) }));
	return { ...facts, url, commits: told ?? null };
}

/** A re-pin of an earlier attempt at this train, which the line about its pins tells already. */
function isRepin(subject: string, pins: readonly Pin[]): boolean {
	const pinned = /^Pin (.+)$/.exec(subject)?.[1]?.split(', ') ?? [];
	const ours = new Set(pins.map(({ gem, version }) => `${gem} ${version}`));
	return pinned.length > 0 && pinned.every((pin) => ours.has(pin));
}

/** Anyone may have written a subject: nothing in it may steer a terminal, and no token in it goes out. */
function plainLine(subject: string): string {
	return redact(clean(subject)).replace(/\s+/g, ' ').trim();
}

/** Headings in the order in which they matter to a reader. */
const HEADINGS: readonly (readonly [CommitKind, string])[] = [
	['breaking', 'Breaking changes'],
	['feature', 'Features'],
	['fix', 'Fixes'],
	['speed', 'Performance'],
	['revert', 'Reverts'],
	['change', 'Changes'],
	['upkeep', 'Upkeep'],
];

export interface CommitGroup {
	/** Null when nothing has to be told apart. */
	readonly heading: string | null;
	readonly commits: readonly Commit[];
}

/** Commits by kind; those that follow no convention alone need no heading. Pure. */
export function groupCommits(commits: readonly Commit[]): readonly CommitGroup[] {
	const groups = HEADINGS.map(([kind, heading]) => ({
		heading,
		commits: commits.filter((commit) => commit.kind === kind),
	})).filter((group) => group.commits.length > 0);
	const isPlain = groups.length === 1 && groups[0]?.commits[0]?.kind === 'change';
	return isPlain ? [{ heading: null, commits }] : groups;
}
