import type { Specs } from '../../graph/specs.ts';
import { done, type TaskKind } from '../contract.ts';

/** A join of many tasks: there is nothing to read and nothing to do. */
export const barrier: TaskKind<Specs['barrier'], null, never> = {
	name: 'barrier',
	isCheck: true,
	probe: async () => null,
	decide: () => done('everything before it is settled'),
	run: async () => undefined,
};
