import type { GemPin } from '../graph/specs.ts';
import type { LiveGem } from '../io/gem-registry.ts';
import type { TaskContext } from './contract.ts';

/** What the gem registry lists of a gem: one read for all tasks of a moment. */
export function fetchListed(pin: Pick<GemPin, 'gem' | 'registry'>, context: TaskContext): Promise<LiveGem> {
	const { readings, registry } = context.world;
	return readings.read(pin.registry, pin.gem, () => registry(pin.registry).fetchLive(pin.gem));
}
