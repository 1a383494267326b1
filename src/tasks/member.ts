import type { Config } from '../config/types.ts';
import type { Sha } from '../core/brand.ts';
import type { MemberRecord, ReleaseRecord } from '../record/types.ts';
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

/** The members of a record in the order of the file, which is the order people know. */
export function membersInOrder(config: Config, record: ReleaseRecord): [string, MemberRecord][] {
	const place = new Map([...config.gems, ...config.apps].map((repo, i) => [repo.name as string, i]));
	return Object.entries(record.members).sort(([a], [b]) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
}
