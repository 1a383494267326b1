import * as assert from 'uvu/assert';
import { type PlanFacts, planFacts } from '../../src/graph/saved-plan.ts';
import type { Graph } from '../../src/graph/types.ts';
import type { Journal, JournalNote } from '../../src/runner/journal.ts';
import { planGraph } from '../../src/runner/plan.ts';
import { planReview } from '../../src/runner/plan-review.ts';
import { type RunResult, runGraph } from '../../src/runner/run.ts';
import { done, todo, waits } from '../../src/tasks/contract.ts';
import type { KindOf } from '../../src/tasks/registry.ts';
import { suite } from '../support/suite.ts';
import { context, effect, graph, id, kinds, type Toy } from './toys.ts';

const RECORD = { state: 'assembled', revision: 1 };

async function saved(of: Graph, kindOf: KindOf): Promise<PlanFacts> {
	const { plan } = await planGraph(of, { jobs: 2, kindOf, contextOf: () => context() });
	return planFacts(plan, of, RECORD);
}

interface Ran {
	readonly result: RunResult;
	/** Tasks that were announced in the journal. */
	readonly begun: readonly string[];
}

async function run(of: Graph, kindOf: KindOf, plan: PlanFacts): Promise<Ran> {
	const notes: JournalNote[] = [];
	const journal: Journal = { path: '', append: async (note) => void notes.push(note), close: async () => undefined };
	const options = { run: '1', jobs: 1, journal, kindOf, sink: () => undefined, contextOf: () => context() };
	const review = planReview(plan, (text) => text.replaceAll('hunter2', '[redacted]'));
	const result = await runGraph(of, { ...options, review, stop: new AbortController().signal });
	return { result, begun: notes.flatMap(({ type, task }) => (type === 'intent' && task ? [task] : [])) };
}

const TRAIN = graph({ check: {}, push: { needs: ['check'] }, deploy: { needs: ['push'] } });

/** `check` reads where main is; `push` moves it from there; `deploy` knows its change when push was done. */
function toys(main: () => string, world: Set<string> = new Set()): Record<string, Toy> {
	return {
		check: { isCheck: true, probe: () => done('checked', { main: main() }) },
		push: {
			probe: () => (world.has('push') ? done('pushed') : todo('to push', { summary: 'push', from: main() })),
			run: () => void world.add('push'),
		},
		deploy: { ...effect(world, 'deploy'), probe: () => deployState(world) },
	};
}

function deployState(world: Set<string>) {
	if (world.has('deploy')) return done('deployed');
	return world.has('push') ? todo('to deploy', { summary: 'deploy' }) : waits('what push makes goes live');
}

suite('planReview: a run is held to its plan', (test) => {
	test('the plan that still describes the world is done to its end, open changes too', async () => {
		const kindOf = kinds(toys(() => 'a'));
		const { result, begun } = await run(TRAIN, kindOf, await saved(TRAIN, kindOf));
		assert.is(result.outcome, 'done');
		assert.equal(begun, ['push', 'deploy']);
	});

	test('what moved before the first task stops everything, and nothing is begun', async () => {
		let main = 'a';
		const kindOf = kinds(toys(() => main));
		const plan = await saved(TRAIN, kindOf);
		main = 'b';
		const { result, begun } = await run(TRAIN, kindOf, plan);
		assert.equal(begun, []);
		assert.is(result.outcome, 'failed');
		const [finding] = result.settled.get(id('check'))?.findings ?? [];
		assert.is(finding?.code, 'stale-plan');
		assert.match(finding?.summary ?? '', 'check is not as the saved plan has it: observed.main');
		assert.is(finding?.seen, 'was a\nis  b');
	});

	test('what moved under the running train stops the task that it concerns, before it begins', async () => {
		let reads = 0;
		// Read by both probes of the plan, and by the check of the run; then somebody pushes.
		const kindOf = kinds(toys(() => (++reads > 3 ? 'b' : 'a')));
		const { result, begun } = await run(TRAIN, kindOf, await saved(TRAIN, kindOf));
		assert.equal(begun, []);
		assert.is(result.settled.get(id('check'))?.outcome, 'done');
		const push = result.settled.get(id('push'));
		assert.equal([push?.outcome, push?.began, push?.findings[0]?.code], ['failed', false, 'stale-plan']);
		assert.equal(result.notStarted, [id('deploy')]);
	});

	test('a secret that the plan was saved without is no move', async () => {
		const kindOf = kinds(toys(() => 'https://hunter2@host'));
		const plan = await saved(TRAIN, kindOf);
		const clean = JSON.parse(JSON.stringify(plan).replaceAll('hunter2', '[redacted]')) as PlanFacts;
		assert.is((await run(TRAIN, kindOf, clean)).result.outcome, 'done');
	});
});
