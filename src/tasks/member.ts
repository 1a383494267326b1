import type { Sha } from '../core/brand.ts';
import type { MemberRecord } from '../record/types.ts';
import { repoOf, type TaskContext } from './contract.ts';

/** The record's entry for the task's repository; null before it was frozen. */
export function memberOf(context: TaskContext): MemberRecord | null {
	return context.world.record.current().members[repoOf(context)] ?? null;
}

/** The commit that a task works on: QA sees the frozen SHA, production the ship SHA. Null while that is not known. */
export function commitFor(purpose: 'qa' | 'ship', context: TaskContext): Promise<Sha | null> {
	if (purpose === 'ship') return context.world.ships.get(repoOf(context));
	return Promise.resolve(memberOf(context)?.frozen ?? null);
}
