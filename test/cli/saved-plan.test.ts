import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { parseJournal } from '../../src/runner/journal-entries.ts';
import { originUrl } from '../support/fleet/layout.ts';
import { type Finished, output } from '../support/process.ts';
import { fail, hold, mend } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { deployed, originRef, servedVersions, treeDigest } from '../support/world.ts';
import { pushCommit, setRef } from './colleague.ts';
import { codesOf } from './documents.ts';
import { onStage, openStage, type Stage } from './stage.ts';

const PLAN = 'plan.json';
const SMALL = { satellites: 2 };

function stateOf({ fleet }: Stage): string {
	return join(fleet.layout.conductor, '.slipway');
}

function planFile({ fleet }: Stage): string {
	return join(fleet.layout.conductor, PLAN);
}

async function prepared(stage: Stage): Promise<void> {
	await stage.must(0, ['prepare', '--yes']);
	await stage.must(0, ['ship', '--dry-run', '--out', PLAN]);
}

/** What a refused ship must leave as it was: the world, the record, and the list of runs. */
function footprint(stage: Stage): string {
	const record = readFileSync(join(stateOf(stage), 'record.json'), 'utf8');
	return [stage.worldDigest(), record, ...readdirSync(join(stateOf(stage), 'runs'))].join('\n');
}

/** Ships the plan, which must be refused with nothing changed; gives what was said. */
async function refused(stage: Stage): Promise<Finished> {
	const before = footprint(stage);
	const ran = await stage.must(3, ['ship', PLAN, '--yes']);
	if (footprint(stage) !== before) throw new Error(`a refused plan changed something\n${ran.stderr}`);
	return ran;
}

/** The facts that the refusal names: `promote:harbor change.from`. */
function factsOf({ stderr }: Finished): string[] {
	const [, seen = ''] = /error\[stale-plan\]:.*\nseen: ([\s\S]*?)\nhint:/.exec(stderr) ?? [];
	return [...seen.matchAll(/(?:^|\n {6})(\S+) {2}(\S+)\n/g)].map(([, task, fact]) => `${task} ${fact}`);
}

/** Something that moves after a plan was saved, and that can be moved back. */
interface Drift {
	readonly name: string;
	/** What the refusal names, in any order. */
	readonly facts: readonly string[];
	move(stage: Stage): Promise<void> | void;
	undo(stage: Stage): Promise<void> | void;
}

async function shaAt({ fleet }: Stage, repo: string, rev: string): Promise<string> {
	return (
		await output(['git', '-C', join(fleet.layout.origins, `${repo}.git`), 'rev-parse', rev], { env: fleet.env })
	).trim();
}

/** A branch of an origin that goes somewhere, and comes back. */
function refDrift(input: {
	name: string;
	repo: string;
	branch: string;
	facts: readonly string[];
	to: (stage: Stage) => Promise<unknown>;
}): Drift {
	const { name, repo, branch, facts, to } = input;
	let before = '';
	return {
		name,
		facts,
		move: async (stage) => {
			before = await shaAt(stage, repo, branch);
			await to(stage);
		},
		undo: (stage) => setRef(stage.fleet, repo, { ref: `refs/heads/${branch}`, sha: before }),
	};
}

/** An edit of release_repos.yml, and the text of before. */
function fileDrift(name: string, facts: readonly string[], edit: readonly [from: string, to: string]): Drift {
	const [from, to] = edit;
	let before = '';
	return {
		name,
		facts,
		move: ({ fleet }) => {
			before = readFileSync(fleet.registryFile, 'utf8');
			assert.ok(before.includes(from), `release_repos.yml has no ${from}`);
			writeFileSync(fleet.registryFile, before.replace(from, to));
		},
		undo: ({ fleet }) => writeFileSync(fleet.registryFile, before),
	};
}

function platformOf({ fleet }: Stage, app: string): string {
	return join(fleet.layout.platform, 'production', `${app}.git`);
}

