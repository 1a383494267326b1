import type { Config } from '../config/types.ts';
import { type Compiled, Draft } from './draft.ts';
import { type Fleet, ridersOf, strayMembers, unparked } from './passes/fleet.ts';
import { closeTrain, joinChecks, joinGates, joinPublishes } from './passes/joins.ts';
import { orderDeclaredApps, orderDeclaredGems, orderDerivedGems, orderHub } from './passes/order.ts';
import { addAppLanes, addGemLanes, addPreflights } from './passes/tasks.ts';
import type { TrainInput } from './types.ts';

type Pass = (draft: Draft, fleet: Fleet) => void;

/** A new kind of task is one more pass here: passes find each other's tasks by kind, never by a list of kinds. */
const PASSES: readonly Pass[] = [
	// First, so that a plan opens with what is only looked at. Nothing comes before a check.
	addPreflights,
	// Lanes next: each repository's own line of tasks, which all later passes only connect.
	addGemLanes,
	addAppLanes,
	// The joins find the tasks of a kind in the draft, so every lane must be there.
	joinChecks,
	joinPublishes,
	joinGates,
	// Reality before the file: where both know an edge, the reason is what was read at the frozen
	// SHA and the declared line is added to it. If they contradict each other, that is a cycle.
	orderDerivedGems,
	orderDeclaredGems,
	(draft, fleet) => orderDeclaredApps(draft, fleet.apps),
	// After the declared needs, so that a satellite that names its hub keeps its own line as the reason.
	(draft, fleet) => orderHub(draft, fleet.apps),
	// Last: it takes everything that nothing waits for, which no earlier pass can know.
	closeTrain,
];

/**
 * The graph of a release train (2-train.md §4).
 *
 * `input` null compiles from the file alone, for a review or CI: all repositories that are not
 * parked, order from roles and `needs`, nothing frozen; such a graph is shown and never run.
 * Otherwise exactly the members of the input ride, and a need of a repository that does not ride is
 * met already. Gives diagnostics and no graph for a member that the file lost or parked, and for a
 * cycle, which names each edge's reason and source line.
 */
export function compileTrain(config: Config, input: TrainInput | null): Compiled {
	const members = input?.members ?? unparked(config);
	const stray = strayMembers(
		config,
		members.map((member) => member.repo),
	);
	if (stray.length > 0) return { graph: null, diagnostics: stray };
	const fleet: Fleet = {
		config,
		slug: input?.slug ?? '',
		derived: input?.derived ?? [],
		...ridersOf(config, members),
	};
	const draft = new Draft();
	for (const pass of PASSES) pass(draft, fleet);
	return draft.compile(input?.slug ?? 'train');
}
