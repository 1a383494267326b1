import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { type Edge, findCycles } from '../../src/config/cycles.ts';
import { suite } from '../support/suite.ts';
import { brief, load, onlyError, parse } from './support.ts';

const edges = (text: string): Edge[] =>
	text.split(' ').map((pair) => {
		const [from = '', to = ''] = pair.split('>');
		return { from, to };
	});
const way = (cycle: readonly Edge[]) => cycle.map(({ from, to }) => `${from}>${to}`).join(' ');

suite('config: findCycles', (test) => {
	const cases: readonly (readonly [edges: string, cycles: readonly string[]])[] = [
		['a>b b>c a>c', []],
		['a>a', ['a>a']],
		['a>b b>a', ['a>b b>a']],
		['x>a a>b b>c c>a c>y', ['a>b b>c c>a']],
		['a>b b>c c>d d>a c>a', ['a>b b>c c>a', 'c>d d>a a>b b>c']],
		['a>b b>a c>d d>c b>c', ['a>b b>a', 'c>d d>c']],
	];
	for (const [given, expected] of cases) {
		test(`${given} has the circles [${expected.join('; ')}]`, () => {
			assert.equal(findCycles(edges(given)).map(way), expected);
		});
	}

	test('a circle of 100 000 names does not overflow', () => {
		const ring = Array.from({ length: 100_000 }, (_, n) => ({ from: `n${n}`, to: `n${(n + 1) % 100_000}` }));
		assert.equal(findCycles(ring), [ring]);
		assert.equal(findCycles(ring.slice(1)), []);
	});

	test('every given circle closes and is made of given edges; none is given only when an order exists', () => {
		const edge = fc.record({
			from: fc.integer({ min: 0, max: 7 }).map(String),
			to: fc.integer({ min: 0, max: 7 }).map(String),
		});
		fc.assert(
			fc.property(fc.array(edge, { maxLength: 20 }), (given) => {
				const cycles = findCycles(given);
				for (const cycle of cycles) {
					for (const [index, { to }] of cycle.entries()) assert.is(to, cycle[(index + 1) % cycle.length]?.from);
					assert.ok(cycle.every((one) => given.includes(one)));
				}
				assert.is(cycles.length === 0, isOrderable(given));
			}),
		);
	});
});

/** Takes names away that nothing points to any more, until none is left or none can be taken. */
function isOrderable(given: readonly Edge[]): boolean {
	const rest = given.filter(({ from }) => given.some(({ to }) => to === from));
	return rest.length === 0 || (rest.length < given.length && isOrderable(rest));
}

suite('config: circles of needs', (test) => {
	test('cycle: the circle is printed with the reason and line of each edge', () => {
		const error = onlyError('apps:\n  a: { needs: [b] }\n  b:\n    needs:\n      - c\n  c: { needs: [a] }\n');
		assert.is(brief(error), 'cycle 2:16 b');
		assert.match(error.summary, 'a → b (needs, line 2), b → c (needs, line 5), c → a (needs, line 6)');
	});

	test('cycle: a gem that needs an app contradicts the order of every train', () => {
		const error = onlyError('gems: { g: { version_file: v, needs: [shop] } }\napps: { shop: {} }\n');
		assert.match(
			error.summary,
			'g → shop (needs, line 1), shop → g (all gems are published before any app is re-pinned)',
		);
	});

	test('cycle: a hub that needs a satellite contradicts the order of every train', () => {
		const error = onlyError('apps: { hub: { role: hub, needs: [shop] }, shop: {} }\n');
		assert.match(error.summary, 'shop → hub (the hub deploys before every satellite)');
	});

	test('cycle: what cannot be in a train together is no circle', () => {
		load('gems: { g: { version_file: v, needs: [shop], ladder: none-yet } }\napps: { shop: {} }\n');
	});

	test('cycle: of a very long circle the message shows the beginning and the end', () => {
		const entries = Array.from({ length: 500 }, (_, n) => `  a${n}: { needs: [a${(n + 1) % 500}] }`);
		const { summary } = onlyError(`apps:\n${entries.join('\n')}\n`);
		assert.match(summary, /: a0 → a1 \(needs, line 2\), .*, … 488 more …, a499 → a0 \(needs, line 501\)$/);
		assert.ok(summary.length < 600);
	});

	test('cycle: a repository that needs itself', () => {
		assert.match(onlyError('apps: { a: { needs: [a] } }').summary, 'a → a (needs, line 1)');
	});

	test('every independent circle is reported', () => {
		const { diagnostics } = parse(
			'apps: { a: { needs: [b] }, b: { needs: [a] }, c: { needs: [d] }, d: { needs: [c] } }',
		);
		assert.equal(
			diagnostics.map(({ code }) => code),
			['cycle', 'cycle'],
		);
	});
});
