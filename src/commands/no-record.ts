import { newRecord } from '../record/transitions.ts';
import type { RecordHandle } from '../tasks/world.ts';

/** For commands that look at the world where there is no release, or before one: nothing may be written. */
export function noRecord(command: string, by: string): RecordHandle {
	const empty = newRecord({ slug: command, by, at: new Date().toISOString() });
	return {
		current: () => empty,
		update: () => {
			throw new Error(`${command} has no record to write`);
		},
	};
}
