import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Refusal } from '../../src/core/diagnostic.ts';
import type { Graph } from '../../src/graph/types.ts';
import type { RunEvent } from '../../src/runner/events.ts';
import { type Journal, openJournal, readJournal } from '../../src/runner/journal.ts';
import type { RunResult } from '../../src/runner/run.ts';
import { blocked, done, TaskFailure, todo } from '../../src/tasks/contract.ts';
import { suite } from '../support/suite.ts';
import { NO_JOURNAL, RUN, start, type Wired } from './running.ts';
import { effect, graph, id, type Toy } from './toys.ts';

interface Ran {
	readonly result: RunResult;
	readonly events: readonly RunEvent[];
	/** `type task` of each entry, as read back from the disk. */
	readonly journal: readonly string[];
}

type Setting = Pick<Wired, 'jobs' | 'stop'> & { readonly onEvent?: (event: RunEvent) => void };

/** Runs a graph with a real journal and gives all that can be seen of it afterwards. */
async function run(of: Graph, toys: Readonly<Record<string, Toy>>, setting: Setting = {}): Promise<Ran> {
	return inState(async (state) => {
		const journal = await openJournal({ state, run: RUN, redact: (text) => text });
		const events: RunEvent[] = [];
		const sink = (event: RunEvent) => {
			events.push(event);
			setting.onEvent?.(event);
		};
		const result = await start(of, toys, { ...setting, journal, sink }).finally(journal.close);
		const { entries } = await readJournal(state, RUN);
		return { result, events, journal: entries.map(({ type, task }) => (task ? `${type} ${task}` : type)) };
	});
}

async function inState<T>(body: (state: string) => Promise<T>): Promise<T> {
	const state = await mkdtemp(join(tmpdir(), 'slipway-run-'));
	try {
		return await body(state);
	} finally {
		await rm(state, { recursive: true, force: true });
	}
}

const told = (events: readonly RunEvent[]) =>
	events.map(
		(event) =>
			`${event.type}${'task' in event ? ` ${event.task}` : ''}${'outcome' in event ? ` ${event.outcome}` : ''}`,
	);

const failing: Toy = {
	probe: () => todo('is not there', { summary: 'try' }),
	run: () => {
		throw new TaskFailure({ code: 'task-failed', summary: 'it broke', seen: 'the last words' });
	},
};

suite('run: order', (test) => {
	test('events come in the order things happened, from run.started to run.finished', async () => {
		const world = new Set(['a']);
		const { events } = await run(graph({ a: {}, b: { needs: ['a'] } }), {
			a: effect(world, 'a'),
			b: effect(world, 'b', (_change, { output }) => output('stdout', 'hello')),
		});
		assert.equal(told(events), [
			'run.started',
			'task.probed a',
			'task.finished a skipped',
			'task.probed b',
			'task.started b',
			'task.output b',
			'task.finished b done',
			'run.finished done',
		]);
		assert.ok(events.every((event) => event.run === RUN && new Date(event.at).toISOString() === event.at));
	});
	test('the intent of a task is on the disk before it runs, and its outcome before what needs it is probed', async () => {
		await inState(async (state) => {
			const world = new Set<string>();
			const seen: string[][] = [];
			const look = async () => {
				const { entries } = await readJournal(state, RUN);
				seen.push(entries.map(({ type, task }) => `${type} ${task}`));
			};
			const b = effect(world, 'b');
			const journal = await openJournal({ state, run: RUN, redact: (text) => text });
			const toys = {
				a: effect(world, 'a', look),
				b: {
					...b,
					probe: async () => {
						await look();
						return done('is there');
					},
				},
			};
			await start(graph({ a: {}, b: { needs: ['a'] } }), toys, { journal, sink: () => undefined }).finally(
				journal.close,
			);
			assert.equal(seen, [['intent a'], ['intent a', 'outcome a']]);
		});
	});
	test('the journal tells what began from what was only looked at, and ends with the run', async () => {
		const world = new Set(['a']);
		const { journal } = await run(graph({ a: {}, b: { needs: ['a'] }, c: { needs: ['b'] } }), {
			a: effect(world, 'a'),
			b: effect(world, 'b'),
			c: { probe: () => blocked({ code: 'drift', summary: 'it moved' }) },
		});
		assert.equal(journal, ['note a', 'intent b', 'outcome b', 'note c', 'end']);
	});
	test('a finished task says its evidence; a failed one its error', async () => {
		const { events } = await run(graph({ a: {}, b: { needs: ['a'] } }), { a: effect(new Set(), 'a'), b: failing });
		const [a, b] = events.filter((event) => event.type === 'task.finished');
		assert.equal([a?.evidence, a?.error], [{ word: 'a' }, undefined]);
		assert.equal([b?.evidence, b?.error?.code, b?.error?.seen], [null, 'task-failed', 'the last words']);
	});
});

