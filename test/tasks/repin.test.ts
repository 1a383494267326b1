import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { decideRepin, editFor, type ObservedConsumer } from '../../src/tasks/repin/decide.ts';
import { suite } from '../support/suite.ts';
import { changeOf, FROZEN, OTHER, SHIP, verdict } from './decisions.ts';

const REGISTRY = 'https://gems.example.test';
const PIN = { gem: 'studio-engine', version: '0.2.0', registry: REGISTRY };
const SPEC = { frozen: FROZEN, releaseBranch: 'release', pins: [PIN] };

function lock(version: string, remote = REGISTRY): string {
	return [
		'GEM',
		`  remote: ${remote}/`,
		'  specs:',
		`    studio-engine (${version})`,
		'',
		'PLATFORMS',
		'  ruby',
		'',
		'DEPENDENCIES',
		'  studio-engine',
		'',
	].join('\n');
}

const gemfile = (line: string) => `source '${REGISTRY}'\n\n${line}\n`;
const SEEN: ObservedConsumer = {
	gemfile: gemfile("gem 'studio-engine', '~> 0.1.0'"),
	lock: lock('0.1.0'),
	tip: FROZEN,
	ours: null,
	digests: {},
};

const decide = (over: Partial<ObservedConsumer> = {}) => decideRepin(SPEC, { ...SEEN, ...over });

suite('repin', (test) => {
	test('a pin that the version has outgrown is rewritten, on the frozen SHA', () => {
		const change = changeOf(decide());
		assert.equal([change.base, change.branch], [FROZEN, 'release']);
		assert.equal(change.gemfile, gemfile("gem 'studio-engine', '~> 0.2'"));
		assert.equal(change.edits, [
			{ line: 3, before: "gem 'studio-engine', '~> 0.1.0'", after: "gem 'studio-engine', '~> 0.2'" },
		]);
		assert.equal(change.pins, [PIN]);
	});
	test('a pin that admits the version is left alone, and only the lock moves', () => {
		const change = changeOf(decide({ gemfile: gemfile("gem 'studio-engine', '~> 0.1'") }));
		assert.is(change.gemfile, null);
		assert.equal(change.edits, []);
	});
	test('Gemfile and lock that hold the version are done: the frozen SHA ships', () => {
		const decision = decide({ gemfile: gemfile("gem 'studio-engine', '~> 0.2'"), lock: lock('0.2.0') });
		assert.equal(decision.type === 'done' && decision.evidence, { sha: FROZEN });
	});
	test('the version from another server is not what was published', () => {
		const held = { gemfile: gemfile("gem 'studio-engine', '~> 0.2'"), lock: lock('0.2.0', 'https://elsewhere.test') };
		assert.is(verdict(decide(held)), 'todo');
	});
	test('our own re-pin commit is done, and it is what ships', () => {
		const decision = decide({ ours: SHIP, tip: SHIP });
		assert.equal(decision.type === 'done' && decision.evidence, { sha: SHIP });
	});
	test('drift: a release branch that moved, or is gone, gets no commit on top', () => {
		assert.is(verdict(decide({ tip: OTHER })), 'blocked drift');
		assert.is(verdict(decide({ tip: null })), 'blocked drift');
	});
	test('an app that uses none of the gems, or has no Gemfile, ships what is frozen', () => {
		assert.is(
			verdict(decide({ gemfile: gemfile("gem 'rack'"), lock: lock('0.1.0').replaceAll('studio-engine', 'rack') })),
			'done',
		);
		assert.is(verdict(decide({ gemfile: null, lock: null })), 'done');
	});
	test('a gem that only the lock holds, through another gem, moves with the train', () => {
		const change = changeOf(decide({ gemfile: gemfile("gem 'rack'") }));
		assert.equal([change.gemfile, change.pins], [null, [PIN]]);
	});
	test('a Gemfile without a lock is an obstacle: what the lock holds is what ships', () => {
		assert.is(verdict(decide({ lock: null })), 'blocked preflight');
	});
	test('repin-refused: what cannot be edited safely names its line', () => {
		const decision = decide({ gemfile: gemfile('gem \'studio-engine\', "~> #{VERSION}"') });
		assert.is(verdict(decision), 'blocked repin-refused');
		if (decision.type === 'blocked')
			assert.equal([decision.findings[0]?.at?.file, decision.findings[0]?.at?.line], ['Gemfile', 3]);
	});
	test('repin-refused: a pin is never rewritten downward', () => {
		assert.is(verdict(decide({ gemfile: gemfile("gem 'studio-engine', '~> 0.9'") })), 'blocked repin-refused');
	});
	test('the digest that the registry serves goes into the change, and stays open until it does', () => {
		const sha256 = 'e'.repeat(64);
		assert.equal(changeOf(decide({ digests: { 'studio-engine': sha256 } })).pins, [{ ...PIN, sha256 }]);
	});
	test('a pin whose version the train does not know is not touched', () => {
		const edit = editFor({ pins: [{ ...PIN, version: null }] }, SEEN);
		assert.is(edit.type, 'nothing');
	});
	test('a graph drawn from the file alone can be shown and never run', () => {
		assert.throws(() => decideRepin({ ...SPEC, frozen: null }, SEEN), /file alone/);
	});
	test('never done while the lock holds another version, and never an edit on a branch that moved', () => {
		const worlds = fc.record({
			requirement: fc.constantFrom('', ", '~> 0.1.0'", ", '~> 0.2'", ", '0.1.0'", ", path: '../studio-engine'"),
			version: fc.constantFrom('0.1.0', '0.2.0'),
			tip: fc.constantFrom(null, FROZEN, OTHER),
		});
		fc.assert(
			fc.property(worlds, ({ requirement, version, tip }) => {
				const decision = decide({ gemfile: gemfile(`gem 'studio-engine'${requirement}`), lock: lock(version), tip });
				if (decision.type === 'done') assert.is(version, '0.2.0');
				if (decision.type === 'todo') assert.is(tip, FROZEN);
			}),
		);
	});
});
