import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { decideBranch } from '../../src/tasks/branch/decide.ts';
import { decideForward } from '../../src/tasks/forward/decide.ts';
import { decidePromote } from '../../src/tasks/promote/decide.ts';
import { decideTag } from '../../src/tasks/tag/decide.ts';
import { suite } from '../support/suite.ts';
import { changeOf, explainsItself, FROZEN, MAIN, OTHER, SHIP, verdict } from './decisions.ts';

const BRANCHES = { releaseBranch: 'release', mainBranch: 'main' };
const shas = fc.constantFrom(null, FROZEN, MAIN, OTHER, SHIP);

suite('branch', (test) => {
	test('a release branch that is there is done, whatever it holds', () => {
		assert.is(verdict(decideBranch(BRANCHES, { main: MAIN, release: OTHER })), 'done');
		assert.is(verdict(decideBranch(BRANCHES, { main: null, release: OTHER })), 'done');
	});
	test('one that is not there is made where main is, and only if nobody makes it meanwhile', () => {
		const change = changeOf(decideBranch(BRANCHES, { main: MAIN, release: null }));
		assert.equal([change.ref, change.sha, change.from], ['refs/heads/release', MAIN, null]);
	});
	test('without main there is nothing to make it from', () => {
		assert.is(verdict(decideBranch(BRANCHES, { main: null, release: null })), 'blocked blocked');
	});
});

suite('forward: the merge-forward guard', (test) => {
	test('a release branch that contains main is done', () => {
		const decision = decideForward(BRANCHES, { main: MAIN, release: FROZEN, releaseContainsMain: true });
		assert.is(verdict(decision), 'done');
	});
	test('main that is not in it is merged, from the tips that were seen', () => {
		const decision = decideForward(BRANCHES, { main: MAIN, release: FROZEN, releaseContainsMain: false });
		const { into, release, main } = changeOf(decision);
		assert.equal([into, release, main], ['refs/heads/release', FROZEN, MAIN]);
	});
	for (const [main, release, hint] of [
		[MAIN, null, /slipway init/],
		[null, FROZEN, /main_branch/],
		[null, null, /main_branch/],
	] as const) {
		test(`a branch that origin has not is an obstacle: main ${main ? 'there' : 'absent'}, release ${release ? 'there' : 'absent'}`, () => {
			const decision = decideForward(BRANCHES, { main, release, releaseContainsMain: false });
			assert.is(verdict(decision), 'blocked blocked');
			if (decision.type === 'blocked') assert.match(decision.findings[0]?.hint ?? '', hint);
		});
	}
});

suite('promote', (test) => {
	const spec = { frozen: FROZEN, branch: 'main' };
	const seen = { ship: SHIP, main: MAIN, mainContainsShip: false, shipContainsMain: true };
	test('main that contains the ship SHA is done, also when it went on since', () => {
		assert.is(verdict(decidePromote(spec, { ...seen, main: SHIP, mainContainsShip: true })), 'done');
		assert.is(verdict(decidePromote(spec, { ...seen, main: OTHER, mainContainsShip: true })), 'done');
	});
	test('fast-forward only: from the main that was seen to the ship SHA', () => {
		const { ref, from, sha } = changeOf(decidePromote(spec, seen));
		assert.equal([ref, from, sha], ['refs/heads/main', MAIN, SHIP]);
	});
	test('main with work that the ship SHA does not contain is never overwritten', () => {
		const decision = decidePromote(spec, { ...seen, shipContainsMain: false });
		assert.is(verdict(decision), 'blocked blocked');
	});
	test('before the re-pin its commit is not known: it waits', () => {
		assert.is(verdict(decidePromote(spec, { ...seen, ship: null })), 'waits');
	});
	test('an origin without main is an obstacle, not a main to make', () => {
		assert.is(verdict(decidePromote(spec, { ...seen, main: null })), 'blocked blocked');
	});
	test('never done unless main contains the ship SHA, never a push unless it is a fast-forward', () => {
		const worlds = fc.record({
			ship: shas,
			main: shas,
			mainContainsShip: fc.boolean(),
			shipContainsMain: fc.boolean(),
		});
		fc.assert(
			fc.property(worlds, (world) => {
				const decision = decidePromote(spec, world);
				explainsItself(decision);
				if (decision.type === 'done') assert.ok(world.ship && world.main && world.mainContainsShip);
				if (decision.type === 'todo') assert.ok(world.shipContainsMain && decision.change.from === world.main);
			}),
		);
	});
});

suite('tag', (test) => {
	const spec = { tag: 'v0.2.0', frozen: FROZEN };
	test('the tag at the frozen SHA is done', () => {
		const decision = decideTag(spec, FROZEN);
		assert.equal(decision.type === 'done' && decision.evidence, { tag: 'v0.2.0', sha: FROZEN });
	});
	test('a tag that is not there is pushed, and only if nobody pushes it meanwhile', () => {
		const { ref, from, sha } = changeOf(decideTag(spec, null));
		assert.equal([ref, from, sha], ['refs/tags/v0.2.0', null, FROZEN]);
	});
	test('a tag elsewhere is an obstacle: a tag is never moved', () => {
		assert.is(verdict(decideTag(spec, OTHER)), 'blocked blocked');
	});
	test('a graph drawn from the file alone can be shown and never run', () => {
		assert.throws(() => decideTag({ tag: null, frozen: FROZEN }, null), /file alone/);
		assert.throws(() => decideTag({ tag: 'v0.2.0', frozen: null }, null), /file alone/);
	});
});

suite('refs: every answer explains itself', (test) => {
	test('whatever was seen', () => {
		fc.assert(
			fc.property(shas, shas, fc.boolean(), (main, release, releaseContainsMain) => {
				explainsItself(decideBranch(BRANCHES, { main, release }));
				const forward = decideForward(BRANCHES, { main, release, releaseContainsMain });
				explainsItself(forward);
				if (forward.type === 'done') assert.ok(main && release && releaseContainsMain);
				const tag = decideTag({ tag: 'v1', frozen: FROZEN }, main);
				explainsItself(tag);
				assert.is(tag.type === 'done', main === FROZEN);
			}),
		);
	});
});
