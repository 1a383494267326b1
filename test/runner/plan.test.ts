import * as assert from 'uvu/assert';
import { Unreadable } from '../../src/core/diagnostic.ts';
import { planCounts } from '../../src/graph/plan.ts';
import type { Graph } from '../../src/graph/types.ts';
import { planGraph } from '../../src/runner/plan.ts';
import { blocked, done, todo, waits } from '../../src/tasks/contract.ts';
import { suite } from '../support/suite.ts';
import { context, graph, kinds, type Toy } from './toys.ts';

const change = { summary: 'push it', ref: 'refs/heads/main' };
const neverRuns = () => {
	throw new Error('a plan ran something');
};
const unreadable = () => {
	throw new Unreadable('git ls-remote', 'Connection refused');
};

function plan(of: Graph, toys: Readonly<Record<string, Toy>>, jobs = 2) {
	const still = Object.fromEntries(Object.entries(toys).map(([name, toy]) => [name, { ...toy, run: neverRuns }]));
	return planGraph(of, { jobs, contextOf: (node) => context(node.repo), kindOf: kinds(still) });
}

suite('plan', (test) => {
	test('each task says its state, its reasons and its change, and a task that waits is todo with none', async () => {
		const tasks = graph({ a: {}, b: { needs: ['a'] }, c: { needs: ['b'] }, d: { repo: 'harbor' }, e: {} });
		const { plan: made } = await plan(tasks, {
			a: { probe: () => done('is there', { sha: 'abc' }) },
			b: { probe: () => todo('is not there', change) },
			c: { probe: () => waits('b makes it') },
			d: { probe: () => blocked({ code: 'drift', summary: 'it moved' }) },
			e: { probe: unreadable },
		});
		assert.equal(
			made.nodes.map(({ id, state, reasons, change: would }) => [id, state, reasons, would]),
			[
				['a', 'done', ['is there'], null],
				['b', 'todo', ['is not there'], change],
				['c', 'todo', ['b makes it'], null],
				['d', 'blocked', ['it moved'], null],
				['e', 'unknown', ['could not read git ls-remote'], null],
			],
		);
		assert.equal(planCounts(made), { done: 1, todo: 2, blocked: 1, unknown: 1 });
		assert.equal([made.schema, made.train], ['slipway.plan/1', 'toys']);
	});
	test('a node of the document carries what the graph says of it', async () => {
		const { plan: made } = await plan(graph({ a: {}, b: { needs: ['a'], repo: 'turf' } }), { a: {}, b: {} });
		const [, b] = made.nodes;
		assert.equal([b?.kind, b?.repo, b?.needs, b?.irreversible], ['b', 'turf', ['a'], false]);
	});
	test('observed holds the evidence of what is done, and nothing where there is none', async () => {
		const { plan: made } = await plan(graph({ a: {}, b: {}, c: {} }), {
			a: { probe: () => done('is there', { sha: 'abc' }) },
			b: { probe: () => done('nothing to see') },
			c: { probe: () => todo('is not there', change) },
		});
		assert.equal(made.observed, { a: { sha: 'abc' } });
	});
	test('one obstacle before several tasks of a repository is told once, and again for another repository', async () => {
		const drift = () => blocked({ code: 'drift', summary: 'it moved' });
		const tasks = graph({ a: { repo: 'harbor' }, b: { repo: 'harbor' }, c: { repo: 'turf' } });
		const { findings } = await plan(tasks, { a: { probe: drift }, b: { probe: drift }, c: { probe: drift } });
		assert.equal(
			findings.map((finding) => finding.repo),
			['harbor', 'turf'],
		);
	});
	test('findings come in the order of the graph, whatever answers first', async () => {
		const first = Promise.withResolvers<void>();
		const { findings } = await plan(graph({ a: {}, b: {} }), {
			a: {
				probe: async () => {
					await first.promise;
					return blocked({ code: 'blocked', summary: 'a' });
				},
			},
			b: {
				probe: () => {
					first.resolve();
					return blocked({ code: 'blocked', summary: 'b' });
				},
			},
		});
		assert.equal(
			findings.map((finding) => finding.summary),
			['a', 'b'],
		);
	});
	test('a real obstacle beside something unreadable makes it blocked; only unreadable things, unknown', async () => {
		const unknown = { code: 'unknown', severity: 'error', summary: 'could not read origin' } as const;
		const drift = { code: 'drift', severity: 'error', summary: 'it moved' } as const;
		const { plan: made } = await plan(graph({ a: {}, b: {} }), {
			a: { probe: () => ({ type: 'blocked', findings: [unknown, drift] }) },
			b: { probe: () => ({ type: 'blocked', findings: [unknown] }) },
		});
		assert.equal(
			made.nodes.map((entry) => entry.state),
			['blocked', 'unknown'],
		);
	});
	test('no more probes than jobs are under way at once, and every task is probed once', async () => {
		const names = Array.from({ length: 12 }, (_, i) => `t${i}`);
		let now = 0;
		let most = 0;
		let all = 0;
		const probe = async () => {
			now += 1;
			all += 1;
			most = Math.max(most, now);
			await new Promise(setImmediate);
			now -= 1;
			return done('is there');
		};
		const tasks = graph(Object.fromEntries(names.map((name) => [name, {}])));
		await plan(tasks, Object.fromEntries(names.map((name) => [name, { probe }])), 3);
		assert.equal([most, all], [3, 12]);
	});
	test('a bug in a probe is thrown, not planned around', async () => {
		const probe = () => {
			throw new TypeError('our own');
		};
		const error = await plan(graph({ a: {} }), { a: { probe } }).catch((thrown: unknown) => thrown);
		assert.instance(error, TypeError);
	});
});
