import type { Finished } from '../support/process.ts';
import { slipway } from '../support/slipway.ts';
import type { Arena } from './arena.ts';
import { BOUNDARY_VARIABLE, type Boundary } from './boundary.ts';
import { type Effects, type Outcome, readOutcome } from './outcome.ts';

/** How often a killed command is begun again before a trial counts as stuck. */
const ATTEMPTS = 4;
const PRELOAD = new URL('die.ts', import.meta.url).href;

/** Runs a command of the CLI that is killed at a boundary; one that never comes there ends by itself. */
export function runDoomed(arena: Arena, args: readonly string[], boundary: Boundary): Promise<Finished> {
	const env = { NODE_OPTIONS: `--import=${PRELOAD}`, [BOUNDARY_VARIABLE]: JSON.stringify(boundary) };
	return slipway(arena.fleet, args, { env });
}

export interface Resumed {
	/** How often the command was begun until it exited 0; null when it never did. */
	readonly attempts: number | null;
	/** What each attempt that did not get there said. */
	readonly said: readonly string[];
}

/** Does what a person does after a kill: the same command again, until it says that all is done. */
export async function resume(arena: Arena, args: readonly string[]): Promise<Resumed> {
	const said: string[] = [];
	for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
		const { code, stdout, stderr } = await slipway(arena.fleet, args);
		if (code === 0) return { attempts: attempt, said };
		said.push(`exit ${code}\n${stderr}${stdout}`);
	}
	return { attempts: null, said };
}

/** What an uninterrupted run leaves, from the saved world. */
export async function wholeRun(arena: Arena, args: readonly string[]): Promise<Outcome> {
	const { code, stderr } = await slipway(arena.fleet, args);
	if (code !== 0) throw new Error(`an uninterrupted run exits ${code}\n${stderr}`);
	return readOutcome(arena);
}

/** Apps whose production nobody can ask what is live: their script may have to run again (2-train.md §7). */
const UNPROVABLE = new Set(['production atoll', 'qa turf']);

/** Effects that happened more often than once although the world could have told. */
export function doubled({ pushes, deploys }: Effects, gems: number): string[] {
	const twice = Object.entries(deploys).filter(([place, count]) => count > 1 && !UNPROVABLE.has(place));
	return [
		...(pushes > gems ? [`${pushes} pushes of ${gems} gems`] : []),
		...twice.map(([place, count]) => `${place} deployed ${count} times`),
	];
}
