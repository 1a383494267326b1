import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { CODES } from '../../src/core/codes.ts';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import { suite } from '../support/suite.ts';
import { brief, load, parse } from './support.ts';

const EXAMPLE = readFileSync(join(import.meta.dirname, '../../release_repos.yml'), 'utf8');

suite('config: the whole file', (test) => {
	test('the example at the top of this repository loads without a diagnostic', () => {
		const { gems, apps, tasks, train } = load(EXAMPLE);
		assert.is(gems.length, 2);
		assert.equal(
			apps.filter(({ role }) => role === 'hub').map(({ name }) => name),
			['quay'],
		);
		const strategies = new Set(apps.flatMap(({ qaDeploy, prodDeploy }) => [qaDeploy.strategy, prodDeploy.strategy]));
		assert.equal([...strategies].sort(), ['git_push_heroku', 'github_actions', 'kamal', 'none', 'repo_script']);
		assert.is(apps.filter(({ parked }) => parked !== null).length, 1);
		assert.is(tasks.length, 2);
		// The file says that these are the defaults; so it must not drift from them.
		assert.equal({ ...train, notify: [] }, load('apps: {}').train);
	});

	test('all errors of a file are reported at once, by line, each with its place and a hint', () => {
		const { config, diagnostics } = parse(`train:
  concurrency: 0
  gate: per_app
gems:
  core: { version_file: ../v.rb, needs: [shp] }
apps:
  shop:
    role: hub
    test_cmd: "bin/test 'a"
    prod_deploy: { strategy: heroku }
  desk: { role: hub, needs: [desk] }
  desk: {}
tasks:
  t: { run: a, shell: b, needs: [nope] }
`);
		assert.is(config, null);
		assert.equal(diagnostics.map(brief), [
			'bad-value 2:16 0',
			'unknown-key 3:3 gate',
			'path-escape 5:25 ../v.rb',
			'unknown-repo 5:42 shp',
			`bad-command 9:15 "bin/test 'a"`,
			'bad-strategy 10:30 heroku',
			'two-hubs 11:17 hub',
			'cycle 11:30 desk',
			'duplicate-key 12:3 desk',
			'bad-value 14:16 shell',
			'unknown-task 14:34 nope',
		]);
		assert.ok(diagnostics.every(({ hint }) => hint));
		assert.equal(diagnostics.map(({ repo }) => repo ?? '-').join(' '), '- - core core shop shop desk desk - - -');
	});

	test('several thousand repositories take far less than a second more than reading the YAML does', () => {
		const entry = (n: number) =>
			`  app-${n}:\n    test_cmd: bin/rails test\n    needs: [${n > 0 ? `app-${n - 1}` : ''}]\n    prod_deploy: { strategy: git_push_heroku, smoke_url: "https://a${n}.test" }\n`;
		const text = (size: number) => `apps:\n${Array.from({ length: size }, (_, n) => entry(n)).join('')}`;
		const time = (size: number) => {
			const input = text(size);
			const start = performance.now();
			assert.is(load(input).apps.length, size);
			return performance.now() - start;
		};
		time(500);
		// A quadratic pass would make this ratio 16; the bound leaves room for a busy machine.
		const [small, large] = [time(1_000), time(4_000)];
		assert.ok(large < small * 10, `1 000: ${small.toFixed()} ms, 4 000: ${large.toFixed()} ms`);
	});
});

/** Lines of the text as a person counts them. */
function assertSpan(text: string, { at, hint, summary, code }: Diagnostic): void {
	if (!at) throw new Error(`without a place: ${summary}`);
	const lines = text.replace(/^\ufeff/, '').split('\n');
	const line = lines[at.line - 1];
	assert.ok(line !== undefined, `line ${at.line} of ${lines.length}`);
	const length = (line ?? '').replace(/\r$/, '').length;
	assert.is(at.excerpt.length, length);
	assert.ok(1 <= at.col && at.col <= at.endCol && at.endCol <= length + 1, JSON.stringify(at));
	assert.ok(hint && summary && code in CODES);
	assert.ok(!summary.includes('\n'));
}

const VALUES = [
	'',
	'~',
	'{}',
	'[]',
	'true',
	'1.10',
	'a b',
	'"x',
	'-f',
	'../x',
	'*a',
	'&a x',
	'{ a: b }',
	'[a, b]',
	'|',
	'three-rung',
	'hub',
	'redis',
	'5m',
];
const KEYS = [
	'train',
	'gems',
	'apps',
	'tasks',
	'worktrees',
	'a',
	'b',
	'<<',
	'x-a',
	'__proto__',
	'constructor',
	'needs',
	'role',
	'run',
	'shell',
	'outputs',
];
const MORE_KEYS = [
	'prod_deploy',
	'strategy',
	'version_file',
	'record',
	'notify',
	'worktree',
	'ports',
	'redis',
	'env',
	'timeouts',
	'test_cmd',
	'"',
	'?',
];

/** Text that is nearly a registry: what random characters would never reach. */
const nearly = fc
	.array(
		fc.record({
			depth: fc.integer({ min: 0, max: 4 }),
			key: fc.constantFrom(...KEYS, ...MORE_KEYS),
			value: fc.constantFrom(...VALUES),
		}),
		{ maxLength: 24 },
	)
	.map((lines) => lines.map(({ depth, key, value }) => `${'  '.repeat(depth)}${key}: ${value}`).join('\n'));

/** The example with a stretch of it replaced. */
const damaged = fc
	.tuple(
		fc.nat(EXAMPLE.length),
		fc.nat(40),
		fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: 'binary', maxLength: 8 })),
	)
	.map(([at, length, patch]) => EXAMPLE.slice(0, at) + patch + EXAMPLE.slice(at + length));

suite('config: any text', (test) => {
	const texts = { random: fc.string({ unit: 'binary', maxLength: 200 }), 'nearly right': nearly, damaged };
	for (const [kind, arbitrary] of Object.entries(texts)) {
		test(`${kind} text gives a config or errors with places within it, and never throws`, () => {
			fc.assert(
				fc.property(arbitrary, (text) => {
					const { config, diagnostics } = parse(text);
					for (const diagnostic of diagnostics) assertSpan(text, diagnostic);
					assert.is(
						config === null,
						diagnostics.some(({ severity }) => severity === 'error'),
					);
				}),
				{ numRuns: kind === 'damaged' ? 60 : 300 },
			);
		});
	}
});
