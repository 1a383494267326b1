/**
 * The layers of src/ (docs/ARCHITECTURE.md): arrows point down only. The comment of a rule is what a
 * person reads when the rule is broken, so it says where the code belongs.
 */

/** Paths as dependency-cruiser sees them: `node_modules/NAME/…`, or the bare name of what is not installed or is of Node. */
const library = (name) => `(?:^|/)node_modules/${name}/|^${name}$`;
const builtin = (...names) => `^(?:node:)?(?:${names.join('|')})(?:/|$)`;

/** What decides and does not act: a table can test it, and no run of it can change the world. */
const PURE = [
	'^src/(?:core|graph|config|gemfile)/',
	'^src/record/transitions\\.ts$',
	'^src/runner/schedule\\.ts$',
	'^src/tasks/[^/]+/decide\\.ts$',
	'^src/worktree/(?:band|allocator|safety)\\.ts$',
];

/** One library, one door: swapping it, or learning its traps, concerns one file. */
function onlyImporter(name, owners, advice) {
	return {
		name: `only-importer-of-${name.replace(/^@/, '').replaceAll('/', '-')}`,
		severity: 'error',
		comment: `${name} has its traps, and ${owners.join(', ')} knows them. ${advice}`,
		from: { path: '^src/', pathNot: owners.map((owner) => `^${owner.replaceAll('.', '\\.')}`) },
		to: { path: library(name) },
	};
}

function neverImports({ name, from, fromNot = [], to, toNot = [], comment }) {
	return { name, severity: 'error', comment, from: { path: from, pathNot: fromNot }, to: { path: to, pathNot: toNot } };
}

