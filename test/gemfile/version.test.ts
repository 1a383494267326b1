import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import {
	compareVersions,
	isPrerelease,
	isValid,
	newestVersion,
	pessimisticPin,
	satisfies,
} from '../../src/gemfile/version.ts';
import { suite } from '../support/suite.ts';

const BY_RUBYGEMS = `
require "json"
rows = JSON.parse($stdin.read).map do |left, right, operator|
  version, other = Gem::Version.new(left), Gem::Version.new(right)
  [version <=> other, version.prerelease?, Gem::Requirement.new("#{operator} #{right}").satisfied_by?(version)]
end
puts JSON.generate(rows)
`;

const number = fc.constantFrom('0', '1', '2', '9', '10', '12');
const version = fc
	.tuple(number, fc.array(number, { maxLength: 3 }), fc.constantFrom('', '', '.rc1', '.pre', '.a', '.beta.2', '-rc1'))
	.map(([first, rest, tail]) => [first, ...rest].join('.') + tail);

suite('gem versions', (test) => {
	test('0.10 is 0.10.0, follows 0.9, and follows its own prerelease', () => {
		assert.is(compareVersions('0.10', '0.10.0'), 0);
		assert.ok(compareVersions('0.10', '0.9.9') > 0);
		assert.ok(compareVersions('0.10.0.rc1', '0.10') < 0);
	});

	test('the newest of none is null, of many the last in order', () => {
		assert.is(newestVersion([]), null);
		assert.is(newestVersion(['0.9.3', '0.10.0.rc1', '0.10.0', '0.2']), '0.10.0');
	});

	test('a blank, a word and a padded version are none', () => {
		assert.equal(['0.9.3', '1', '1.0.0-rc1', '', ' ', 'latest', '1.', ' 1.0', '1.0\n'].map(isValid), [
			true,
			true,
			true,
			false,
			false,
			false,
			false,
			false,
			false,
		]);
		assert.throws(() => compareVersions('', '1'), /not a gem version: ""/);
		assert.throws(() => satisfies('1.0', ['~> 1, < 2']), /not a requirement: "~> 1, < 2"/);
	});

	test('a requirement list admits what each of its members admits; an empty one admits all', () => {
		assert.equal(
			[satisfies('0.9.3', ['~> 0.8', '< 1']), satisfies('0.9.3', ['~> 0.8', '< 0.9']), satisfies('0.1', [])],
			[true, false, true],
		);
	});

	test('a pin is major.minor, and for a prerelease the version itself', () => {
		assert.equal(['0.9.3', '12.4.99', '0.10', '3', '1.0.0.rc1', '2.rc'].map(pessimisticPin), [
			'~> 0.9',
			'~> 12.4',
			'~> 0.10',
			'~> 3.0',
			'~> 1.0.0.rc1',
			'~> 2.rc',
		]);
	});

	test('a pin admits its own version', () => {
		fc.assert(fc.property(version, (text) => assert.ok(satisfies(text, [pessimisticPin(text)]), text)));
	});

	test('order, prereleases and requirements are those of RubyGems', () => {
		const operator = fc.constantFrom('=', '!=', '>', '<', '>=', '<=', '~>');
		fc.assert(
			fc.property(
				fc.array(fc.tuple(version, version, operator), { minLength: 400, maxLength: 400, size: 'max' }),
				(rows) => {
					const ours = rows.map(([left, right, op]) => [
						compareVersions(left, right),
						isPrerelease(left),
						satisfies(left, [`${op} ${right}`]),
					]);
					const output = execFileSync('ruby', ['-e', BY_RUBYGEMS], {
						input: JSON.stringify(rows),
						encoding: 'utf8',
						timeout: 50_000,
					});
					const theirs = JSON.parse(output) as unknown[];
					const differing = rows.filter((_, index) => JSON.stringify(ours[index]) !== JSON.stringify(theirs[index]));
					assert.equal(differing, []);
				},
			),
			{ numRuns: 1 },
		);
	});
});
