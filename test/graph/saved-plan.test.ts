import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { Json } from '../../src/core/json.ts';
import { isObject } from '../../src/core/shape.ts';
import { compileTrain } from '../../src/graph/compile-train.ts';
import { parseSavedPlan, planFacts, type SavedPlan, sealPlan } from '../../src/graph/saved-plan.ts';
import { suite } from '../support/suite.ts';
import { exampleConfig, exampleInput } from './fleet-config.ts';
import { samplePlan } from './plan-facts.ts';

const AT = '2026-03-14T09:26:53.589Z';
const SAVED = sealPlan(samplePlan(), AT);
const TEXT = JSON.stringify(SAVED, null, 2);

function problemsOf(content: string): string {
	const read = parseSavedPlan(content);
	return read.ok ? 'it was taken' : read.problems.join('\n');
}

/** Every path to a value that is no mapping and no list. */
function leavesOf(value: Json, path: readonly string[] = []): (readonly string[])[] {
	if (value === null || typeof value !== 'object') return [path];
	return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner as Json, [...path, key]));
}

function changed(value: Json, [key, ...rest]: readonly string[], to: Json): Json {
	if (key === undefined) return to;
	if (Array.isArray(value)) return value.map((item, i) => (String(i) === key ? changed(item, rest, to) : item));
	return isObject(value) ? { ...value, [key]: changed(value[key] as Json, rest, to) } : value;
}

function sortedKeys(value: Json): Json {
	if (Array.isArray(value)) return value.map(sortedKeys);
	if (!isObject(value)) return value;
	const keys = Object.keys(value).sort().reverse();
	return Object.fromEntries(keys.map((key) => [key, sortedKeys(value[key] as Json)]));
}

suite('saved plan', (test) => {
	test('reads back equal to what was saved', () => {
		assert.equal(parseSavedPlan(TEXT), { ok: true, value: SAVED });
	});

	test('a tool that sorts the keys or leaves out the spaces has edited nothing', () => {
		const document = JSON.parse(TEXT) as Json;
		assert.ok(parseSavedPlan(JSON.stringify(document)).ok);
		assert.ok(parseSavedPlan(JSON.stringify(sortedKeys(document))).ok);
	});

	test('the same plan made at another moment is another plan', () => {
		assert.is.not(sealPlan(samplePlan(), '2026-03-14T09:26:53.590Z').digest, SAVED.digest);
	});

	test('every edit of every value is refused', () => {
		const document = JSON.parse(TEXT) as Json;
		const paths = leavesOf(document);
		assert.ok(paths.length > 50);
		for (const path of paths) {
			const edited = changed(document, path, 'edited');
			assert.is.not(problemsOf(JSON.stringify(edited)), 'it was taken', path.join('.'));
		}
	});

	test('a value that still fits is told apart by the digest', () => {
		const edited = { ...SAVED, train: 'rel-20260314-ffffff' };
		assert.match(problemsOf(JSON.stringify(edited)), 'edited after it was saved');
	});

	test('a plan document without what holds the world to it is no saved plan', () => {
		const { schema, train, nodes, observed } = SAVED;
		const problems = problemsOf(JSON.stringify({ schema, train, nodes, observed }));
		assert.match(problems, 'plan.digest is not a SHA-256');
		assert.match(problems, 'plan.specs is not a mapping');
	});

	test('a plan cut off anywhere is refused, and nothing throws', () => {
		fc.assert(
			fc.property(fc.nat(TEXT.length - 1), (length) => {
				assert.is.not(problemsOf(TEXT.slice(0, length)), 'it was taken');
			}),
		);
	});

	test('garbage of any shape is refused, and nothing throws', () => {
		fc.assert(
			fc.property(fc.oneof(fc.json(), fc.string(), fc.constantFrom('null', '[]', '{}', '"plan"')), (content) => {
				assert.is.not(problemsOf(content), 'it was taken');
			}),
		);
	});

	test('holds what every task of the graph was told', () => {
		const { graph } = compileTrain(exampleConfig(), exampleInput());
		if (graph === null) throw new Error('the example has a cycle');
		const plan = { schema: 'slipway.plan/1', train: graph.name, nodes: [], observed: {} } as const;
		const { specs, record } = planFacts(plan, graph, { state: 'assembled', revision: 3 });
		assert.equal(Object.keys(specs), [...graph.nodes.keys()]);
		assert.equal((specs['gate:billing'] as { command: unknown }).command, ['bin/test']);
		assert.equal(record, { state: 'assembled', revision: 3 } satisfies SavedPlan['record']);
	});
});
