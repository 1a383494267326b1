import { join } from 'node:path';
import { listFiles, readBytesIfExists } from '../io/files.ts';
import { journalPath, readJournal } from './journal.ts';

/** The run that began a saved plan. */
export interface PlanUse {
	readonly run: string;
	readonly at: string;
	/** `done`, `failed`, `cancelled`; null when it was cut off. */
	readonly outcome: string | null;
}

/**
 * Finds the run that began a plan, or null. A journal names its plan in its first entry, which is on
 * the disk before anything happens: a run that was killed earlier has begun nothing, and one that was
 * killed later is found. `state` is the folder `.slipway`. Throws Unreadable, Refusal `bad-record`.
 */
export async function findPlanUse(state: string, digest: string): Promise<PlanUse | null> {
	for (const run of await listFiles(join(state, 'runs'))) {
		// Cheap, and a damaged journal of some other run is no obstacle.
		const bytes = await readBytesIfExists(journalPath(state, run));
		if (!bytes?.includes(digest)) continue;
		const { entries } = await readJournal(state, run);
		const [first] = entries;
		if (first?.data.plan !== digest) continue;
		const end = entries.find((entry) => entry.type === 'end');
		return { run, at: first.at, outcome: typeof end?.data.outcome === 'string' ? end.data.outcome : null };
	}
	return null;
}
