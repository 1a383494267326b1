import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { TaskId } from '../../src/core/brand.ts';
import { descendants, digraphOf } from '../../src/graph/algorithms.ts';
import { createSchedule, type Schedule, type ScheduleNode, type Settled } from '../../src/runner/schedule.ts';
import { suite } from '../support/suite.ts';

const id = (text: string) => text as TaskId;

function node(name: string, needs: readonly string[] = [], weight = 1): ScheduleNode {
	return { id: id(name), needs: needs.map(id), weight };
}

/** Acyclic: a task needs only tasks that are declared before it. */
const graphs = fc
	.array(fc.record({ needs: fc.array(fc.nat(30), { maxLength: 4 }), weight: fc.nat(10) }), { maxLength: 30 })
	.map((tasks) =>
		tasks.map(({ needs, weight }, i) =>
			node(
				`t${i}`,
				needs.filter((need) => need < i).map((need) => `t${need}`),
				weight,
			),
		),
	);
const runs = fc.record({
	nodes: graphs,
	jobs: fc.integer({ min: 1, max: 6 }),
	keepGoing: fc.boolean(),
	/** Which running task settles next, and how: a world that answers in any order. */
	choices: fc.infiniteStream(fc.nat(1000)),
	failing: fc.uniqueArray(fc.nat(29), { maxLength: 3 }),
	stopAfter: fc.option(fc.nat(20), { nil: null }),
});

type Move = readonly ['start' | 'settle', TaskId];
interface Trace {
	readonly schedule: Schedule;
	readonly moves: readonly Move[];
	readonly haltedAt: number | null;
}
interface Run {
	readonly nodes: readonly ScheduleNode[];
	readonly jobs: number;
	readonly keepGoing: boolean;
	readonly failing: readonly number[];
	/** After so many settled tasks the run is stopped. */
	readonly stopAfter: number | null;
}

/** Drives a schedule as the runner does, until it says that it is finished. */
function drive(run: Run, choices: readonly number[]): Trace {
	const { nodes, jobs, keepGoing, failing, stopAfter } = run;
	const schedule = createSchedule(nodes, { jobs, keepGoing });
	const fails = new Set(failing.map((i) => `t${i}`));
	const moves: Move[] = [];
	const running: TaskId[] = [];
	let settled = 0;
	let haltedAt: number | null = null;
	while (!schedule.finished()) {
		for (const task of schedule.ready()) {
			schedule.started(task);
			running.push(task);
			moves.push(['start', task]);
		}
		const [task] = running.splice((choices[settled] ?? 0) % running.length, 1);
		if (task === undefined) throw new Error('the schedule is stuck: nothing runs and it is not finished');
		const outcome: Settled = fails.has(task) ? 'failed' : 'done';
		schedule.settled(task, outcome);
		moves.push(['settle', task]);
		settled += 1;
		if (outcome === 'failed' && !keepGoing) haltedAt ??= moves.length;
		if (stopAfter !== null && settled > stopAfter) {
			schedule.stop();
			haltedAt ??= moves.length;
		}
	}
	return { schedule, moves, haltedAt };
}

const driven = runs.map(({ choices: stream, ...run }) => {
	const choices = [...stream.take(run.nodes.length)];
	return { run, choices, trace: drive(run, choices) };
});

const succeeded = (run: Run, trace: Trace): ReadonlySet<TaskId> => {
	const fails = new Set(run.failing.map((i) => id(`t${i}`)));
	return new Set(trace.moves.filter(([move, task]) => move === 'settle' && !fails.has(task)).map(([, task]) => task));
};

suite('schedule: properties', (test) => {
	test('every run ends, starts a task after its needs, and settles each started task once', () => {
		fc.assert(
			fc.property(driven, ({ run, trace }) => {
				const good = succeeded(run, trace);
				const done = new Set<TaskId>();
				const started = new Set<TaskId>();
				for (const [move, task] of trace.moves) {
					if (move === 'settle') {
						assert.ok(started.has(task));
						if (good.has(task)) done.add(task);
						continue;
					}
					assert.not(started.has(task), `${task} started twice`);
					started.add(task);
					const needs = run.nodes.find((n) => n.id === task)?.needs ?? [];
					assert.ok(
						needs.every((need) => done.has(need)),
						`${task} before its needs`,
					);
				}
				assert.is(trace.moves.length, 2 * started.size);
			}),
		);
	});

	test('never more tasks at once than jobs, and no job idle while a task could run', () => {
		fc.assert(
			fc.property(driven, ({ run, trace }) => {
				const good = succeeded(run, trace);
				const running = new Set<TaskId>();
				const ended = new Set<TaskId>();
				const mayStart = (task: ScheduleNode) =>
					!running.has(task.id) && !ended.has(task.id) && task.needs.every((need) => ended.has(need) && good.has(need));
				for (const [move, task] of trace.moves.slice(0, trace.haltedAt ?? undefined)) {
					if (move === 'start') running.add(task);
					else {
						assert.ok(running.size === run.jobs || !run.nodes.some(mayStart), `a job is idle beside ${task}`);
						running.delete(task);
						ended.add(task);
					}
					assert.ok(running.size <= run.jobs);
				}
			}),
		);
	});

	test('after a failure or a stop nothing starts', () => {
		fc.assert(
			fc.property(driven, ({ trace }) => {
				if (trace.haltedAt === null) return;
				const after = trace.moves.slice(trace.haltedAt);
				assert.ok(after.every(([move]) => move === 'settle'));
			}),
		);
	});

	test('keep-going runs everything that is not behind a failure, and nothing else', () => {
		fc.assert(
			fc.property(driven, ({ run, choices }) => {
				const { schedule, moves } = drive({ ...run, keepGoing: true, stopAfter: null }, choices);
				const started = new Set(moves.map(([, task]) => task));
				const failed = run.failing.map((i) => id(`t${i}`)).filter((task) => started.has(task));
				const behind = descendants(digraphOf(run.nodes), failed);
				assert.equal(
					schedule.notStarted(),
					run.nodes.map((n) => n.id).filter((task) => behind.has(task)),
				);
			}),
		);
	});

	test('the counts and what was not started add up to the graph', () => {
		fc.assert(
			fc.property(driven, ({ run, trace }) => {
				const { done, failed, running, waiting, ...rest } = trace.schedule.counts();
				assert.equal({ running, ...rest }, { running: 0, skipped: 0, cancelled: 0 });
				assert.is(waiting, trace.schedule.notStarted().length);
				assert.is(done + failed + waiting, run.nodes.length);
			}),
		);
	});

	test('the same answers give the same moves', () => {
		fc.assert(fc.property(driven, ({ run, choices, trace }) => assert.equal(drive(run, choices).moves, trace.moves)));
	});

	test('the longest remaining path starts first, ties in the order of declaration', () => {
		fc.assert(
			fc.property(graphs, (nodes) => {
				const remaining = (task: TaskId): number =>
					(nodes.find((n) => n.id === task)?.weight ?? 0) +
					Math.max(0, ...nodes.filter((n) => n.needs.includes(task)).map((n) => remaining(n.id)));
				const free = nodes.filter((n) => n.needs.length === 0).map((n) => n.id);
				const expected = free.map((task) => [task, remaining(task)] as const).sort(([, a], [, b]) => b - a);
				const ready = createSchedule(nodes, { jobs: 1000 }).ready();
				assert.equal(
					ready,
					expected.map(([task]) => task),
				);
			}),
			{ numRuns: 40 },
		);
	});
});

