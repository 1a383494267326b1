import type { Sha } from '../../core/brand.ts';
import type { TaskContext } from '../contract.ts';
import { decideRepin } from '../repin/decide.ts';
import { observeConsumer } from '../repin/observe.ts';
import type { PreflightSpec } from './check.ts';

/**
 * The commit that ships; null while the re-pin has yet to make it, or can't. Throws Unreadable where
 * `world.ships` says null: a check must not take "could not read" for "not made yet".
 */
export async function shipShaOf(spec: PreflightSpec, context: TaskContext): Promise<Sha | null> {
	if (spec.gem) return spec.frozen;
	const decision = decideRepin(spec, await observeConsumer(spec, context));
	return decision.type === 'done' ? (decision.evidence.sha as Sha) : null;
}
