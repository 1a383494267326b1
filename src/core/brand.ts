/** Names that must not be mixed up. A brand is given once, where the raw text was validated. */
declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** `kind:repository`, or a bare kind for the tasks that a train has once (`record`, `notes`). */
export type TaskId = Branded<string, 'TaskId'>;
/** The key of a repository in release_repos.yml. */
export type RepoName = Branded<string, 'RepoName'>;
/** A full object name: 40 (or 64) lower-case hex digits. */
export type Sha = Branded<string, 'Sha'>;

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** True for a full object name; abbreviations are not accepted anywhere. */
export function isSha(text: string): text is Sha {
	return SHA.test(text);
}

/** Gives the brand to a name that its caller has validated. */
export function repoName(text: string): RepoName {
	return text as RepoName;
}

/** The id of a task: `publish:studio-engine`, or `record` when there is no repository. */
export function taskId(kind: string, repo?: RepoName | string | null): TaskId {
	return (repo ? `${kind}:${repo}` : kind) as TaskId;
}

/** Eight digits for people; never used to compare. */
export function shortSha(sha: string): string {
	return sha.slice(0, 8);
}