const DRIFTS: readonly Drift[] = [
	refDrift({
		name: 'main of an app moved to a commit that QA saw',
		repo: 'harbor',
		branch: 'main',
		facts: ['preflight:harbor observed.main'],
		to: async (stage) =>
			setRef(stage.fleet, 'harbor', { ref: 'refs/heads/main', sha: await shaAt(stage, 'harbor', 'release~1') }),
	}),
	refDrift({
		name: 'main of an app moved to a commit that nobody saw',
		repo: 'turf',
		branch: 'main',
		facts: ['preflight:turf state'],
		to: ({ fleet }) => pushCommit(fleet, { repo: 'turf', branch: 'main', files: { 'hotfix.rb': 'puts 1\n' } }),
	}),
	refDrift({
		name: 'main of a gem moved',
		repo: 'studio-ui',
		branch: 'main',
		facts: ['preflight:studio-ui observed.main', 'promote:studio-ui change.from'],
		to: async (stage) =>
			setRef(stage.fleet, 'studio-ui', { ref: 'refs/heads/main', sha: await shaAt(stage, 'studio-ui', 'release~1') }),
	}),
	refDrift({
		name: 'a release branch moved on',
		repo: 'turf',
		branch: 'release',
		facts: ['preflight:turf state', 'repin:turf state'],
		to: ({ fleet }) => pushCommit(fleet, { repo: 'turf', branch: 'release', files: { 'app/late.rb': 'puts 1\n' } }),
	}),
	{
		name: 'somebody else set the tag',
		facts: ['tag:studio-engine state'],
		move: async (stage) =>
			setRef(stage.fleet, 'studio-engine', {
				ref: 'refs/tags/v0.2.0',
				sha: await shaAt(stage, 'studio-engine', 'release'),
			}),
		undo: ({ fleet }) => setRef(fleet, 'studio-engine', { ref: 'refs/tags/v0.2.0', sha: null }),
	},
	{
		name: 'somebody else deployed to the platform',
		facts: ['preflight:lagoon observed.deployed'],
		move: async (stage) => {
			const from = originUrl(stage.fleet.layout, 'lagoon');
			const fetch = ['fetch', '--quiet', from, 'refs/heads/release:refs/heads/main'];
			await output(['git', '-C', platformOf(stage, 'lagoon'), ...fetch], { env: stage.fleet.env });
		},
		undo: async (stage) => {
			await output(['git', '-C', platformOf(stage, 'lagoon'), 'update-ref', '-d', 'refs/heads/main'], {
				env: stage.fleet.env,
			});
		},
	},
	{
		name: 'an app came up',
		facts: ['smoke:harbor state'],
		move: ({ smoke }) => smoke.answer('harbor', 200),
		undo: ({ smoke }) => smoke.answer('harbor', null),
	},
	fileDrift(
		'release_repos.yml names another test',
		['gate:harbor spec.command.0', 'preflight:harbor spec.commands.0.0'],
		['    role: hub\n    test_cmd: bin/test', '    role: hub\n    test_cmd: bin/qa-test'],
	),
];

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

suite('ship PLAN: what cannot be moved back', (test) => {
	test('a gem that was published meanwhile, by whomever: refused, the gem named', () =>
		onStage(SMALL, async (on) => {
			await prepared(on);
			const { fleet } = on;
			const built = readdirSync(join(stateOf(on), 'built'), { recursive: true, encoding: 'utf8' });
			const gem = built.find((path) => path.endsWith('studio-engine-0.2.0.gem')) ?? '';
			await output(['gem', 'push', '--host', fleet.gemServerUrl, join(stateOf(on), 'built', gem)], { env: fleet.env });
			const said = await refused(on);
			assert.ok(factsOf(said).includes('publish:studio-engine state'), said.stderr);
			assert.match(
				said.stderr,
				/was to do: studio-engine 0\.2\.0 is not on .*\n +is {2}done: studio-engine 0\.2\.0 is live/,
			);
		}));

	test('a record that was prepared anew: refused, also when nothing else moved', () =>
		onStage(SMALL, async (on) => {
			await prepared(on);
			const release = await shaAt(on, 'turf', 'release');
			await pushCommit(on.fleet, { repo: 'turf', branch: 'release', files: { 'app/late.rb': 'puts 1\n' } });
			await on.must(0, ['prepare', '--yes']);
			const facts = factsOf(await refused(on));
			assert.ok(facts.includes('record revision'), facts.join('\n'));
			assert.ok(facts.includes('repin:turf spec.frozen'), facts.join('\n'));
			await setRef(on.fleet, 'turf', { ref: 'refs/heads/release', sha: release });
			await on.must(0, ['prepare', '--yes']);
			assert.equal(factsOf(await refused(on)), ['record revision']);
		}));
});