suite('schedule: moves', (test) => {
	const chain = [node('a'), node('b', ['a']), node('c', ['b'])];

	test('asking what is ready changes nothing', () => {
		const schedule = createSchedule([node('a'), node('b')], { jobs: 2 });
		assert.equal(schedule.ready(), ['a', 'b']);
		assert.equal(schedule.ready(), ['a', 'b']);
	});

	test('a task that becomes ready later overtakes a shorter one that is still waiting', () => {
		const schedule = createSchedule([node('first', [], 9), node('short'), node('long', ['first'], 5)], { jobs: 1 });
		schedule.started(id('first'));
		assert.equal(schedule.ready(), []);
		schedule.settled(id('first'), 'done');
		assert.equal(schedule.ready(), ['long']);
	});

	test('a skipped task opens the way like one that is done', () => {
		const schedule = createSchedule(chain, { jobs: 1 });
		schedule.started(id('a'));
		schedule.settled(id('a'), 'skipped');
		assert.equal(schedule.ready(), ['b']);
		assert.is(schedule.counts().skipped, 1);
	});

	test('a cancelled task halts the run, and is waited for by nobody', () => {
		const schedule = createSchedule([node('a'), node('b'), node('c')], { jobs: 2 });
		schedule.started(id('a'));
		schedule.started(id('b'));
		schedule.settled(id('a'), 'cancelled');
		assert.not(schedule.finished());
		assert.equal(schedule.ready(), []);
		schedule.settled(id('b'), 'done');
		assert.ok(schedule.finished());
		assert.equal(schedule.notStarted(), ['c']);
	});

	test('a stop before the first move finishes with everything not started', () => {
		const schedule = createSchedule(chain, { jobs: 4 });
		schedule.stop();
		assert.ok(schedule.finished());
		assert.equal(schedule.notStarted(), ['a', 'b', 'c']);
	});

	test('illegal moves throw: unknown, too early, twice, over the jobs, after a stop', () => {
		const schedule = createSchedule([...chain, node('d')], { jobs: 1 });
		assert.throws(() => schedule.started(id('nobody')), /has no nobody/);
		assert.throws(() => schedule.started(id('b')), /b may not start now/);
		assert.throws(() => schedule.settled(id('a'), 'done'), /a cannot settle: it is waiting/);
		schedule.started(id('a'));
		assert.throws(() => schedule.started(id('a')), /a may not start now/);
		assert.throws(() => schedule.started(id('d')), /d may not start now/);
		schedule.settled(id('a'), 'done');
		assert.throws(() => schedule.settled(id('a'), 'done'), /a cannot settle: it is done/);
		schedule.stop();
		assert.throws(() => schedule.started(id('b')), /b may not start now/);
	});

	test('a schedule that could never work is refused: no jobs, an unknown need, a circle', () => {
		assert.throws(() => createSchedule(chain, { jobs: 0 }), /jobs must be 1 or more: 0/);
		assert.throws(() => createSchedule(chain, { jobs: 1.5 }), /jobs must be/);
		assert.throws(() => createSchedule([node('a', ['z'])], { jobs: 1 }), /names z/);
		assert.throws(() => createSchedule([node('a', ['b']), node('b', ['a'])], { jobs: 1 }), /a → b/);
	});

	test('nothing to do is finished at once', () => {
		assert.ok(createSchedule([], { jobs: 1 }).finished());
	});

	test(
		'a fan of 50 000 tasks is driven in one pass',
		() => {
			const fan = [node('root'), ...Array.from({ length: 50_000 }, (_, i) => node(`t${i}`, ['root']))];
			const run = { nodes: fan, jobs: 8, keepGoing: false, failing: [], stopAfter: null };
			assert.is(drive(run, []).schedule.counts().done, fan.length);
		},
		{ timeoutMs: 15_000 },
	);
});
