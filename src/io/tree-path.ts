import type { Sha } from '../core/brand.ts';
import type { Commits } from './commits.ts';
import type { TreeEntry } from './objects.ts';

const LINK = '120000';
/** As many as Linux follows before it calls them a loop. */
const MOST_LINKS = 40;

/**
 * What a path leads to in the tree of a commit, symbolic links followed, those of folders too. Null when
 * it leads to nothing; `outside` when a link leaves the tree, which then can't tell.
 */
export async function followPath(
	commits: Pick<Commits, 'entry' | 'file'>,
	sha: Sha,
	path: string,
): Promise<TreeEntry | 'outside' | null> {
	const ahead = segmentsOf(path);
	const behind: string[] = [];
	let links = 0;
	for (let name = ahead.shift(); name !== undefined; name = ahead.shift()) {
		if (name === '..') {
			if (behind.pop() === undefined) return 'outside';
			continue;
		}
		const here = [...behind, name].join('/');
		const entry = await commits.entry(sha, here);
		if (entry?.mode === LINK && links < MOST_LINKS) {
			links += 1;
			const target = (await commits.file(sha, here))?.toString('utf8') ?? '';
			if (target.startsWith('/')) return 'outside';
			ahead.unshift(...segmentsOf(target));
			continue;
		}
		if (entry === null || ahead.length === 0) return entry?.mode === LINK ? null : entry;
		behind.push(name);
	}
	return null;
}

function segmentsOf(path: string): string[] {
	return path.split('/').filter((name) => name !== '' && name !== '.');
}
