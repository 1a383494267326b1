/** The kinds of task of a train that have one task for each repository, and which repositories those are. */
export const REPO_KINDS: ReadonlyMap<string, 'gem' | 'app' | 'any'> = new Map([
	['preflight', 'any'],
	['publish', 'gem'],
	['tag', 'gem'],
	['promote', 'any'],
	['repin', 'app'],
	['gate', 'app'],
	['deploy', 'app'],
	['smoke', 'app'],
	['after', 'app'],
]);

/** The tasks that a train has once (2-train.md §4). */
export const TRAIN_WIDE: ReadonlySet<string> = new Set(['record', 'notes']);
