import fc from 'fast-check';
import * as assert from 'uvu/assert';
import {
	ancestors,
	Digraph,
	descendants,
	digraphOf,
	findCycle,
	longestRemaining,
	topologicalOrder,
} from '../../src/graph/algorithms.ts';
import { Heap } from '../../src/graph/heap.ts';
import { suite } from '../support/suite.ts';

function graphOf(size: number, edges: Iterable<readonly [number, number]>): Digraph<string, true> {
	const graph = new Digraph<string, true>();
	for (let i = 0; i < size; i += 1) graph.add(`t${i}`);
	for (const [from, to] of edges) graph.link(`t${from}`, `t${to}`, true);
	return graph;
}

const SIZE = 14;
const pairs = fc.array(fc.tuple(fc.nat(SIZE - 1), fc.nat(SIZE - 1)), { maxLength: 40 });
const acyclic = pairs.map((list) => list.filter(([a, b]) => a < b));
/** Acyclic too, and the order of declaration is not one that works. */
const backward = acyclic.map((list) => list.map(([a, b]) => [SIZE - 1 - a, SIZE - 1 - b] as const));

suite('graph algorithms', (test) => {
	test('an edge to an unknown task is our own bug, and creates no node', () => {
		const graph = graphOf(1, []);
		assert.throws(() => graph.link('t0', 'nowhere', true), /names nowhere, which the graph does not have/);
		assert.throws(() => graph.link('nowhere', 't0', true), /names nowhere/);
		assert.equal(graph.ids, ['t0']);
	});

	test('a task that is added twice is our own bug', () => {
		assert.throws(() => graphOf(1, []).add('t0'), /already has t0/);
		assert.throws(() => digraphOf([{ id: 'a', needs: ['b'] }]), /names b/);
	});

	test('names that objects treat specially are names like any other', () => {
		const ids = ['__proto__', 'constructor', 'hasOwnProperty', '0', 'a\u0001b', ''];
		const graph = digraphOf(ids.map((id, i) => ({ id, needs: ids.slice(i + 1, i + 2) })));
		assert.equal(topologicalOrder(graph), ids.toReversed());
		assert.equal(graph.successors('constructor'), ['__proto__']);
	});

	test('topological order: needs first, ties by declaration', () => {
		assert.equal(
			topologicalOrder(
				graphOf(5, [
					[3, 0],
					[4, 1],
				]),
			),
			['t2', 't3', 't0', 't4', 't1'],
		);
		fc.assert(
			fc.property(backward, (edges) => {
				const order = topologicalOrder(graphOf(SIZE, edges)) ?? [];
				assert.is(order.length, SIZE);
				for (const [a, b] of edges) assert.ok(order.indexOf(`t${a}`) < order.indexOf(`t${b}`));
			}),
		);
	});

	test('a cycle is found exactly when there is no order, and each step of it is an edge', () => {
		fc.assert(
			fc.property(pairs, (edges) => {
				const graph = graphOf(SIZE, edges);
				const cycle = findCycle(graph);
				assert.is(cycle === null, topologicalOrder(graph) !== null);
				for (const [i, id] of (cycle ?? []).entries()) {
					assert.ok(graph.successors(id).includes(cycle?.[(i + 1) % cycle.length] as string));
				}
				assert.is(new Set(cycle).size, cycle?.length ?? 0);
			}),
		);
	});

	test('a task that needs itself is a cycle of one', () => {
		assert.equal(findCycle(graphOf(2, [[1, 1]])), ['t1']);
	});

	test('longest remaining path equals the heaviest of all paths', () => {
		fc.assert(
			fc.property(backward, fc.array(fc.nat(9), { minLength: SIZE, maxLength: SIZE }), (edges, weights) => {
				const weightOf = (id: string) => weights[Number(id.slice(1))] ?? 0;
				const heaviest = (node: number): number =>
					weightOf(`t${node}`) + Math.max(0, ...edges.filter(([a]) => a === node).map(([, b]) => heaviest(b)));
				const remaining = longestRemaining(graphOf(SIZE, edges), weightOf);
				for (let i = 0; i < SIZE; i += 1) assert.is(remaining.get(`t${i}`), heaviest(i));
			}),
			{ numRuns: 50 },
		);
	});

	test('longest remaining path of a cycle names the cycle', () => {
		assert.throws(
			() =>
				longestRemaining(
					graphOf(2, [
						[0, 1],
						[1, 0],
					]),
					() => 1,
				),
			/t0 → t1/,
		);
	});

	test('ancestors and descendants are the same relation, seen from both ends', () => {
		fc.assert(
			fc.property(acyclic, fc.nat(SIZE - 1), fc.nat(SIZE - 1), (edges, a, b) => {
				const graph = graphOf(SIZE, edges);
				return ancestors(graph, [`t${a}`]).has(`t${b}`) === descendants(graph, [`t${b}`]).has(`t${a}`);
			}),
		);
		assert.equal(
			[
				...descendants(
					graphOf(4, [
						[0, 1],
						[1, 2],
					]),
					['t0'],
				),
			],
			['t1', 't2'],
		);
	});

	test('a chain of 100 000 tasks overflows no stack', () => {
		const size = 100_000;
		const links = Array.from({ length: size - 1 }, (_, i) => [i, i + 1] as const);
		const graph = graphOf(size, links);
		assert.is(topologicalOrder(graph)?.length, size);
		assert.is(longestRemaining(graph, () => 1).get('t0'), size);
		assert.is(descendants(graph, ['t0']).size, size - 1);
		assert.is(findCycle(graph), null);
		graph.link(`t${size - 1}`, 't0', true);
		assert.is(findCycle(graph)?.length, size);
	});
});

suite('Heap', (test) => {
	test('gives everything back in order', () => {
		fc.assert(
			fc.property(fc.array(fc.integer()), (numbers) => {
				const heap = new Heap<number>((a, b) => a < b);
				for (const number of numbers) heap.push(number);
				assert.is(heap.size, numbers.length);
				const out: number[] = [];
				for (let next = heap.pop(); next !== undefined; next = heap.pop()) out.push(next);
				assert.equal(
					out,
					numbers.toSorted((a, b) => a - b),
				);
			}),
		);
	});
});
