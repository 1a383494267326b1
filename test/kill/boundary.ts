/** A point of a run that its journal shows. */
export interface Boundary {
	/** Of the entry: `intent` is written before a task runs, `outcome` after. */
	readonly entry: 'run' | 'intent' | 'outcome' | 'end';
	/** Null for entries without one. */
	readonly task: string | null;
	/** Before the entry is written, in the middle of its line, or when it is on the disk. */
	readonly moment: 'before' | 'torn' | 'after';
	/** What dies: the command with all that it started, or the command alone. */
	readonly victim: 'tree' | 'parent';
}

/** Where the preload of a doomed command finds its boundary. */
export const BOUNDARY_VARIABLE = 'DIE_AT_BOUNDARY';

export function describeBoundary({ entry, task, moment }: Boundary): string {
	const words: Record<string, string> = {
		'intent before': 'before the intent was written',
		'intent torn': 'in the middle of writing the intent',
		'intent after': 'after the intent, before the change',
		'outcome before': 'after the effect, before the outcome was written',
		'outcome torn': 'after the effect, in the middle of writing the outcome',
		'outcome after': 'after the outcome',
	};
	const words2 = words[`${entry} ${moment}`] ?? `${moment === 'torn' ? 'in the middle of' : moment} \`${entry}\``;
	return task === null ? words2 : `${task}: ${words2}`;
}
