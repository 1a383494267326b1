import type { Sha } from '../core/brand.ts';
import type { Commits } from './commits.ts';
import type { TreeEntry } from './objects.ts';

const LINK = '120000';
/** As many as Linux follows before it calls them a loop. */
const MOST_LINKS = 40;

/**
 * What a path leads to in the tree of a commit, symbolic links followed, those of folders too. Null when
 * it leads to nothing; `outside` when it leaves the tree, which then can't tell.
 */
export async function followPath(
	commits: Pick<Commits, 'entry' | 'file'>,
	sha: Sha,
	path: string,
): Promise<TreeEntry | 'outside' | null> {
	let at = path;
	for (let links = 0; links <= MOST_LINKS; links += 1) {
		const segments = normalised(at);
		if (segments === null) return 'outside';
		const met = await firstLinkOrEnd(commits, sha, segments);
		if (met?.entry.mode !== LINK) return met?.entry ?? null;
		const target = (await commits.file(sha, met.path))?.toString('utf8') ?? '';
		if (target.startsWith('/')) return 'outside';
		at = [...segments.slice(0, met.depth - 1), target, ...segments.slice(met.depth)].join('/');
	}
	return null;
}

interface Met {
	readonly entry: TreeEntry;
	readonly path: string;
	/** How many segments of the path lead there. */
	readonly depth: number;
}

/** Walks down to the first link on the way, or to what the whole path names; null where it names nothing. */
async function firstLinkOrEnd(
	commits: Pick<Commits, 'entry'>,
	sha: Sha,
	segments: readonly string[],
): Promise<Met | null> {
	for (let depth = 1; depth <= segments.length; depth += 1) {
		const path = segments.slice(0, depth).join('/');
		const entry = await commits.entry(sha, path);
		if (entry === null) return null;
		if (entry.mode === LINK || depth === segments.length) return { entry, path, depth };
	}
	return null;
}

/** Without `.` and `..`; null when it leaves the tree. By name alone: `link/..` is taken for where the link lies. */
function normalised(path: string): string[] | null {
	const segments: string[] = [];
	for (const name of path.split('/').filter((part) => part !== '' && part !== '.')) {
		if (name !== '..') segments.push(name);
		else if (segments.pop() === undefined) return null;
	}
	return segments;
}
