import { type Row, rewrites } from './rows.ts';

const BLOCKS: readonly Row[] = [
	[
		'a block of ours goes, its lines stay',
		'git "u" do\n  gem "x"\n\n  gem "y", ">= 1" # c\nend\n',
		'  gem "x", "~> 0.9"\n\n  gem "y", "~> 1.2" # c\n',
	],
	['comments on its lines stay', 'path "q" do # a\n  gem "x"\nend # b', '# a\n  gem "x", "~> 0.9"\n# b'],
	[
		'a missing final newline stays missing',
		'gem "z"\r\ngithub "a/b", branch: "c" do\r\n  gem "x"\r\nend',
		'gem "z"\r\n  gem "x", "~> 0.9"',
	],
	['on one line', 'git("u") { gem "x"; gem "y" }', 'gem "x", "~> 0.9"; gem "y", "~> 1.2"'],
	['on one line, with a suffix', 'path "q" do gem "x" end if a', 'gem "x", "~> 0.9" if a'],
	[
		'a group inside goes along',
		'path "q" do\n  group :a do\n    gem "x"\n  end\n  gem "z"\nend',
		'  group :a do\n    gem "x", "~> 0.9"\n  end\npath "q" do\n  gem "z"\nend',
	],
	[
		'ours last: the block ends before',
		'path "q" do\n  gem "z"\n\n  # ours\n  gem "x"\nend\n',
		'path "q" do\n  gem "z"\nend\n\n  # ours\n  gem "x", "~> 0.9"\n',
	],
	[
		'ours between others: the block is there twice',
		'path "q" do\n  gem "w"\n  gem "x"\n\n  gem "z"\nend\n',
		'path "q" do\n  gem "w"\nend\n  gem "x", "~> 0.9"\n\npath "q" do\n  gem "z"\nend\n',
	],
	['nested blocks both go', 'git "u" do\n  path "q" do\n    gem "x"\n  end\nend\n', '    gem "x", "~> 0.9"\n'],
	[
		'a source block stays',
		'source "https://s.test" do\n  gem "x", path: "q"\n  gem "y", "1.0"\nend',
		'source "https://s.test" do\n  gem "x", "~> 0.9"\n  gem "y", "~> 1.2"\nend',
	],
	[
		'a source block inside takes its gems out of a git block',
		'git "u" do\n  source "https://s.test" do\n    gem "x"\n  end\n  gem "z"\nend',
		'git "u" do\n  source "https://s.test" do\n    gem "x"\n  end\n  gem "z"\nend',
	],
	[
		'a gem with its own registry does not come from the block',
		'git "u" do\n  gem "x", source: "https://s.test"\n  gem "z"\nend',
		'git "u" do\n  gem "x", source: "https://s.test"\n  gem "z"\nend',
	],
	['blocks of others stay', 'git "u" do\n  gem "z", "1"\nend', 'git "u" do\n  gem "z", "1"\nend'],
];

rewrites('re-pin, source blocks', BLOCKS);
