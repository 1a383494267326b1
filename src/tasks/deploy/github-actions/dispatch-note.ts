import type { JsonObject } from '../../../core/json.ts';
import type { WorkflowRun } from '../../../io/github-answers.ts';
import type { Deployment, TargetOf } from '../adapter.ts';

/**
 * What the record holds of a dispatch. It is written before the dispatch is sent, so that whoever comes
 * after a kill knows that there may be a run, and by what to know it.
 */
export interface DispatchNote {
	/** Told to the workflow where its inputs ask for it; a run whose title holds it is ours. */
	readonly word: string;
	/** The newest dispatched run of the workflow before ours; `0` when there was none. */
	readonly after: string;
	/** Whether an input named the commit; a run that was told none deploys the head of its ref. */
	readonly told: boolean;
	/** When it was sent, ISO 8601. */
	readonly at: string;
	/** Our run, once it is known. */
	readonly run: string | null;
}

type Dispatched = Deployment<TargetOf<'github_actions'>>;

/** The note as evidence. Its SHA is under a name of its own: a commit that was dispatched is not yet one that is live. */
export function noteEvidence({ target, sha }: Dispatched, note: DispatchNote): JsonObject {
	return { dispatched: sha, workflow: target.workflow, ref: target.ref, ...note };
}

/** The evidence of a dispatch that GitHub refused: there is no run to look for. */
export function refusedEvidence(deployment: Dispatched, note: DispatchNote): JsonObject {
	return { ...noteEvidence(deployment, note), refused: true };
}

/** The note of this very commit and workflow; null for any other evidence, and for a refused dispatch. Pure. */
export function readNote({ target, sha }: Dispatched, evidence: JsonObject | null): DispatchNote | null {
	if (evidence?.dispatched !== sha || evidence.workflow !== target.workflow || evidence.refused === true) return null;
	const { word, after, told, at, run } = evidence;
	if (typeof word !== 'string' || typeof after !== 'string' || typeof at !== 'string') return null;
	return /^\d+$/.test(after)
		? { word, after, told: told === true, at, run: typeof run === 'string' ? run : null }
		: null;
}

/**
 * Our run among those that GitHub lists: the one whose title holds our word; else, of those that are
 * younger than the note and on our ref, the first, and one at the ship SHA before any other. Pure.
 */
export function findOurRun(
	{ target, sha }: Dispatched,
	note: Pick<DispatchNote, 'word' | 'after'>,
	runs: readonly WorkflowRun[],
): WorkflowRun | null {
	const oldestFirst = runs
		.filter(({ id }) => BigInt(id) > BigInt(note.after))
		.sort((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1));
	const named = oldestFirst.find(({ title }) => title.includes(note.word));
	if (named) return named;
	const onRef = oldestFirst.filter(({ branch }) => branch === target.ref);
	return onRef.find(({ headSha }) => headSha === sha) ?? onRef[0] ?? null;
}