suite('run: the first failure', (test) => {
	test('starts nothing new, lets what runs finish, and says what was not started', async () => {
		const world = new Set<string>();
		const running = Promise.withResolvers<void>();
		const failed = Promise.withResolvers<void>();
		const tasks = graph({ slow: {}, broken: {}, next: { needs: ['slow'] }, free: { needs: ['broken'] } });
		const toys: Record<string, Toy> = {
			slow: effect(world, 'slow', async () => {
				running.resolve();
				await failed.promise;
			}),
			broken: {
				...failing,
				run: async () => {
					await running.promise;
					throw new TaskFailure({ code: 'task-failed', summary: 'it broke' });
				},
			},
			next: effect(world, 'next'),
			free: effect(world, 'free'),
		};
		const onEvent = (event: RunEvent) => {
			if (event.type === 'task.finished' && event.outcome === 'failed') failed.resolve();
		};
		const { result, events } = await run(tasks, toys, { onEvent });
		assert.equal([...world], ['slow']);
		assert.is(result.outcome, 'failed');
		assert.is(result.settled.get(id('slow'))?.outcome, 'done');
		assert.equal(result.notStarted, ['next', 'free']);
		assert.equal(result.counts, { done: 1, skipped: 0, failed: 1, cancelled: 0, not_started: 2 });
		assert.equal(told(events).slice(-3), [
			'task.finished next not_started',
			'task.finished free not_started',
			'run.finished failed',
		]);
	});
	test('a warning is no failure: what comes after it runs', async () => {
		const world = new Set<string>();
		const { result } = await run(graph({ a: {}, b: { needs: ['a'] } }), {
			a: { ...failing, failureIsWarning: true },
			b: effect(world, 'b'),
		});
		assert.equal([result.outcome, [...world]], ['done', ['b']]);
	});
	test('a bug in one task is thrown only after what runs has ended, and nothing new starts', async () => {
		const world = new Set<string>();
		const running = Promise.withResolvers<void>();
		const thrown = Promise.withResolvers<void>();
		const toys = {
			slow: effect(world, 'slow', async () => {
				running.resolve();
				await thrown.promise;
				await new Promise(setImmediate);
			}),
			bug: {
				probe: async () => {
					await running.promise;
					thrown.resolve();
					throw new TypeError('our own');
				},
			},
			next: effect(world, 'next'),
		};
		const error = await run(graph({ slow: {}, bug: {}, next: { needs: ['slow'] } }), toys).catch(
			(found: unknown) => found,
		);
		assert.instance(error, TypeError);
		assert.equal([...world], ['slow']);
	});
	test('state-write: a journal that takes no intent stops the run before the task does anything', async () => {
		const world = new Set<string>();
		const full = new Refusal([{ code: 'state-write', severity: 'error', summary: 'disk full' }]);
		const journal: Journal = { ...NO_JOURNAL, append: () => Promise.reject(full) };
		const toys = { a: effect(world, 'a'), b: effect(world, 'b') };
		const running = start(graph({ a: {}, b: { needs: ['a'] } }), toys, { journal, sink: () => undefined });
		assert.is(await running.catch((error: unknown) => error), full);
		assert.is(world.size, 0);
	});
});

suite('run: stopping', (test) => {
	test('after the signal nothing new starts, what runs finishes, and the run is cancelled', async () => {
		const world = new Set<string>();
		const stop = new AbortController();
		const toys = { a: effect(world, 'a', () => stop.abort()), b: effect(world, 'b') };
		const { result, events } = await run(graph({ a: {}, b: { needs: ['a'] } }), toys, { stop: stop.signal });
		assert.not.ok(told(events).includes('task.probed b'));
		assert.equal([result.outcome, result.notStarted, [...world]], ['cancelled', ['b'], ['a']]);
	});
	test('a signal before the start starts nothing', async () => {
		const world = new Set<string>();
		const { result, journal } = await run(graph({ a: {} }), { a: effect(world, 'a') }, { stop: AbortSignal.abort() });
		assert.equal([result.outcome, result.notStarted, world.size], ['cancelled', ['a'], 0]);
		assert.equal(journal, ['end']);
	});
	test('a signal while the last task runs cancels nothing', async () => {
		const stop = new AbortController();
		const toys = { a: effect(new Set(), 'a', () => stop.abort()) };
		const { result } = await run(graph({ a: {} }), toys, { stop: stop.signal });
		assert.is(result.outcome, 'done');
	});
	test('an empty graph is done', async () => {
		const { result, events } = await run(graph({}), {});
		assert.equal([result.outcome, told(events)], ['done', ['run.started', 'run.finished done']]);
	});
});
