import * as assert from 'uvu/assert';
import { repin } from '../../src/gemfile/repin.ts';
import { suite } from '../support/suite.ts';
import { PINS } from './rows.ts';

/** Rule, Gemfile, `line:col` of the first refusal, its gems, and words of its reason. */
const REFUSED: readonly (readonly [rule: string, text: string, at: string, gems: string, words: RegExp])[] = [
	['an interpolated requirement', 'gem "x", "~> #{V}"', '1:10', 'x', /computed/],
	['options in a variable', 'o = {}\ngem "x", **o', '2:10', 'x', /options that are computed/],
	['arguments in a variable', 'é = 1; gem "x", o', '1:17', 'x', /computed/],
	['a splat', 'gem "x", *o', '1:10', 'x', /computed/],
	['a computed key', 'gem "x", k => "q"', '1:10', 'x', /computed/],
	['a shorthand splat of a call', 'gem "x", **(a ? {path: "q"} : {})', '1:10', 'x', /computed/],
	['a computed name', 'gem ENV["G"], path: "q"', '1:1', 'x,y', /computed/],
	['a loop with ours', '%w[a x].each do |n|\n  gem n\nend', '2:3', 'x', /computed/],
	['a list that grows', 'n = %w[a]\nn << "x"\nn.each { |g| gem g }', '3:14', 'x,y', /computed/],
	['a name that is reassigned', 'n = "a"\nn = "x" if b\ngem n', '3:1', 'x,y', /computed/],
	['a name that stands for itself', 'n = n\ngem n', '2:1', 'x,y', /computed/],
	['a name that may be around ours', 'gem "#{p}x"', '1:1', 'x', /computed/],
	['a method of the file, called with ours', 'def l(n) = gem(n)\nl "z"\nl "y"', '1:12', 'y', /computed/],
	['a method that is passed on', 'def l(*a) = gem(*a)\nl "z"', '1:13', 'x,y', /computed/],
	['send', 'send(:gem, "x", path: "q")', '1:1', 'x', /send/],
	['a heredoc that would go', 'gem "x", path: <<~P.chomp\n  q\nP', '1:10', 'x', /heredoc/],
	['a heredoc between arguments', 'gem "x", require: <<~P.chomp,\n  q\nP\n  path: "q"', '1:1', 'x', /between/],
	['a comment inside an array that would go', 'gem "x", [\n  "< 0.9", # c\n]', '1:10', 'x', /comment/],
	['a comment that a suffix would follow', 'gem "x", # c\n  path: "q" if a', '1:1', 'x', /between/],
	['a source whose requirement is above', 'gem "x", "~> 0.10", path: "q"', '1:1', 'x', /above 0\.9\.3/],
	['an exclusion of this version', 'gem "x", "!= 0.9.3"', '1:1', 'x', /excludes 0\.9\.3/],
	['a requirement that RubyGems rejects', 'gem "x", "~> 0.8, < 1"', '1:1', 'x', /does not accept/],
	['an evaluated file that may declare ours', 'gem "x"\neval_gemfile "l"', '2:1', 'y', /evaluated/],
	['text that is evaluated', 'gem "x"\ninstance_eval File.read("l")', '2:1', 'y', /evaluated/],
	[
		'an option that an evaluated file may define',
		'eval_gemfile "l"\ngem "y"\ngem "x", stash: "q"',
		'3:10',
		'x',
		/stash/,
	],
	['a gemspec of ours', 'gemspec name: "x"', '1:1', 'x', /gemspec/],
	['a gemspec elsewhere', 'gem "y"\ngemspec path: "../x"', '2:1', 'x', /gemspec/],
	['a path without a block', 'path "../x"\ngem "x"', '1:1', 'x', /no block/],
	[
		'a statement of a block with ours and others',
		'git "u" do\n  group :a do\n    gem "x"\n    gem "z"\n  end\nend',
		'3:5',
		'x',
		/beside/,
	],
	['a block on one line with others', 'git("u") { gem "x"; gem "z" }', '1:12', 'x', /shares/],
	['a block as a value', 'a = git "u" do\n  gem "x"\nend', '2:3', 'x', /expression/],
	['a block with a rescue', 'git "u" do\n  gem "x"\nrescue\nend', '2:3', 'x', /rescue/],
	['a block with a suffix over lines', 'git "u" do\n  gem "x"\nend if a', '2:3', 'x', /statement/],
	[
		'a block with local variables that others keep',
		'git "u" do\n  a = 1\n  gem "x", require: a\nend',
		'3:3',
		'x',
		/variables/,
	],
	[
		'a block with computed arguments, needed twice',
		'git u do\n  gem "w"\n  gem "x"\n  gem "z"\nend',
		'3:3',
		'x',
		/computed/,
	],
	['a comment among the arguments of a block', 'git "u", # c\n  branch: "b" do\n  gem "x"\nend', '3:3', 'x', /comment/],
	['a file that is not Ruby', 'gem "x"\ngem "y', '2:7', '', /not valid Ruby: unterminated string/],
];

suite('re-pin, refused', (test) => {
	for (const [rule, text, at, gems, words] of REFUSED) {
		test(rule, () => {
			const result = repin(text, PINS);
			const [first] = result.refusals;
			assert.ok(first, 'nothing was refused');
			assert.equal([`${first.line}:${first.col}`, first.gems.join()], [at, gems]);
			assert.match(first.reason, words);
			assert.is(first.excerpt, text.split('\n')[first.line - 1]);
			assert.ok(first.hint.length > 0 && first.endCol > first.col);
			assert.equal([result.text, result.changes], [text, []]);
		});
	}

	test('one refusal keeps every other declaration as it was', () => {
		const text = 'gem "y", path: "q"\ngem "x", *a\n';
		assert.is(repin(text, PINS).text, text);
	});

	test('what cannot be a gem of ours is no reason to refuse', () => {
		const text = 'gem "z", *a\ngem "w", "#{v}"\nsend(:gem, "q")\n';
		assert.equal(repin(text, PINS), { text, changes: [], refusals: [] });
	});

	test('a version that is none throws', () => {
		assert.throws(() => repin('gem "x"', { x: 'latest' }), /not a gem version: "latest"/);
	});
});