/** The tasks that a run announced before it did them, with what it was about to change. */
function begunIn(on: Stage, run: string) {
	const reading = parseJournal(readFileSync(join(stateOf(on), 'runs', run, 'journal.ndjson')));
	if ('problem' in reading) throw new Error(reading.problem);
	return reading.entries.filter(({ type }) => type === 'intent');
}

suite('ship PLAN: exactly that plan, once', (test) => {
	test('a fresh plan is applied: each of its changes is made, as it stands there, and nothing else', () =>
		onStage(SMALL, async (on) => {
			await prepared(on);
			const { fleet } = on;
			const checkouts = fleet.repos.map((repo) => treeDigest(join(fleet.projectsDir, repo)));
			await on.must(0, ['ship', PLAN, '--yes']);
			assert.equal(
				fleet.repos.map((repo) => treeDigest(join(fleet.projectsDir, repo))),
				checkouts,
			);
			for (const gem of fleet.gems) assert.is((await servedVersions(fleet.gemServerUrl, gem)).at(-1)?.version, '0.2.0');
			for (const repo of fleet.repos)
				assert.is(await originRef(fleet, repo, 'main'), await originRef(fleet, repo, 'release'));
			for (const app of fleet.apps) assert.is(deployed(fleet, app).length, 1);

			const plan = JSON.parse(readFileSync(planFile(on), 'utf8')) as {
				nodes: { id: string; state: string; change: { summary: string } | null }[];
			};
			const run = readdirSync(join(stateOf(on), 'runs')).at(-1) ?? '';
			const begun = begunIn(on, run);
			assert.ok(begun.length > 10);
			for (const { task, data } of begun) {
				const node = plan.nodes.find(({ id }) => id === task);
				assert.is(node?.state, 'todo', task);
				if (node?.change) assert.is((data.change as { summary: string }).summary, node.change.summary);
			}

			const said = await refused(on);
			assert.equal(codesOf(said), ['stale-plan']);
			assert.match(said.stderr, `${PLAN} was applied by run ${run} at `);
		}));

	test('a plan whose run failed is not begun again; `slipway ship` goes on from what is live', () =>
		onStage(SMALL, async (on) => {
			await prepared(on);
			const before = on.server.pushes().length;
			await fail(on.fleet, { command: 'test', repo: 'turf' });
			const stopped = await on.must(1, ['ship', PLAN, '--yes']);
			assert.match(stopped.stdout, /Resume +slipway ship\n/);
			await mend(on.fleet, { command: 'test', repo: 'turf' });
			assert.match((await refused(on)).stderr, /was begun by run \S+ at \S+, which failed: a plan is good once/);
			await on.must(0, ['ship', '--yes']);
			assert.is(on.server.pushes().length, before + on.fleet.gems.length);
		}));

	test('what moves while the plan runs stops the task that it concerns before it begins', () =>
		onStage(SMALL, async (on) => {
			await prepared(on);
			const held = await hold(on.fleet, { command: 'release-check', repo: 'studio-ui' });
			const shipping = on.run(['ship', PLAN, '--yes']);
			await held.reached;
			const sha = await shaAt(on, 'studio-ui', 'release~1');
			await setRef(on.fleet, 'studio-ui', { ref: 'refs/heads/main', sha });
			await held.release();
			const { code, stdout } = await shipping;
			assert.is(code, 1);
			assert.match(stdout, /✖ promote:studio-ui {2}promote:studio-ui is not as the saved plan has it: change\.from/);
			assert.is(await originRef(on.fleet, 'studio-ui', 'main'), sha);
			await on.must(0, ['ship', '--yes']);
			assert.is(await originRef(on.fleet, 'studio-ui', 'main'), await originRef(on.fleet, 'studio-ui', 'release'));
		}));
});
