import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { RunEvent } from '../../src/runner/events.ts';
import { blocked, done, TaskFailure } from '../../src/tasks/contract.ts';
import { suite } from '../support/suite.ts';
import { NO_JOURNAL, start } from './running.ts';
import { effect, graph, type Toy } from './toys.ts';

const runs = fc.record({
	tasks: fc.array(
		fc.record({
			needs: fc.array(fc.nat(12), { maxLength: 3 }),
			state: fc.constantFrom('done', 'todo', 'todo', 'todo', 'fails', 'blocked'),
		}),
		{ minLength: 1, maxLength: 12 },
	),
	jobs: fc.integer({ min: 1, max: 4 }),
});

suite('run: any graph, tasks that end in any order', (test) => {
	test('needs are settled first, jobs are bounded, and every task is told once', async () => {
		await fc.assert(
			fc.asyncProperty(runs, fc.scheduler(), async ({ tasks, jobs }, scheduler) => {
				const name = (i: number) => `t${i}`;
				const world = new Set<string>(tasks.flatMap(({ state }, i) => (state === 'done' ? [name(i)] : [])));
				const needsOf = (i: number) => (tasks[i]?.needs ?? []).filter((need) => need < i).map(name);
				let now = 0;
				let most = 0;
				const toyOf = (i: number): Toy => {
					const plain = effect(world, name(i));
					const state = tasks[i]?.state;
					return {
						probe: async (given) => {
							for (const need of needsOf(i)) assert.ok(world.has(need), `${name(i)} before ${need}`);
							if (state === 'blocked') return blocked({ code: 'blocked', summary: 'in the way' });
							return plain.probe?.(given) ?? done('was done');
						},
						run: async (change, given) => {
							now += 1;
							most = Math.max(most, now);
							await scheduler.schedule(Promise.resolve(), name(i));
							now -= 1;
							if (state === 'fails') throw new TaskFailure({ code: 'task-failed', summary: 'it broke' });
							await plain.run?.(change, given);
						},
					};
				};
				const of = graph(Object.fromEntries(tasks.map((_, i) => [name(i), { needs: needsOf(i) }])));
				const toys = Object.fromEntries(tasks.map((_, i) => [name(i), toyOf(i)]));
				const events: RunEvent[] = [];
				const running = start(of, toys, { jobs, journal: NO_JOURNAL, sink: (event) => events.push(event) });
				const result = await scheduler.waitFor(running);
				assert.ok(most <= jobs, `${most} at once`);
				const finished = events.flatMap((event) => (event.type === 'task.finished' ? [event.task] : []));
				assert.equal(finished.sort(), [...of.nodes.keys()].sort());
				assert.is(result.settled.size + result.notStarted.length, tasks.length);
				const stuck = [...result.settled.values()].some(({ outcome }) => outcome === 'failed');
				assert.is(result.outcome, stuck ? 'failed' : 'done');
				for (const { node, outcome } of result.settled.values()) assert.is(world.has(node.id), outcome !== 'failed');
			}),
			{ numRuns: 60 },
		);
	});
});
