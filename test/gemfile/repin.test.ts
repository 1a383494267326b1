import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { repin } from '../../src/gemfile/repin.ts';
import { suite } from '../support/suite.ts';
import { PINS, type Row, rewrites } from './rows.ts';

const ARGUMENTS: readonly Row[] = [
	['parentheses stay', 'gem("x", path: "../x")', 'gem("x", "~> 0.9")'],
	['a call without a space', 'gem "x",path:"../x",require:false', 'gem "x", "~> 0.9",require:false'],
	[
		'options before and after the source stay',
		'gem "x", group: :a, git: "u", ref: "r", require: "z"',
		'gem "x", "~> 0.9", group: :a, require: "z"',
	],
	[
		'every source option goes',
		'gem "x", git: "u", branch: "b", tag: "t", ref: "r", glob: "g", submodules: true\ngem "y", gist: "1", require: false\ngem "x", bitbucket: "a/b"\ngem "x", gitlab: "a/b"',
		'gem "x", "~> 0.9"\ngem "y", "~> 1.2", require: false\ngem "x", "~> 0.9"\ngem "x", "~> 0.9"',
	],
	[
		'a git source that the file defines goes',
		'git_source(:stash) { |r| r }\ngem "x", stash: "a/b"',
		'git_source(:stash) { |r| r }\ngem "x", "~> 0.9"',
	],
	[
		'a gem registry of its own stays',
		'gem "x", source: "https://gems.test", path: "q"',
		'gem "x", "~> 0.9", source: "https://gems.test"',
	],
	['an option of a later Bundler stays', 'gem "x", path: "q", shiny: true', 'gem "x", "~> 0.9", shiny: true'],
	['string keys', 'gem "x", "path" => "q", "require" => false', 'gem "x", "~> 0.9", "require" => false'],
	['quoted keys', 'gem "x", "path": "q", "require": false', 'gem "x", "~> 0.9", "require": false'],
	['a source that is computed goes like any other', 'gem "x", path: ENV["P"] || "q#{1}"', 'gem "x", "~> 0.9"'],
	['braces around options stay', 'gem "x", { github: "a", require: false }', 'gem "x", "~> 0.9", { require: false }'],
	['braces that hold nothing more go', 'gem("x", {path: "a"})', 'gem("x", "~> 0.9")'],
	['braces that hold a comment stay', 'gem "x", { # c\n  path: "a"\n}', 'gem "x", "~> 0.9", { # c\n}'],
	[
		'a trailing comma stays',
		'gem("x",\n  path: "q",\n  require: false,\n)',
		'gem("x", "~> 0.9",\n  require: false,\n)',
	],
	['a trailing comma behind a source stays', 'gem(\n  "x",\n  path: "q",\n)', 'gem(\n  "x", "~> 0.9",\n)'],
	[
		'a backslash joins lines',
		'gem "x", \\\n  path: "q", \\\n  require: false',
		'gem "x", "~> 0.9", \\\n  require: false',
	],
	['`self.gem` is `gem`', 'self.gem "x", path: "q"', 'self.gem "x", "~> 0.9"'],
	['a nil requirement is none', 'gem "x", nil, path: "q"', 'gem "x", "~> 0.9"'],
	['%q names keep their quotes', 'gem %q(x), path: "q"', 'gem %q(x), %q(~> 0.9)'],
	['adjacent strings are one', 'gem "x" "", path: "q"', 'gem "x" "", "~> 0.9"'],
	[
		'a suffix stays',
		'gem "x", path: "q" if ENV["A"]\ngem "y", git: "u" unless a?',
		'gem "x", "~> 0.9" if ENV["A"]\ngem "y", "~> 1.2" unless a?',
	],
	['two calls on a line', 'gem "x", path: "q"; gem "y", path: "q"', 'gem "x", "~> 0.9"; gem "y", "~> 1.2"'],
	[
		'bytes before the call may be any',
		'# é €\nn = "日本"; gem "x", path: "é" # ü',
		'# é €\nn = "日本"; gem "x", "~> 0.9" # ü',
	],
	['a byte order mark stays', '\u{feff}gem "x", path: "q"\r\n', '\u{feff}gem "x", "~> 0.9"\r\n'],
	[
		'carriage returns stay inside a call',
		'gem "x",\r\n  path: "q",\r\n  require: false\r\n',
		'gem "x", "~> 0.9",\r\n  require: false\r\n',
	],
	[
		'a heredoc that stays',
		'gem "x", path: "q", require: <<~R.chomp\n  a\nR\ngem "z"',
		'gem "x", "~> 0.9", require: <<~R.chomp\n  a\nR\ngem "z"',
	],
	[
		'each branch is rewritten',
		'if a\n  gem "x", path: "q"\nelse\n  gem "x", "~> 0.8"\nend',
		'if a\n  gem "x", "~> 0.9"\nelse\n  gem "x", "~> 0.8"\nend',
	],
	[
		'each duplicate is rewritten',
		'group(:a) { gem "x", path: "q" }\nplatforms :ruby do\n\tgem "x", path: "q"\nend',
		'group(:a) { gem "x", "~> 0.9" }\nplatforms :ruby do\n\tgem "x", "~> 0.9"\nend',
	],
	[
		'what follows __END__ is no Ruby',
		'gem "x", path: "q"\n__END__\ngem "y", path: "q"\n',
		'gem "x", "~> 0.9"\n__END__\ngem "y", path: "q"\n',
	],
	[
		'another receiver declares nothing',
		'Other.gem "x", path: "q"\nother.gem "y", *a',
		'Other.gem "x", path: "q"\nother.gem "y", *a',
	],
];

