import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { decideFreeze, judgeGem, type ObservedGem } from '../../src/tasks/freeze/decide.ts';
import { BUILT } from '../record/sample.ts';
import { suite } from '../support/suite.ts';
import { changeOf, FROZEN, GEM, MAIN, OTHER, verdict } from './decisions.ts';

const SPEC = { releaseBranch: 'release', mainBranch: 'main', gem: null };
const GEM_SPEC = { ...SPEC, gem: GEM };
/** A gem that is new, and says so everywhere. */
const NEW: ObservedGem = {
	built: BUILT,
	versionText: "module Studio\n  VERSION = '0.2.0'\nend\n",
	liveVersions: ['0.1.0', '0.1.9'],
	live: null,
	tagAt: null,
};
const LIVE = { ...NEW, liveVersions: ['0.1.0', '0.2.0'], tagAt: FROZEN };
const EQUAL = { state: 'listed', sha256: BUILT.sha256, differing: null } as const;
const FOREIGN = { state: 'listed', sha256: '0'.repeat(64), differing: ['lib/studio.rb'] } as const;

const codes = (observed: Partial<ObservedGem>) =>
	judgeGem(GEM, { ...NEW, ...observed }, FROZEN).map(({ code }) => code);

suite('freeze', (test) => {
	const seen = { main: MAIN, release: FROZEN, frozen: null, gem: null, uses: [] };
	test('the release branch of origin is frozen, with main as it was', () => {
		const change = changeOf(decideFreeze(SPEC, seen));
		assert.equal([change.sha, change.main, change.gem], [FROZEN, MAIN, null]);
	});
	test('what is frozen there already is done; what moved since is frozen again', () => {
		assert.is(verdict(decideFreeze(SPEC, { ...seen, frozen: FROZEN })), 'done');
		const decision = decideFreeze(SPEC, { ...seen, frozen: OTHER });
		assert.equal(decision.type === 'todo' && decision.reasons, [`release moved to ${FROZEN.slice(0, 8)}`]);
	});
	test('a branch that origin has not is an obstacle', () => {
		assert.is(verdict(decideFreeze(SPEC, { ...seen, release: null })), 'blocked blocked');
		assert.is(verdict(decideFreeze(SPEC, { ...seen, main: null })), 'blocked blocked');
	});
	test('a gem is frozen as what it builds, and used gems with it', () => {
		const uses = [{ gem: 'studio-auth', repo: 'studio-auth', source: 'studio-engine.gemspec at ffffffff' }];
		const change = changeOf(decideFreeze(GEM_SPEC, { ...seen, gem: NEW, uses }));
		assert.equal([change.gem, change.uses], [BUILT, uses]);
	});
	test('all that stands in the way of its version is told at once', () => {
		const gem = { ...LIVE, versionText: null, live: FOREIGN };
		assert.is(verdict(decideFreeze(GEM_SPEC, { ...seen, gem })), 'blocked version-mismatch stranded');
	});
});

suite('freeze: the version of a gem', (test) => {
	test('a version that is newer and said everywhere can be published', () => {
		assert.equal(codes({}), []);
		assert.equal(codes({ liveVersions: [] }), []);
	});
	test('a version that is live with our content, at our tag or at none, is no obstacle', () => {
		assert.equal(codes({ ...LIVE, live: EQUAL }), []);
		assert.equal(codes({ ...LIVE, live: EQUAL, tagAt: null }), []);
		assert.equal(codes({ ...LIVE, live: { ...FOREIGN, differing: [] } }), []);
	});
	test('stranded: a live version with commits past its tag', () => {
		assert.equal(codes({ ...LIVE, live: EQUAL, tagAt: OTHER }), ['stranded']);
	});
	test('stranded: a live version with other content, tag or no tag; the files are named', () => {
		assert.equal(codes({ ...LIVE, live: FOREIGN }), ['stranded']);
		const [finding] = judgeGem(GEM, { ...LIVE, live: FOREIGN, tagAt: null }, FROZEN);
		assert.match(finding?.seen ?? '', /lib\/studio\.rb/);
		assert.match(finding?.hint ?? '', /bump lib\/studio\/version\.rb/);
	});
	test('a tag elsewhere for a version that is not live is an obstacle of its own', () => {
		assert.equal(codes({ tagAt: OTHER }), ['blocked']);
		assert.equal(codes({ tagAt: FROZEN }), []);
	});
	for (const [built, live, expected] of [
		['0.2.0', ['0.3.0'], ['backward']],
		['0.2.0', ['0.10.0'], ['backward']],
		['0.10.0', ['0.9.0'], []],
		['1.0.0.rc1', ['1.0.0'], ['backward']],
		['1.0.0', ['1.0.0.rc1'], []],
		['1.0.0', ['1.0'], ['backward']],
	] as const) {
		test(`backward: ${built} where ${live.join(', ')} is live is ${expected.length ? 'refused' : 'fine'}`, () => {
			const observed = { built: { ...BUILT, version: built }, versionText: built, liveVersions: [...live] };
			assert.equal(codes(observed), [...expected]);
		});
	}
	test('version-mismatch: the gemspec builds another gem', () => {
		assert.equal(codes({ built: { ...BUILT, name: 'studio' } }), ['version-mismatch']);
	});
	for (const [text, built, says] of [
		["VERSION = '0.2.0'", '0.2.0', true],
		['0.2.0', '0.2.0', true],
		['version 0.2.0.\n', '0.2.0', true],
		['v0.2.0', '0.2.0', true],
		["VERSION = '10.2.0'", '0.2.0', false],
		["VERSION = '0.2.01'", '0.2.0', false],
		["VERSION = '0.2.0.rc1'", '0.2.0', false],
		["VERSION = '0x2x0'", '0.2.0', false],
		["VERSION = '0.2.0.rc1'", '0.2.0.rc1', true],
		["VERSION = '0.2.0.rc10'", '0.2.0.rc1', false],
		['', '0.2.0', false],
		[null, '0.2.0', false],
	] as const) {
		test(`version-mismatch: ${JSON.stringify(text)} ${says ? 'says' : 'does not say'} ${built}`, () => {
			const found = codes({ built: { ...BUILT, version: built }, versionText: text, liveVersions: [] });
			assert.equal(found, says ? [] : ['version-mismatch']);
		});
	}
	test('never frozen with a version that another content holds, or that is older than a live one', () => {
		const worlds = fc.record({
			live: fc.constantFrom(null, EQUAL, FOREIGN),
			liveVersions: fc.subarray(['0.1.0', '0.2.0', '0.3.0']),
			tagAt: fc.constantFrom(null, FROZEN, OTHER),
		});
		fc.assert(
			fc.property(worlds, (world) => {
				const gem = { ...NEW, ...world };
				const decision = decideFreeze(GEM_SPEC, { main: MAIN, release: FROZEN, frozen: null, gem, uses: [] });
				if (decision.type !== 'todo') return;
				assert.ok(world.live !== FOREIGN && world.tagAt !== OTHER);
				assert.ok(world.live !== null || !world.liveVersions.includes('0.3.0'));
			}),
		);
	});
});
