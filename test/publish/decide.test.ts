import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { Sha } from '../../src/core/brand.ts';
import type { Specs } from '../../src/graph/specs.ts';
import { decidePublish, type LiveRelease } from '../../src/tasks/publish/decide.ts';
import { suite } from '../support/suite.ts';

const OURS = 'a'.repeat(64);
const THEIRS = 'b'.repeat(64);
const SPEC: Specs['publish'] = {
	gem: 'cleat',
	version: '1.0.0',
	registry: 'https://gems.test',
	gemspec: 'cleat.gemspec',
	versionFile: 'lib/cleat/version.rb',
	releaseCheck: null,
	buildCmd: null,
	frozen: '1'.repeat(40) as Sha,
};
const built = { file: 'cleat-1.0.0.gem', sha256: OURS };

function decide(live: LiveRelease | null) {
	return decidePublish(SPEC, { built, live });
}

suite('publish decide: what a registry shows', (test) => {
	test('absent: push', () => {
		const decision = decide(null);
		assert.is(decision.type, 'todo');
		assert.equal(decision.type === 'todo' && [decision.change.summary, decision.change.held], [
			'push cleat-1.0.0.gem',
			false,
		]);
	});
	test('held with our bytes and not listed: wait for the index, and push nothing', () => {
		const decision = decide({ state: 'held', sha256: OURS, differing: null });
		assert.is(decision.type === 'todo' && decision.change.held, true);
		assert.match(decision.type === 'todo' ? decision.change.summary : '', /^wait /);
	});
	test('held with our files, packed by another RubyGems: the same', () => {
		const decision = decide({ state: 'held', sha256: THEIRS, differing: [] });
		assert.is(decision.type === 'todo' && decision.change.held, true);
	});
	test('held or listed with other files: blocked, and the files are named', () => {
		for (const state of ['held', 'listed'] as const) {
			const decision = decide({ state, sha256: THEIRS, differing: ['lib/cleat.rb'] });
			assert.is(decision.type, 'blocked');
			assert.match(JSON.stringify(decision), 'lib/cleat.rb');
			assert.match(JSON.stringify(decision), 'bump lib/cleat/version.rb');
		}
	});
	test('listed with our bytes, or our files: done', () => {
		assert.is(decide({ state: 'listed', sha256: OURS, differing: null }).type, 'done');
		assert.is(decide({ state: 'listed', sha256: THEIRS, differing: [] }).type, 'done');
		assert.is(decide({ state: 'listed', sha256: null, differing: [] }).type, 'done');
	});
	test('yanked: blocked, whatever its bytes', () => {
		const decision = decide({ state: 'yanked', sha256: OURS, differing: null });
		assert.is(decision.type, 'blocked');
		assert.match(JSON.stringify(decision), 'version yanked: bump lib/cleat/version.rb and re-run');
	});
	test('done is said only of what is listed with our bytes or without a difference', () => {
		const live = fc.record({
			state: fc.constantFrom('listed', 'held', 'yanked'),
			sha256: fc.constantFrom(OURS, THEIRS, null),
			differing: fc.option(fc.array(fc.constantFrom('a.rb', 'b.rb'), { maxLength: 2 })),
		});
		return fc.assert(
			fc.property(fc.option(live), (seen) => {
				const { type } = decide(seen);
				const equal = seen !== null && (seen.sha256 === OURS || seen.differing?.length === 0);
				assert.is(type === 'done', equal && seen.state === 'listed');
				// A push happens only where nothing is, or what is there is ours and unlisted.
				if (type === 'todo') assert.ok(seen === null || (equal && seen.state === 'held'));
			}),
		);
	});
});
