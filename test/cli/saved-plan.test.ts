import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { Finished } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { codesOf } from './documents.ts';
import { DRIFTS, type Drift } from './drifts.ts';
import { factsOf, footprint, PLAN, planFile, prepared, refused, SMALL } from './saved-plans.ts';
import { openStage, type Stage } from './stage.ts';

async function tryMoves(on: Stage, moving: readonly Drift[]): Promise<Finished> {
	for (const drift of moving) await drift.move(on);
	try {
		return await refused(on);
	} finally {
		for (const drift of moving.toReversed()) await drift.undo(on);
	}
}

const DAMAGES: readonly (readonly [name: string, damage: (text: string) => string, seen: string])[] = [
	['garbage', () => 'not a plan\n', 'plan is not JSON'],
	['an empty file', () => '', 'plan is not JSON'],
	['a plan that was cut off', (text) => text.slice(0, text.length / 2), 'plan is not JSON'],
	['a plan that was edited', (text) => text.replace('"state": "todo"', '"state": "done"'), 'edited after it was saved'],
	['another document', () => '{"schema":"slipway.status/1"}', 'plan.schema is not one of slipway.plan/1'],
];

async function tryDamage(on: Stage, damage: (text: string) => string): Promise<Finished> {
	const text = readFileSync(planFile(on), 'utf8');
	writeFileSync(planFile(on), damage(text));
	try {
		return await refused(on);
	} finally {
		writeFileSync(planFile(on), text);
	}
}

const IGNORED = [['nowhere.json'], ['--out', PLAN], ['--detailed-exitcode'], [PLAN, '--dry-run', '--out', 'x']];

/** One fleet and one plan: everything here is refused, so that nothing of it ever changes. */
async function tryAll() {
	const on = await openStage(SMALL);
	try {
		await prepared(on);
		const moves = new Map<string, Finished>();
		for (const drift of DRIFTS) {
			moves.set(drift.name, await tryMoves(on, [drift]));
		}
		const together: { readonly moving: readonly Drift[]; readonly said: Finished }[] = [];
		await fc.assert(
			fc.asyncProperty(fc.subarray([...DRIFTS], { minLength: 2 }), async (moving) => {
				together.push({ moving, said: await tryMoves(on, moving) });
			}),
			{ numRuns: 4 },
		);
		const damaged = new Map<string, Finished>();
		for (const [name, damage] of DAMAGES) damaged.set(name, await tryDamage(on, damage));
		const before = footprint(on);
		const unasked = await on.run(['ship', PLAN]);
		const ignored = await Promise.all(IGNORED.map((args) => on.run(['ship', ...args, '--yes'])));
		const elsewhere = await on.run(['-C', on.fleet.layout.conductor, 'ship', PLAN, '--dry-run'], {
			cwd: on.fleet.projectsDir,
		});
		const unchanged = footprint(on) === before;
		return {
			moves,
			together,
			damaged,
			unasked,
			ignored,
			elsewhere,
			unchanged,
			mode: lstatSync(planFile(on)).mode & 0o777,
		};
	} finally {
		await on.stop();
	}
}

const tried = await tryAll();

suite('ship PLAN: what moved since', (test) => {
	for (const { name, facts } of DRIFTS) {
		test(`${name}: refused, just that named, and nothing changed`, () => {
			const said = tried.moves.get(name);
			assert.ok(said);
			assert.is(codesOf(said)[0], 'stale-plan');
			assert.equal(factsOf(said).sort(), [...facts].sort(), said.stderr);
		});
	}

	test('whatever moves at once, every fact is named, and no other', () => {
		assert.is(tried.together.length, 4);
		for (const { moving, said } of tried.together) {
			const facts = new Set(moving.flatMap((drift) => drift.facts));
			assert.equal(factsOf(said).sort(), [...facts].sort(), said.stderr);
		}
	});
});

suite('ship PLAN: the file', (test) => {
	test('it is readable for its owner alone', () => {
		assert.is(tried.mode, 0o600);
	});

	for (const [name, , seen] of DAMAGES) {
		test(`${name} is refused as no plan, and nothing changed`, () => {
			const said = tried.damaged.get(name);
			assert.ok(said);
			assert.equal(codesOf(said), ['bad-plan']);
			assert.match(said.stderr, seen);
		});
	}

	test('a plan that is not there, and options that would be ignored, are usage errors', () => {
		assert.equal(
			tried.ignored.map(({ code }) => code),
			IGNORED.map(() => 2),
		);
		assert.equal(
			tried.ignored.flatMap(codesOf),
			IGNORED.map(() => 'usage'),
		);
	});

	test('when all is moved back the plan holds, and it is found from where the command says that it works', () => {
		assert.is(tried.elsewhere.code, 0);
		assert.match(tried.elsewhere.stdout, /publish:studio-engine/);
	});

	test('without a yes and without a terminal nothing is shipped, and the plan stays good', () => {
		assert.is(tried.unasked.code, 3);
		assert.equal(codesOf(tried.unasked), ['not-confirmed']);
		assert.ok(tried.unchanged);
	});
});
