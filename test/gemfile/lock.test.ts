import { execFileSync } from 'node:child_process';
import * as assert from 'uvu/assert';
import { lockHolds, parseLock } from '../../src/gemfile/lock.ts';
import { suite } from '../support/suite.ts';

/** Bundler reads a lock only beside a Gemfile that exists. */
const BY_BUNDLER = `
require "bundler"
require "tmpdir"
Dir.mktmpdir do |dir|
  ENV["BUNDLE_GEMFILE"] = File.join(dir, "Gemfile")
  File.write(ENV["BUNDLE_GEMFILE"], "")
  puts Bundler::LockfileParser.new($stdin.read).specs.map(&:full_name).sort
end
`;

const DIGEST = 'a'.repeat(64);
const OTHER_DIGEST = 'b'.repeat(64);
const LOCK = `GIT
  remote: https://token@git.test/forked.git
  revision: 0123456789abcdef
  branch: main
  specs:
    forked (1.0)
      engine (>= 0.8)

PATH
  remote: ../local
  specs:
    local (0.1.0)

GEM
  remote: https://gems.test/
  specs:
    engine (0.9.3)
      native (~> 1.2)
    native (1.2.0)
    native (1.2.0-x86_64-linux)

GEM
  remote: https://user:secret@private.test:8443/gems/
  specs:
    hidden (2.0.0.rc1)

PLATFORMS
  ruby
  x86_64-linux

DEPENDENCIES
  engine (~> 0.9)
  forked!
  hidden (~> 2.0.0.rc1)!
  local!

CHECKSUMS
  engine (0.9.3) sha256=${DIGEST}
  hidden (2.0.0.rc1)
  native (1.2.0) sha512=00,sha256=${OTHER_DIGEST.toUpperCase()}
  native (1.2.0-x86_64-linux) sha256=${DIGEST}

BUNDLED WITH
   2.6.9
`;

const ENGINE = { gem: 'engine', version: '0.9.3', registry: 'https://gems.test' };

function held(pin: { gem: string; version: string; registry: string; sha256?: string }, text = LOCK): string {
	const answer = lockHolds(parseLock(text), pin);
	return answer.ok ? 'held' : answer.seen;
}

suite('Gemfile.lock, read', (test) => {
	test('gems have their version, platform and source; their dependencies are no gems', () => {
		const { gems } = parseLock(LOCK);
		assert.equal([...gems.keys()], ['forked', 'local', 'engine', 'native', 'hidden']);
		assert.equal(gems.get('forked'), [
			{
				version: '1.0',
				platform: null,
				source: { type: 'git', remote: 'https://token@git.test/forked.git', revision: '0123456789abcdef' },
			},
		]);
		assert.equal(
			gems.get('native')?.map((gem) => gem.platform),
			[null, 'x86_64-linux'],
		);
	});

	test('checksums are lower-case hex by full name, and absent where the lock has none', () => {
		const { checksums } = parseLock(LOCK);
		assert.equal(
			[...checksums],
			[
				['engine-0.9.3', DIGEST],
				['native-1.2.0', OTHER_DIGEST],
				['native-1.2.0-x86_64-linux', DIGEST],
			],
		);
	});

	test('carriage returns change nothing', () => {
		assert.equal(parseLock(LOCK.replaceAll('\n', '\r\n')), parseLock(LOCK));
	});

	test('the Bundler is the one that wrote the lock, or null', () => {
		assert.is(parseLock(LOCK).bundledWith, '2.6.9');
		assert.is(parseLock('GEM\n  specs:\n').bundledWith, null);
	});

	test('a merge conflict cannot be read', () => {
		const text = LOCK.replace(
			'    engine (0.9.3)\n',
			'<<<<<<< HEAD\n    engine (0.9.3)\n=======\n    engine (0.9.4)\n>>>>>>> topic\n',
		);
		assert.throws(() => parseLock(text), /Gemfile\.lock: merge conflict at line 17: <<<<<<< HEAD/);
	});

	test('Bundler itself reads the same gems from the same text', () => {
		const theirs = execFileSync('ruby', ['-e', BY_BUNDLER], { input: LOCK, encoding: 'utf8', timeout: 50_000 })
			.trim()
			.split('\n');
		const ours = [...parseLock(LOCK).gems].flatMap(([name, gems]) =>
			gems.map(({ version, platform }) => [name, version, ...(platform ? [platform] : [])].join('-')),
		);
		assert.equal(ours.toSorted(), theirs);
	});
});

suite('Gemfile.lock, holding a pin', (test) => {
	test('this version from this registry, with or without a slash at its end', () => {
		assert.equal([held(ENGINE), held({ ...ENGINE, registry: 'https://GEMS.test/' })], ['held', 'held']);
	});

	test('credentials of a remote are neither compared nor shown', () => {
		const pin = { gem: 'hidden', version: '2.0.0.rc1', registry: 'https://private.test:8443/gems' };
		assert.is(held(pin), 'held');
		assert.is(held({ ...pin, registry: 'https://gems.test' }), 'hidden 2.0.0.rc1 from https://private.test:8443/gems');
		assert.is(
			held({ ...ENGINE, gem: 'forked', version: '1.0' }),
			'forked 1.0 from git https://git.test/forked.git at 0123456789abcdef',
		);
	});

	test('another version, a path and an absent gem are named', () => {
		assert.is(held({ ...ENGINE, version: '0.9.4' }), 'engine 0.9.3');
		assert.is(held({ ...ENGINE, gem: 'local', version: '0.1.0' }), 'local 0.1.0 from path ../local');
		assert.is(held({ ...ENGINE, gem: 'none' }), 'none is not in the lock');
	});

	test('every platform must hold the version', () => {
		const native = { ...ENGINE, gem: 'native', version: '1.2.0' };
		assert.is(held(native), 'held');
		assert.is(held(native, LOCK.replace('(1.2.0-x86', '(1.1.0-x86')), 'native 1.1.0 (x86_64-linux)');
	});

	test('a checksum of the lock must be that of the pin; none in the lock is none to compare', () => {
		assert.is(held({ ...ENGINE, sha256: DIGEST.toUpperCase() }), 'held');
		assert.is(held({ ...ENGINE, sha256: OTHER_DIGEST }), `engine 0.9.3 with sha256=${DIGEST}`);
		assert.is(held({ ...ENGINE, sha256: OTHER_DIGEST }, LOCK.replace(/CHECKSUMS[\s\S]*?\n\n/, '')), 'held');
	});
});