const COMMENTS: readonly Row[] = [
	[
		'comments behind removed options stay',
		'gem "x",\n  github: "a/x", # the fork\n  branch: "main", # until 2.0\n  require: false # why\n',
		'gem "x", "~> 0.9", # the fork\n  # until 2.0\n  require: false # why\n',
	],
	[
		'a comment behind a last option that goes stays',
		'gem "x",\n  require: false, # why\n  github: "a/x" # the fork\ngem "z"\n',
		'gem "x", "~> 0.9",\n  require: false # why\n  # the fork\ngem "z"\n',
	],
	['a comment behind the name stays', 'gem "x", # name\n  path: "y"\ngem "z"\n', 'gem "x", "~> 0.9" # name\ngem "z"\n'],
	[
		'a comment line between options stays',
		'gem "x",\n  # local\n  path: "y",\n  require: false\n',
		'gem "x", "~> 0.9",\n  # local\n  require: false\n',
	],
	[
		'a comma in a comment is none',
		'gem "x", # a, b\n  path: "y", # c, d\n  require: false',
		'gem "x", "~> 0.9", # a, b\n  # c, d\n  require: false',
	],
	[
		'comments in parentheses stay',
		'gem(\n  "x", # name\n  path: "y" # path\n)\n',
		'gem(\n  "x", "~> 0.9" # name\n  # path\n)\n',
	],
];

const REQUIREMENTS: readonly Row[] = [
	['a list becomes one', 'gem "x", "~> 0.8", "< 0.9"', 'gem "x", "~> 0.9"'],
	['an array becomes one', 'gem "x", ["~> 0.8", "< 0.9"], require: false', 'gem "x", "~> 0.9", require: false'],
	['a %w array becomes one', 'gem "x", %w[<0.9 >=0.8]', 'gem "x", "~> 0.9"'],
	['its own quotes stay', `gem "x", '0.8'`, `gem "x", '~> 0.9'`],
	['a range over the version stays', 'gem "x", ">= 0.8", "< 2", "!= 0.9.2"', 'gem "x", ">= 0.8", "< 2", "!= 0.9.2"'],
	['an upper bound is outgrown', 'gem "x", "<= 0.9.2"', 'gem "x", "~> 0.9"'],
	['0.10 follows 0.9', 'gem "x", ">= 0.10"', 'gem "x", ">= 0.10"'],
	['an equal version of other length is admitted', 'gem "y", "= 1.2.3.0"', 'gem "y", "= 1.2.3.0"'],
	['a requirement beside a source is rewritten', 'gem "x", ">= 0.8.1", path: "q"', 'gem "x", "~> 0.9"'],
	['a pin that is right already keeps its bytes', `gem "x", '~> 0.9', path: "q"`, `gem "x", '~> 0.9'`],
];

