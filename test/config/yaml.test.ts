import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { brief, load, onlyError, parse } from './support.ts';

const REFUSED: readonly (readonly [rule: string, text: string, brief: string])[] = [
	['an empty file', '', 'missing-key 1:1 '],
	['a file of comments', '# nothing yet\n', 'missing-key 1:1 #'],
	['a file that says null', '~\n', 'missing-key 1:1 ~'],
	['a root that is a list', '- a\n', 'wrong-type 1:1 - a'],
	['a root that is text', 'hello\n', 'wrong-type 1:1 hello'],
	['a second document', 'gems: {}\n---\napps: {}\n', 'yaml-syntax 2:1 ---'],
	['a tab as indentation', 'apps:\n\tshop:\n', 'yaml-syntax 2:1 \t'],
	['an open quote', 'apps:\n  a: { path: "x }\n', 'yaml-syntax 3:1 '],
	['another YAML version', '# c\n%YAML 1.1\n---\napps: {}\n', 'unsupported 2:1 %YAML 1.1'],
	['a tag of a language', 'apps: !ruby/object {}\n', 'yaml-syntax 1:7 !ruby/object'],
	['a NUL character', 'apps: {}\n# \0\n', 'yaml-syntax 2:3 \ufffd'],
	['an alias without an anchor', 'x-a: *nope\n', 'yaml-syntax 1:6 *nope'],
	['an alias within its own anchor', 'x-a: &a [*a]\n', 'yaml-syntax 1:10 *a'],
	['an alias without an anchor where text is wanted', 'apps: { a: { needs: [*nope] } }\n', 'yaml-syntax 1:22 *nope'],
	['a key that is a list', '? [a]\n: b\n', 'wrong-type 1:3 [a]'],
	['a merge of text', 'apps: { a: { <<: b } }\n', 'wrong-type 1:18 b'],
	['the key __proto__', 'apps: { __proto__: {} }\n', 'bad-name 1:9 __proto__'],
	['nesting without end', `x-a: ${'['.repeat(80)}${']'.repeat(80)}\n`, 'yaml-syntax 1:1 x'],
];

suite('config: YAML', (test) => {
	for (const [rule, text, expected] of REFUSED) {
		test(`${rule} is an error at its place`, () => {
			assert.is(brief(onlyError(text)), expected);
		});
	}

	test('duplicate-key: both lines are named, and the rest of the file is still checked', () => {
		const { diagnostics } = parse('apps: {}\ntrain: { concurrencyy: 1 }\napps: {}\n');
		assert.equal(diagnostics.map(brief), ['unknown-key 2:10 concurrencyy', 'duplicate-key 3:1 apps']);
		assert.match(diagnostics[1]?.summary ?? '', 'line 1');
	});

	test('an alias bomb is an error and takes no time', () => {
		const level = (n: number) =>
			`x-${n}: &a${n} [${Array(10)
				.fill(`*a${n - 1}`)
				.join(', ')}]\n`;
		const bomb = `x-0: &a0 [${Array(10).fill('boom').join(', ')}]\n${[1, 2, 3, 4, 5, 6, 7, 8].map(level).join('')}`;
		const error = onlyError(bomb);
		assert.is(error.code, 'yaml-syntax');
		assert.match(error.summary, 'aliases');
	});

	test('a file larger than 2 MiB is an error', () => {
		assert.match(onlyError(`# ${'x'.repeat(2 * 1024 * 1024)}\n`).summary, '2 MiB');
	});

	test('a byte order mark and CRLF line ends are no matter', () => {
		const { apps } = load('\ufeffapps:\r\n  shop:\r\n    test_cmd: bin/test all\r\n');
		assert.equal(apps[0]?.testCmd, ['bin/test', 'all']);
		assert.equal(apps[0]?.at, { file: 'release_repos.yml', line: 2, col: 3, endCol: 7, excerpt: '  shop:' });
	});

	test('numbers and truth values keep the form in which they are written', () => {
		const text = 'train: { main_branch: 1.10 }\napps: { a: { test_cmd: true, qa_test_cmd: [x, 1.20, no] } }\n';
		const { train, apps } = load(text);
		assert.is(train.mainBranch, '1.10');
		assert.equal(apps[0]?.testCmd, ['true']);
		assert.equal(apps[0]?.qaTestCmd, ['x', '1.20', 'no']);
	});

	test('<<: an own key wins over the base, the first base over the second', () => {
		const text = [
			'x-one: &one { test_cmd: one, ladder: three-rung }',
			'x-two: &two { test_cmd: two, qa_test_cmd: two }',
			'apps:',
			'  a: { <<: *one, test_cmd: own }',
			'  b: { <<: [*one, *two] }',
		].join('\n');
		const [a, b] = load(text).apps;
		assert.equal([a?.testCmd, b?.testCmd, b?.qaTestCmd], [['own'], ['one'], ['two']]);
	});

	test('an error in a shared block is reported once, where it stands', () => {
		const { diagnostics } = parse('x-base: &base { test_cmd: "a \'b" }\napps: { a: *base, b: { <<: *base } }\n');
		const places = new Set(diagnostics.map(({ at }) => `${at?.line}:${at?.col}`));
		assert.equal([...places], ['1:27']);
	});

	test('x- keys pass at every level, and an entry with such a name is no repository', () => {
		const config = load(
			'x-a: 1\ntrain: { x-b: [] }\napps: { x-c: 7, web: { x-d: {}, prod_deploy: { strategy: none, x-e: 1 } } }\n',
		);
		assert.equal(
			config.apps.map(({ name }) => name),
			['web'],
		);
	});

	test('names that JavaScript objects inherit or reorder are names like any other', () => {
		const config = load('apps: { zeta: {}, constructor: {}, "42": {}, toString: { needs: [constructor] } }\n');
		assert.equal(
			config.apps.map(({ name }) => name),
			['zeta', 'constructor', '42', 'toString'],
		);
		assert.equal(
			config.apps[3]?.needs.map(({ repo }) => repo),
			['constructor'],
		);
		const inputs = 'prod_deploy: { strategy: github_actions, workflow: d.yml, inputs: { constructor: a, valueOf: b } }';
		const deploy = load(`apps: { a: { ${inputs} } }`).apps[0]?.prodDeploy;
		assert.equal(deploy?.strategy === 'github_actions' && { ...deploy.inputs }, { constructor: 'a', valueOf: 'b' });
	});
});
