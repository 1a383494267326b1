import type { Sha } from '../core/brand.ts';
import { Unreadable } from '../core/diagnostic.ts';
import type { CommandResult } from './command.ts';
import type { Facts } from './facts.ts';
import { yesOrNo } from './git.ts';
import { type GitObject, type ObjectReader, parseTree, type TreeEntry } from './objects.ts';
import { createTurns, type InTurn } from './turns.ts';

/** What commits hold and how they relate: facts that never change, each read once. */
export interface Commits {
	/** Makes sure that a commit is here, fetching when it is not; false when origin has no such commit. */
	hasCommit(sha: Sha): Promise<boolean>;
	/** A file at a commit; null when the tree has none there. Unreadable when there is no such commit. */
	file(sha: Sha, path: string): Promise<Buffer | null>;
	entry(sha: Sha, path: string): Promise<TreeEntry | null>;
	parents(sha: Sha): Promise<CommitHeader>;
	isAncestor(ancestor: Sha, descendant: Sha): Promise<boolean>;
	/** The commit that a ref of the bare repository names now, such as `worktrees/NAME/HEAD`. */
	resolve(ref: string): Promise<Sha | null>;
}

export interface CommitHeader {
	readonly parents: readonly Sha[];
	/** Seconds since 1970. */
	readonly committedAt: number;
}

export interface CommitTools {
	/** For messages. */
	readonly name: string;
	readonly facts: Facts;
	readonly objects: ObjectReader;
	/** The repository exists after this. */
	readonly prepared: () => Promise<void>;
	readonly fetch: () => Promise<void>;
	readonly git: (args: readonly string[]) => Promise<CommandResult>;
}

export function openCommits(tools: CommitTools): Commits {
	const { name, facts, objects } = tools;
	const inTurn = createTurns();
	const hasCommit = async (sha: Sha): Promise<boolean> => {
		const here = await facts.remember(`commit ${sha}`, () => findCommit(sha, tools, inTurn));
		// An absence is true of this moment only; a presence is for good.
		if (!here) facts.forget(`commit ${sha}`);
		return here;
	};
	const objectAt = (sha: Sha, path: string): Promise<GitObject | null> =>
		facts.remember(`object ${sha}:${path}`, async () => {
			await mustHave(sha);
			return objects.read(`${sha}:${path}`);
		});
	const mustHave = async (sha: Sha): Promise<void> => {
		if (!(await hasCommit(sha))) throw new Unreadable(`${name} at ${sha}`, 'origin has no such commit');
	};
	const parents = (sha: Sha): Promise<CommitHeader> =>
		facts.remember(`parents ${sha}`, async () => {
			await mustHave(sha);
			return parseCommit((await objects.read(`${sha}^{commit}`))?.bytes ?? Buffer.alloc(0));
		});
	return {
		hasCommit,
		file: async (sha, path) => {
			const object = await objectAt(sha, path);
			return object?.type === 'blob' ? object.bytes : null;
		},
		entry: async (sha, path) => {
			const cut = path.lastIndexOf('/');
			const folder = await objectAt(sha, cut < 0 ? '' : path.slice(0, cut));
			if (folder?.type !== 'tree') return null;
			return parseTree(folder.bytes, sha.length / 2).find((entry) => entry.name === path.slice(cut + 1)) ?? null;
		},
		parents,
		resolve: async (ref) => ((await objects.read(`${ref}^{commit}`))?.sha as Sha | undefined) ?? null,
		isAncestor: async (ancestor, descendant) => {
			if (ancestor === descendant) return true;
			if (!((await hasCommit(descendant)) && (await hasCommit(ancestor)))) return false;
			return facts.remember(`ancestor ${ancestor} ${descendant}`, async () => {
				if (await isNearAncestor(ancestor, descendant, parents)) return true;
				const result = await tools.git(['merge-base', '--is-ancestor', ancestor, descendant]);
				return yesOrNo(result, `git merge-base in ${name}`);
			});
		},
	};
}

/** `inTurn`: two fetches into one repository would fight over its refs, and the first often brings what the second wants. */
async function findCommit(sha: Sha, { prepared, objects, fetch }: CommitTools, inTurn: InTurn): Promise<boolean> {
	await prepared();
	const isHere = async () => (await objects.read(`${sha}^{commit}`)) !== null;
	if (await isHere()) return true;
	return inTurn(async () => {
		if (await isHere()) return true;
		await fetch();
		return isHere();
	});
}

const NEAR = 64;

/**
 * Looks for an ancestor among the newest commits of a history, which costs no process. Only a yes is
 * an answer: git itself is asked where this walk ends.
 */
async function isNearAncestor(
	ancestor: Sha,
	descendant: Sha,
	parents: (sha: Sha) => Promise<CommitHeader>,
): Promise<boolean> {
	const seen = new Set<Sha>([descendant]);
	for (const sha of seen) {
		if (sha === ancestor) return true;
		if (seen.size > NEAR) return false;
		for (const parent of (await parents(sha)).parents) seen.add(parent);
	}
	return false;
}

/** The header of a raw commit object; the committer line ends in `<seconds> <zone>`. */
function parseCommit(bytes: Buffer): CommitHeader {
	const header = bytes.toString('utf8').split('\n\n', 1)[0] ?? '';
	const parents = [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1] as Sha);
	const committed = /^committer .* (\d+) [+-]\d{4}$/m.exec(header);
	if (!committed) throw new Unreadable('git commit', 'no committer line');
	return { parents, committedAt: Number(committed[1]) };
}
