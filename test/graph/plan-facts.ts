import { type TaskId, taskId } from '../../src/core/brand.ts';
import type { PlanNode } from '../../src/graph/plan.ts';
import type { PlanFacts } from '../../src/graph/saved-plan.ts';

export const PUBLISH = taskId('publish', 'engine');
export const CHECK = taskId('preflight', 'harbor');
export const REPIN = taskId('repin', 'harbor');
export const GATE = taskId('gate', 'harbor');
export const PROMOTE = taskId('promote', 'harbor');
export const SMOKE = taskId('smoke', 'harbor');

function node(id: TaskId, needs: readonly TaskId[], more: Partial<PlanNode> = {}): PlanNode {
	const [kind = '', repo = null] = id.split(':');
	return {
		id,
		kind,
		repo,
		needs,
		state: 'todo',
		reasons: [`${id} is to do`],
		change: null,
		irreversible: false,
		...more,
	};
}

/** A plan with a task of each sort: a check, a known change, an open one, one that is done. */
export function samplePlan(): PlanFacts {
	const push = { type: 'push', summary: 'push engine-0.2.0.gem', sha: 'a'.repeat(40), from: null };
	const pins = [{ gem: 'engine', version: '0.2.0' }];
	return {
		schema: 'slipway.plan/1',
		train: 'rel-20260314-a1b2c3',
		nodes: [
			node(CHECK, [], { state: 'done', reasons: ['7 checks passed'] }),
			node(PUBLISH, [CHECK], { change: push, irreversible: true }),
			node(REPIN, [PUBLISH], { change: { type: 'repin', summary: 'commit engine 0.2.0', pins } }),
			node(GATE, [REPIN]),
			node(PROMOTE, [GATE], { state: 'done', reasons: ['main has it'], irreversible: true }),
			node(SMOKE, [PROMOTE], { state: 'done', reasons: ['answers 200'] }),
		],
		observed: { [CHECK]: { main: 'b'.repeat(40), deployed: null }, [PROMOTE]: { main: 'c'.repeat(40) } },
		specs: { [GATE]: { command: ['bin/test'], purpose: 'ship' }, [PUBLISH]: { gem: 'engine', version: '0.2.0' } },
		record: { state: 'assembled', revision: 7 },
	};
}

/** The same plan with one of its tasks changed. */
export function withNode(plan: PlanFacts, id: TaskId, change: Partial<PlanNode>): PlanFacts {
	return { ...plan, nodes: plan.nodes.map((entry) => (entry.id === id ? { ...entry, ...change } : entry)) };
}