const COMPUTED_NAMES: readonly Row[] = [
	['a loop over other literals', '%w[a b].each { |n| gem n, path: n }', '%w[a b].each { |n| gem n, path: n }'],
	['a loop with `it`', '%i[a b].each { gem it.to_s }', '%i[a b].each { gem it.to_s }'],
	[
		'a loop over pairs',
		'{ "a" => "1", b: "x" }.each { |n, v| gem n.to_s, v }',
		'{ "a" => "1", b: "x" }.each { |n, v| gem n.to_s, v }',
	],
	[
		'a `for` over a constant',
		'N = %w[a b].freeze\nfor n in N do gem n end',
		'N = %w[a b].freeze\nfor n in N do gem n end',
	],
	['a name around a computed part', 'gem "active#{n}"', 'gem "active#{n}"'],
	[
		'a method of the file with other callers',
		'def l(n, *a) = gem(n, *a)\nl "z", path: "q"',
		'def l(n, *a) = gem(n, *a)\nl "z", path: "q"',
	],
];

const UNTOUCHED_DIRECTIVES: readonly Row[] = [
	['the own gemspec', 'gemspec\ngem "x"\ngem "y"', 'gemspec\ngem "x"\ngem "y"'],
	[
		'an evaluated file beside declarations of ours',
		'eval_gemfile "l"\ngem "x"\ngem "y", path: "q"',
		'eval_gemfile "l"\ngem "x"\ngem "y", "~> 1.2"',
	],
	['a global path without a gem of ours', 'path "q"\ngem "z"', 'path "q"\ngem "z"'],
];

rewrites('re-pin, arguments', ARGUMENTS);
rewrites('re-pin, comments', COMMENTS);
rewrites('re-pin, requirements', REQUIREMENTS);
rewrites('re-pin, computed names', COMPUTED_NAMES);
rewrites('re-pin, other directives', UNTOUCHED_DIRECTIVES);

suite('re-pin, prereleases', (test) => {
	const rows: readonly Row[] = [
		['no requirement admits a prerelease', 'gem "x"', 'gem "x", "~> 2.0.0.rc1"'],
		['a requirement without a letter admits none', 'gem "x", ">= 1"', 'gem "x", "~> 2.0.0.rc1"'],
		['one with a letter does', 'gem "x", ">= 2.0.0.a"', 'gem "x", ">= 2.0.0.a"'],
		['the release itself is above its prerelease', 'gem "x", "~> 2.0"', 'gem "x", "~> 2.0"'],
	];
	for (const [rule, before, after] of rows) {
		test(rule, () => assert.is(repin(before, { x: '2.0.0.rc1' }).text, after));
	}
});

suite('re-pin, changes', (test) => {
	test('a change names the gem, its place, its pin, and the call before and after', () => {
		const { changes } = repin('gem "z"\n  gem "x", path: "q" # c\n', PINS);
		assert.equal(changes, [
			{
				gem: 'x',
				pin: '~> 0.9',
				line: 2,
				col: 3,
				endCol: 21,
				excerpt: '  gem "x", path: "q" # c',
				before: 'gem "x", path: "q"',
				after: 'gem "x", "~> 0.9"',
			},
		]);
	});

	test('names like those of every object are names of gems', () => {
		assert.is(repin('gem "constructor", path: "q"', {}).text, 'gem "constructor", path: "q"');
		assert.is(repin('gem "constructor", path: "q"', { constructor: '1.0' }).text, 'gem "constructor", "~> 1.0"');
	});

	test('any text comes back, re-pinned or as it was, and never throws', () => {
		const piece = fc.constantFrom(
			'gem ',
			'"x"',
			', ',
			'path: ',
			'"q"',
			'\n',
			' do',
			'\nend',
			'{',
			'}',
			'(',
			')',
			'# é',
			'\\',
			'<<~A\n',
			'git ',
			'#{',
			' if a',
			'%w[x]',
			'\r\n',
			'"~> 0.1"',
			'*',
			'**',
			'=begin\n',
		);
		fc.assert(
			fc.property(fc.array(fc.oneof(piece, fc.string({ unit: 'grapheme' })), { maxLength: 14 }), (pieces) => {
				const text = pieces.join('');
				const result = repin(text, PINS);
				assert.is(result.text === text, result.changes.length === 0);
			}),
			{ numRuns: 400 },
		);
	});
});
