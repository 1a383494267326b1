/** What a commit is to the reader of release notes. */
export type CommitKind = 'breaking' | 'feature' | 'fix' | 'speed' | 'revert' | 'change' | 'upkeep';

export interface CommitSubject {
	readonly kind: CommitKind;
	/** `ui` of `feat(ui): …`. */
	readonly scope: string | null;
	/** The subject without what kind and scope were read from. */
	readonly text: string;
}

/** The types of Conventional Commits 1.0.0, and those of the Angular convention that it names. */
const KINDS: ReadonlyMap<string, CommitKind> = new Map([
	['feat', 'feature'],
	['feature', 'feature'],
	['fix', 'fix'],
	['bugfix', 'fix'],
	['perf', 'speed'],
	['revert', 'revert'],
	...['build', 'chore', 'ci', 'docs', 'refactor', 'style', 'test', 'tests'].map((type) => [type, 'upkeep'] as const),
]);

const CONVENTIONAL = /^([A-Za-z]+)(?:\(([^()\r\n]{1,60})\))?(!)?:\s+(\S.*)$/;
const GIT_REVERT = /^Revert "(.+)"$/;

/** Reads the first line of a commit's message; one that follows no convention is a plain change. Pure. */
export function readSubject(subject: string): CommitSubject {
	const reverted = GIT_REVERT.exec(subject)?.[1];
	if (reverted !== undefined) return { kind: 'revert', scope: null, text: reverted };
	const [, type = '', scope = null, breaking, text = ''] = CONVENTIONAL.exec(subject) ?? [];
	const kind = KINDS.get(type.toLowerCase());
	if (kind === undefined) return { kind: 'change', scope: null, text: subject };
	return { kind: breaking ? 'breaking' : kind, scope, text };
}
