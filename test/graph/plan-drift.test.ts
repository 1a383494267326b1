import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { type TaskId, taskId } from '../../src/core/brand.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { PlanChange } from '../../src/graph/plan.ts';
import { type Found, type MovedFact, movedFacts, movedRelease, planObjection } from '../../src/graph/plan-drift.ts';
import type { PlanFacts } from '../../src/graph/saved-plan.ts';
import { suite } from '../support/suite.ts';
import { CHECK, GATE, PROMOTE, PUBLISH, REPIN, SMOKE, samplePlan, withNode } from './plan-facts.ts';

const PLAN = samplePlan();

function told(facts: readonly MovedFact[]): string[] {
	return facts.map(({ of, fact, was, is }) => `${of} ${fact}: ${was} → ${is}`);
}

function observing(id: TaskId, facts: JsonObject): PlanFacts {
	return { ...PLAN, observed: { ...PLAN.observed, [id]: facts } };
}

const MOVES: readonly (readonly [name: string, now: PlanFacts, facts: readonly string[]])[] = [
	['nothing moved', samplePlan(), []],
	[
		'a ref that a check read',
		observing(CHECK, { main: 'd'.repeat(40), deployed: null }),
		[`preflight:harbor observed.main: ${'b'.repeat(40)} → ${'d'.repeat(40)}`],
	],
	[
		'a place where nothing was, and now something is',
		observing(CHECK, { main: 'b'.repeat(40), deployed: 'd'.repeat(40) }),
		[`preflight:harbor observed.deployed: null → ${'d'.repeat(40)}`],
	],
	[
		'a task that somebody else has done meanwhile',
		withNode(PLAN, PUBLISH, { state: 'done', change: null, reasons: ['it is live'] }),
		['publish:engine state: to do: publish:engine is to do → done: it is live'],
	],
	[
		'a task that can no longer be done',
		withNode(PLAN, PUBLISH, { state: 'blocked', change: null, reasons: ['another content', 'and more'] }),
		['publish:engine state: to do: publish:engine is to do → blocked: another content'],
	],
	[
		'a change that would be another one',
		withNode(PLAN, PUBLISH, { change: { type: 'push', summary: 'push it', sha: 'a'.repeat(40), from: null } }),
		['publish:engine change.summary: push engine-0.2.0.gem → push it'],
	],
	[
		'a command of release_repos.yml',
		{ ...PLAN, specs: { ...PLAN.specs, [GATE]: { command: ['bin/ci'], purpose: 'ship' } } },
		['gate:harbor spec.command.0: bin/test → bin/ci'],
	],
	[
		'a command that got an argument',
		{ ...PLAN, specs: { ...PLAN.specs, [GATE]: { command: ['bin/test', '--all'], purpose: 'ship' } } },
		['gate:harbor spec.command: ["bin/test"] → ["bin/test","--all"]'],
	],
	['an order', withNode(PLAN, GATE, { needs: [PUBLISH] }), ['gate:harbor needs.0: repin:harbor → publish:engine']],
	[
		'a task that the train did not have',
		{ ...PLAN, nodes: [...PLAN.nodes, { ...(PLAN.nodes[3] as PlanFacts['nodes'][0]), id: taskId('after', 'harbor') }] },
		['after:harbor task: not in the train → in the train'],
	],
	[
		'a task that the train has no more',
		{ ...PLAN, nodes: PLAN.nodes.filter(({ id }) => id !== SMOKE) },
		['smoke:harbor task: in the train → not in the train'],
	],
	['the record', { ...PLAN, record: { state: 'assembled', revision: 9 } }, ['record revision: 7 → 9']],
	['other words for the same facts', withNode(PLAN, SMOKE, { reasons: ['still answers 200'] }), []],
];

suite('movedFacts', (test) => {
	for (const [name, now, facts] of MOVES) {
		test(`names what moved: ${name}`, () => {
			assert.equal(told(movedFacts(PLAN, now)), facts);
		});
	}

	test('what moved there moved back here: the two sides change places', () => {
		for (const [name, now] of MOVES) {
			const there = movedFacts(PLAN, now).map(({ of, fact, was, is }) => [of, fact, was, is]);
			const back = movedFacts(now, PLAN).map(({ of, fact, was, is }) => [of, fact, is, was]);
			assert.equal(back, there, name);
		}
	});

	test('any fact at all that moves is named, and only it', () => {
		const facts = fc.dictionary(fc.string(), fc.constantFrom<string | number | null>('x', '', 1, null), { maxKeys: 4 });
		fc.assert(
			fc.property(facts, facts, (was, is) => {
				const moved = movedFacts(observing(CHECK, was), observing(CHECK, is));
				const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
				const value = (of: JsonObject, key: string) => (Object.hasOwn(of, key) ? of[key] : undefined);
				const expected = keys.filter((key) => value(was, key) !== value(is, key));
				assert.equal(
					moved.map(({ fact }) => fact),
					expected.map((key) => `observed.${key}`),
				);
			}),
		);
	});
});

