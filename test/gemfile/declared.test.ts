import * as assert from 'uvu/assert';
import { declaredGems } from '../../src/gemfile/declared.ts';
import { suite } from '../support/suite.ts';

/** The parts of each entry that the tables below name. */
function summary(text: string): unknown[] {
	return declaredGems(text).map(({ gem, line, requirements, sources, refusal }) => [
		gem,
		line,
		[...requirements],
		[...sources],
		refusal === null,
	]);
}

suite('declared gems', (test) => {
	test('each declaration has its line, requirements and sources', () => {
		const text =
			'source "https://s.test"\ngem "x", "~> 1", ["< 2", nil], git: "u", branch: "b"\ngroup :a do\n  gem("y", require: false) if z\nend\n';
		assert.equal(summary(text), [
			['x', 2, ['~> 1', '< 2'], ['git', 'branch'], true],
			['y', 4, [], [], true],
		]);
	});

	test('source blocks count as sources, and a `source` block inside ends them', () => {
		const text = 'git "u" do\n  path "q" do\n    gem "x"\n  end\n  source "https://s.test" do\n    gem "y"\n  end\nend';
		assert.equal(summary(text), [
			['x', 3, [], ['path', 'git'], true],
			['y', 6, [], [], true],
		]);
	});

	test('a commented-out declaration and a string are none', () => {
		assert.equal(summary('# gem "x"\nputs %q(gem "x")\n=begin\ngem "x"\n=end\n'), []);
	});

	test('a loop over literals declares each of them, and none can be re-pinned', () => {
		assert.equal(summary('[["x", "1"], ["y", "2"]].each do |name, version|\n  gem name, version\nend'), [
			['x', 2, [], [], false],
			['y', 2, [], [], false],
		]);
	});

	test('what the text does not name is an entry without a name', () => {
		assert.equal(summary('gem ENV["X"]\neval_gemfile "l"\ngemspec name: "x"\npath "q"\n'), [
			[null, 1, [], [], false],
			[null, 2, [], [], false],
			['x', 3, [], ['path'], false],
			[null, 4, [], ['path'], false],
		]);
	});

	test('a declaration with computed arguments keeps its name', () => {
		assert.equal(summary('gem "x", *a'), [['x', 1, [], [], false]]);
	});

	test('a file that is not Ruby is one entry with the message of the parser', () => {
		const [only, ...others] = declaredGems('gem "x"\ngroup :a do\n');
		assert.is(others.length, 0);
		assert.is(only?.gem, null);
		assert.match(only?.refusal?.reason ?? '', /^not valid Ruby: /);
	});
});
