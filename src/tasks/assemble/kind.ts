import type { Specs } from '../../graph/specs.ts';
import { assemble as assembled } from '../../record/transitions.ts';
import type { ReleaseRecord } from '../../record/types.ts';
import { type Decision, done, type TaskKind, todo } from '../contract.ts';

type AssembleChange = {
	readonly type: 'flip';
	readonly summary: string;
	readonly slug: string;
	readonly to: 'assembled';
};

/** The end of a preparation: only now may the train ship (2-train.md §2). */
export const assemble: TaskKind<Specs['assemble'], ReleaseRecord, AssembleChange> = {
	name: 'assemble',
	probe: async (_spec, context) => context.world.record.current(),
	decide: decideAssemble,
	run: async (_change, context) => {
		await context.world.record.update((current) => assembled(current));
	},
};

export function decideAssemble(spec: Specs['assemble'], current: ReleaseRecord): Decision<AssembleChange> {
	if (current.state === 'assembled') return done(`${spec.slug} is assembled`, { slug: spec.slug });
	return todo(`${spec.slug} is ${current.state}`, {
		type: 'flip',
		summary: 'flip the record to assembled',
		slug: spec.slug,
		to: 'assembled',
	});
}