suite('movedRelease', (test) => {
	test('names another release, and another state of the same', () => {
		const slug = PLAN.train;
		assert.equal(movedRelease(PLAN, { slug, state: 'assembled' }), []);
		assert.equal(told(movedRelease(PLAN, { slug, state: 'shipped' })), ['record state: assembled → shipped']);
		const other = movedRelease(PLAN, { slug: 'rel-20260315-ffffff', state: 'assembled' });
		assert.equal(told(other), ['record slug: rel-20260314-a1b2c3 → rel-20260315-ffffff']);
	});
});

function objection(id: TaskId, found: Partial<Found>): string | null {
	const fact = planObjection(PLAN, id, { state: 'todo', reasons: ['now'], change: null, evidence: null, ...found });
	return fact && (told([fact])[0] ?? null);
}

const PUSH = PLAN.nodes.find(({ id }) => id === PUBLISH)?.change as PlanChange;

suite('planObjection: while the plan runs', (test) => {
	test('a task that does what the plan says goes on', () => {
		assert.is(objection(PUBLISH, { change: PUSH }), null);
	});

	test('a task that would do something else does not', () => {
		const other = { ...PUSH, sha: 'f'.repeat(40) };
		const said = `publish:engine change.sha: ${'a'.repeat(40)} → ${'f'.repeat(40)}`;
		assert.is(objection(PUBLISH, { change: other }), said);
	});

	test('null in a change is a fact, not an open place: what was absent must still be', () => {
		const said = `publish:engine change.from: null → ${'f'.repeat(40)}`;
		assert.is(objection(PUBLISH, { change: { ...PUSH, from: 'f'.repeat(40) } }), said);
	});

	test('what an earlier task tells may be filled in where the plan left it open', () => {
		const pins = [{ gem: 'engine', version: '0.2.0', sha256: 'e'.repeat(64) }];
		assert.is(objection(REPIN, { change: { type: 'repin', summary: 'commit engine 0.2.0', pins } }), null);
		const others = [{ gem: 'engine', version: '0.2.1', sha256: 'e'.repeat(64) }];
		const said = 'repin:harbor change.pins.0.version: 0.2.0 → 0.2.1';
		assert.is(objection(REPIN, { change: { type: 'repin', summary: 'commit engine 0.2.0', pins: others } }), said);
	});

	test('a task whose change only the run could tell decides it in the run', () => {
		assert.is(objection(GATE, { change: { type: 'run', summary: 'run bin/test' } }), null);
	});

	test('a task that is done by now is skipped, as ever', () => {
		assert.is(objection(PUBLISH, { state: 'done', evidence: { sha256: 'e'.repeat(64) } }), null);
	});

	test('what was done and cannot be undone is not done again', () => {
		const change = { summary: 'push main' };
		assert.is(objection(PROMOTE, { change }), 'promote:harbor state: done: main has it → to do: now');
	});

	test('a smoke test that was green before the deploy may have to wait after it', () => {
		assert.is(objection(SMOKE, { change: { summary: 'wait' } }), null);
	});

	test('a task that nothing runs before must be found exactly as planned', () => {
		const evidence = { main: 'b'.repeat(40), deployed: null };
		assert.is(objection(CHECK, { state: 'done', evidence }), null);
		const moved = { main: 'd'.repeat(40), deployed: null };
		const said = `preflight:harbor observed.main: ${'b'.repeat(40)} → ${'d'.repeat(40)}`;
		assert.is(objection(CHECK, { state: 'done', evidence: moved }), said);
		assert.is(
			objection(CHECK, { change: { summary: 'x' } }),
			'preflight:harbor state: done: 7 checks passed → to do: now',
		);
	});

	test('what is blocked or unread stops by itself, in its own words', () => {
		assert.is(objection(CHECK, { state: 'blocked' }), null);
		assert.is(objection(PUBLISH, { state: 'unknown' }), null);
	});

	test('a task that is not in the plan never runs', () => {
		assert.is(objection(taskId('after', 'harbor'), {}), 'after:harbor task: not in the plan → to do: now');
	});
});
