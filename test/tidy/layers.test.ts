import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { type Files, withSandbox } from './sandbox.ts';
import { tool } from './tool.ts';

/** One offence for each rule: the file that breaks it, and what that file imports. */
const OFFENCES: Readonly<Record<string, readonly [from: string, imported: string]>> = {
	'no-cycle': ['src/runner/loop.ts', './loop.ts'],
	'no-unresolved-import': ['src/runner/lost.ts', './nowhere.ts'],
	'core-imports-nothing': ['src/core/greedy.ts', '../config/free.ts'],
	'pure-without-io': ['src/tasks/publish/decide.ts', '../../io/free.ts'],
	'foundation-below-features': ['src/config/upward.ts', '../record/free.ts'],
	'io-knows-no-feature': ['src/io/clever.ts', '../graph/free.ts'],
	'config-and-gemfile-below-graph': ['src/gemfile/upward.ts', '../graph/free.ts'],
	'tasks-without-runner-or-views': ['src/tasks/publish/run.ts', '../../runner/free.ts'],
	'record-stands-alone': ['src/record/file-store.ts', '../tasks/free.ts'],
	'worktree-without-runner-or-views': ['src/worktree/compile.ts', '../runner/free.ts'],
	'runner-without-views': ['src/runner/run.ts', '../ui/free.ts'],
	'views-act-on-nothing': ['src/ui/live.ts', '../io/free.ts'],
	'nothing-imports-the-command-line': ['src/commands/ship.ts', '../cli.ts'],
	'only-io-starts-processes': ['src/io/git.ts', 'node:child_process'],
	'only-io-touches-files': ['src/commands/status.ts', 'node:fs/promises'],
	'product-without-tests-or-scripts': ['src/commands/demo.ts', '../../test/free.ts'],
	'no-development-library': ['src/commands/fuzz.ts', 'fast-check'],
	'only-importer-of-yaml': ['src/config/schema.ts', 'yaml'],
	'only-importer-of-zod': ['src/record/parse.ts', 'zod'],
	'only-importer-of-shlex': ['src/tasks/argv.ts', 'shlex'],
	'only-importer-of-dagrejs-graphlib': ['src/graph/compile.ts', '@dagrejs/graphlib'],
	'only-importer-of-viz-js-viz': ['src/commands/graph.ts', '@viz-js/viz'],
	'only-importer-of-ruby-prism': ['src/gemfile/repin.ts', '@ruby/prism'],
	'only-importer-of-renovatebot-ruby-semver': ['src/gemfile/lock.ts', '@renovatebot/ruby-semver'],
	'only-importer-of-execa': ['src/io/bundler.ts', 'execa'],
	'only-importer-of-ioredis': ['src/worktree/band.ts', 'ioredis'],
	'only-importer-of-octokit-core': ['src/tasks/deploy/octokit.ts', '@octokit/core'],
	'only-importer-of-octokit-plugin-retry': ['src/tasks/deploy/retry.ts', '@octokit/plugin-retry'],
	'only-importer-of-octokit-plugin-throttling': ['src/tasks/deploy/throttle.ts', '@octokit/plugin-throttling'],
	'only-importer-of-proper-lockfile': ['src/io/files.ts', 'proper-lockfile'],
	'only-importer-of-modern-tar': ['src/io/gem-registry.ts', 'modern-tar'],
	'only-importer-of-listr2': ['src/runner/view.ts', 'listr2'],
	'only-importer-of-chalk': ['src/commands/run.ts', 'chalk'],
	'only-importer-of-clack-prompts': ['src/commands/confirm.ts', '@clack/prompts'],
	'only-importer-of-commander': ['src/runner/options.ts', 'commander'],
	'only-importer-of-commander-js-extra-typings': ['src/runner/flags.ts', '@commander-js/extra-typings'],
};

const FREE = ['config', 'record', 'graph', 'tasks', 'runner', 'ui', 'io'].map((folder) => `src/${folder}/free.ts`);

interface Cruise {
	readonly summary: {
		readonly violations: readonly { readonly rule: { readonly name: string } }[];
		readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
	};
}

/** What `npm run check` says of a tree of one-line files: the rules that it breaks, and all rules. */
function layersOf(files: Files): { broken: readonly string[]; rules: readonly string[] } {
	const argv = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src'];
	const { stdout } = withSandbox(files, (cwd) => tool('depcruise', argv, cwd));
	const { summary } = JSON.parse(stdout) as Cruise;
	return {
		broken: [...new Set(summary.violations.map(({ rule }) => rule.name))],
		rules: summary.ruleSetUsed.forbidden.map(({ name }) => name),
	};
}

suite('tidy: layers', (test) => {
	test('every rule of .dependency-cruiser.mjs sees an offence: a parser that reads no import is green on anything', () => {
		const free = [...FREE, 'src/cli.ts', 'test/free.ts'].map((path) => [path, 'export const free = true;']);
		const offences = Object.values(OFFENCES).map(([path, imported]) => [path, `import '${imported}';`]);
		const { rules, broken } = layersOf(Object.fromEntries([...free, ...offences]));
		const blind = rules.filter((rule) => !broken.includes(rule));
		assert.ok(rules.length > 0);
		assert.equal(blind, [], `these rules saw nothing, add an offence above: ${blind.join(', ')}`);
	});

	test('a type is an import too', () => {
		const { broken } = layersOf({
			'src/graph/free.ts': 'export type Free = true;',
			'src/core/greedy.ts': "import type { Free } from '../graph/free.ts';\nexport type Greedy = Free;",
		});
		assert.equal(broken, ['core-imports-nothing']);
	});

	test('a dynamic import is an import too', () => {
		const { broken } = layersOf({ 'src/commands/ship.ts': "export const load = () => import('execa');" });
		assert.equal(broken, ['only-importer-of-execa']);
	});

	test('a tree that keeps the layers breaks no rule', () => {
		const { broken } = layersOf({
			'src/core/free.ts': 'export const free = true;',
			'src/io/command.ts': "import 'execa';\nimport '../core/free.ts';",
			'src/tasks/publish/run.ts': "import '../../io/command.ts';",
		});
		assert.equal(broken, []);
	});
});
