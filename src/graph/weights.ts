import type { Kind } from './specs.ts';

/**
 * How long a kind of task takes beside the others, without a unit. Only the proportions matter: the
 * longest remaining path starts first. A kind that is not listed weighs 1.
 */
const WEIGHTS: ReadonlyMap<string, number> = new Map<Kind, number>([
	['preflight', 2],
	['publish', 8],
	['repin', 4],
	['gate', 10],
	['deploy', 10],
	['smoke', 3],
	['barrier', 0],
]);

/** The weight of a kind, also of one that is not ours. */
export function weightOf(kind: string): number {
	return WEIGHTS.get(kind) ?? 1;
}