export default {
	options: {
		// The TypeScript 7 compiler has no API that dependency-cruiser could read: it then sees no imports at all, and is green.
		parser: 'swc',
		tsPreCompilationDeps: true,
		doNotFollow: { path: 'node_modules' },
		enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
	},
	forbidden: [
		{
			name: 'no-cycle',
			severity: 'error',
			comment: 'Files that need each other are one file in two pieces. Move what both need into a file below them.',
			from: {},
			to: { circular: true },
		},
		{
			name: 'no-unresolved-import',
			severity: 'error',
			comment: 'The import names no file and no package: it would fail when it is reached. Correct its path.',
			from: {},
			to: { couldNotResolve: true },
		},
		neverImports({
			name: 'core-imports-nothing',
			from: '^src/core/',
			to: '.',
			toNot: ['^src/core/'],
			comment: 'core is under everything. What needs a library or another folder belongs to the folder that needs it.',
		}),
		neverImports({
			name: 'pure-without-io',
			from: PURE,
			to: ['^src/io/', builtin('fs', 'child_process', 'net', 'tls', 'http', 'https', 'dns', 'worker_threads')],
			fromNot: ['^src/gemfile/prism\\.ts$'],
			comment:
				'This file decides and does no I/O. Read the world in a probe (src/tasks/<kind>/probe.ts) or a command and pass the facts in.',
		}),
		neverImports({
			name: 'foundation-below-features',
			from: '^src/(?:graph|config|gemfile|io)/',
			to: '^src/(?:cli\\.ts|commands|ui|runner|tasks|worktree|record)',
			comment: 'graph, config, gemfile and io are under the features. Pass the value in, or move its type down.',
		}),
		neverImports({
			name: 'io-knows-no-feature',
			from: '^src/io/',
			to: '^src/(?:graph|gemfile)/',
			comment:
				'io speaks to one outside thing and knows no train. What gives the answer a meaning belongs to src/tasks.',
		}),
		neverImports({
			name: 'config-and-gemfile-below-graph',
			from: '^src/(?:config|gemfile)/',
			to: '^src/graph/',
			comment:
				'A graph is compiled from a Config, never the other way round. Work on compiled tasks belongs to src/graph.',
		}),
		neverImports({
			name: 'tasks-without-runner-or-views',
			from: '^src/tasks/',
			to: '^src/(?:cli\\.ts|commands|runner|ui)',
			comment: 'A kind says what is so and what to do; when it runs is src/runner, how it looks is src/ui.',
		}),
		neverImports({
			name: 'record-stands-alone',
			from: '^src/record/',
			to: '^src/(?:cli\\.ts|commands|runner|tasks|ui|worktree)',
			comment:
				'The record is written by others and reads none of them. Code that joins it to a run belongs to src/commands.',
		}),
		neverImports({
			name: 'worktree-without-runner-or-views',
			from: '^src/worktree/',
			to: '^src/(?:cli\\.ts|commands|runner|ui)',
			comment: 'Worktrees compile to a graph; running and showing it is for src/commands to wire.',
		}),
		neverImports({
			name: 'runner-without-views',
			from: '^src/runner/',
			to: '^src/(?:cli\\.ts|commands|ui|worktree)',
			comment: 'The runner sends events (src/runner/events.ts). A view of them belongs to src/ui.',
		}),
		neverImports({
			name: 'views-act-on-nothing',
			from: '^src/ui/',
			to: '^src/(?:cli\\.ts|commands|tasks|worktree|io)',
			comment: 'A view draws what it is given. Reading or changing the world belongs to src/tasks or src/commands.',
		}),
		neverImports({
			name: 'nothing-imports-the-command-line',
			from: '^src/',
			to: '^src/cli\\.ts$',
			comment: 'cli.ts is the composition root: what others need of it belongs to src/commands.',
		}),
		neverImports({
			name: 'only-io-starts-processes',
			from: '^src/',
			fromNot: ['^src/io/command\\.ts$'],
			to: builtin('child_process', 'cluster'),
			comment:
				'Every process starts through src/io/command.ts: bounded, logged, killed with its children, never a shell.',
		}),
		neverImports({
			name: 'only-io-touches-files',
			from: '^src/',
			// They read what is installed with Slipway: the Ruby parser, and its own version.
			fromNot: ['^src/io/', '^src/gemfile/prism\\.ts$', '^src/cli\\.ts$'],
			to: builtin('fs'),
			comment:
				'Files are read and written in src/io (src/io/files.ts: atomic, private, durable). Call it, or add to it.',
		}),
		neverImports({
			name: 'product-without-tests-or-scripts',
			from: '^src/',
			to: '^(?:test|scripts|bench)/',
			comment: 'What ships may not need what does not. Move the shared part into src.',
		}),
		{
			name: 'no-development-library',
			severity: 'error',
			comment:
				'A development dependency is absent where Slipway is installed. Import its types only, or make it a dependency.',
			from: { path: '^src/' },
			to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
		},
		onlyImporter(
			'yaml',
			['src/config/document.ts', 'src/io/gem-archive.ts', 'src/io/workflow-file.ts'],
			'Ask for a parsed document there.',
		),
		onlyImporter(
			'zod',
			['src/config/'],
			'It costs 45 ms to load. Check small shapes by hand, and the file in src/config/schema.ts.',
		),
		onlyImporter('shlex', ['src/config/'], 'Everything after the configuration has an argv already.'),
		onlyImporter('@dagrejs/graphlib', ['src/graph/algorithms.ts'], 'Add the algorithm there.'),
		onlyImporter('@viz-js/viz', ['src/graph/print/svg.ts'], 'Print DOT and hand it to that file.'),
		onlyImporter('@ruby/prism', ['src/gemfile/prism.ts'], 'Walk the tree that it returns.'),
		onlyImporter('@renovatebot/ruby-semver', ['src/gemfile/version.ts'], 'Compare versions through that file.'),
		onlyImporter('execa', ['src/io/command.ts'], 'Start the process through it.'),
		onlyImporter(
			'ioredis',
			['src/io/redis.ts'],
			'It connects to database 0 when it cannot do what you asked; go through that file.',
		),
		...['@octokit/core', '@octokit/plugin-retry', '@octokit/plugin-throttling'].map((name) =>
			onlyImporter(
				name,
				['src/io/github.ts'],
				'It repeats what must be sent once, and gives a torn answer the status 200; ask GitHub through that file.',
			),
		),
		onlyImporter('proper-lockfile', ['src/io/lock.ts'], 'Take the lock through it.'),
		onlyImporter('modern-tar', ['src/io/gem-archive.ts'], 'Read archives through it.'),
		onlyImporter('listr2', ['src/ui/'], 'The runner schedules and sends events; src/ui draws them.'),
		onlyImporter('chalk', ['src/ui/'], 'Return text with a tone (src/core/segment.ts); src/ui gives it a colour.'),
		onlyImporter('@clack/prompts', ['src/ui/confirm.ts'], 'Ask through it.'),
		onlyImporter('commander', ['src/cli.ts', 'src/commands/'], 'Take plain arguments instead.'),
		onlyImporter('@commander-js/extra-typings', ['src/commands/'], 'Take plain arguments instead.'),
	],
};
