import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { brief, load, onlyError, parse } from './support.ts';

const worktree = (more: string) => `apps: { shop: { worktree: { ${more} } } }`;
const PORTS = 'ports: { primary: 3100, last: 3199 }';

const REFUSED: readonly (readonly [rule: string, text: string, brief: string])[] = [
	['a misspelt section', 'tran: {}', 'unknown-key 1:1 tran'],
	['a concurrency in words', 'train: { concurrency: many }', 'wrong-type 1:23 many'],
	['a concurrency of nothing', 'train: { concurrency: 0 }', 'bad-value 1:23 0'],
	['a concurrency that is a fraction', 'train: { concurrency: 1.5 }', 'wrong-type 1:23 1.5'],
	['a release branch that is the main branch', 'train: { release_branch: main }', 'bad-value 1:26 main'],
	['gates that do not exist', 'train: { gates: per_apps }', 'bad-value 1:17 per_apps'],
	['a record in Redis, which is yet to come', 'train: { record: redis }', 'unsupported 1:18 redis'],
	[
		'a record in Redis with its address',
		'train: { record: { store: redis, url: redis://h } }',
		'unsupported 1:27 redis',
	],
	['an unknown record store', 'train: { record: { store: fil } }', 'bad-value 1:27 fil'],
	['a webhook without an address', 'train: { notify: [{ type: json }] }', 'bad-value 1:19 { type: json }'],
	['a webhook with two', 'train: { notify: [{ type: json, url: https://h.test, url_env: H }] }', 'bad-value 1:19 {'],
	['a webhook of an unknown type', 'train: { notify: [{ type: slak, url_env: H }] }', 'bad-value 1:27 slak'],
	['a timeout without a unit', 'train: { timeouts: { probe: 5 } }', 'bad-value 1:29 5'],
	['a gem registry that is no web address', 'train: { gem_registry: rubygems.org }', 'bad-value 1:24 rubygems.org'],
	['a projects_dir that is a list', 'train: { projects_dir: [a] }', 'wrong-type 1:24 [a]'],
	['a worktree without ports', worktree('copy: [.env]'), 'missing-key 1:17 worktree'],
	['ports that leave none for a worktree', worktree('ports: { primary: 3100, last: 3100 }'), 'bad-value 1:59 3100'],
	[
		'a reserved port outside',
		worktree('ports: { primary: 3100, last: 3199, reserved: [3110, 4000] }'),
		'bad-value 1:82 4000',
	],
	['a port that the system hands out', worktree('ports: { primary: 3100, last: 40000 }'), 'bad-value 1:59 40000'],
	['a misspelt placeholder', worktree(`${PORTS}, env: { A: "{slugg}" }`), 'bad-value 1:77 "{slugg}"'],
	['a variable that Slipway sets', worktree(`${PORTS}, env: { PORT: 1 }`), 'bad-value 1:74 PORT'],
	['a copied file from elsewhere', worktree(`${PORTS}, copy: [../.env]`), 'path-escape 1:74 ../.env'],
	['a health that is no path', worktree(`${PORTS}, health: up`), 'bad-value 1:75 up'],
	['a band larger than Redis is to be', 'worktrees: { redis: { physical_target: 20 } }', 'bad-value 1:40 20'],
];

suite('config: settings', (test) => {
	for (const [rule, text, expected] of REFUSED) {
		test(`${rule} is an error`, () => {
			assert.ok(brief(onlyError(text)).startsWith(expected), brief(onlyError(text)));
		});
	}

	test('without a train and a worktrees section, the documented defaults hold', () => {
		for (const text of ['apps: {}', 'train:\nworktrees:\n', 'train: { timeouts: , retries: }\nworktrees: { redis: }']) {
			const { train, worktrees } = load(text);
			assert.equal(train, {
				projectsDir: '/srv/fleet',
				mainBranch: 'main',
				releaseBranch: 'release',
				gemRegistry: 'https://rubygems.org',
				concurrency: 4,
				gates: 'before_any_deploy',
				record: { store: 'file' },
				notify: [],
				timeouts: { probeMs: 30_000, commandMs: 1_800_000, deployMs: 3_600_000, smokeMs: 300_000, indexMs: 600_000 },
				retries: { probe: 3, lock: 5 },
			});
			const redis = { url: 'redis://127.0.0.1:6379', firstDb: 9, floor: 20, step: 10, physicalTarget: 64 };
			assert.equal(worktrees, { redis });
		}
	});

	test('projects_dir: PROJECTS_DIR wins over the key, the key over the parent folder', () => {
		const dir = (key: string, env: Record<string, string>) =>
			load(`train: { ${key} }\napps: { a: {} }`, env).apps[0]?.path;
		assert.is(dir('', {}), '/srv/fleet/a');
		assert.is(dir('projects_dir: ../code', {}), '/srv/fleet/code/a');
		assert.is(dir('projects_dir: ~/code', { HOME: '/srv/me' }), '/srv/me/code/a');
		assert.is(dir('projects_dir: "~"', { HOME: '/srv/me' }), dir('projects_dir: /srv/me', {}));
		assert.is(dir('projects_dir: ../code', { PROJECTS_DIR: '/env' }), '/env/a');
		assert.is(dir('', { PROJECTS_DIR: '' }), '/srv/fleet/a');
	});

	test('path: absolute, from home, or from the folder of the file', () => {
		const config = load('apps: { a: { path: /x/y }, b: { path: ~/y }, c: { path: ../../y } }');
		assert.equal(
			config.apps.map(({ path }) => path),
			['/x/y', '/srv/me/y', '/srv/y'],
		);
	});

	test('a ~ without HOME is an error and no folder named ~', () => {
		const { config, diagnostics } = parse('apps: { a: { path: ~/x } }', {});
		assert.is(config, null);
		assert.equal(diagnostics.map(brief), ['bad-value 1:20 ~/x']);
	});

	test('a gem registry of its own wins, and loses the slash at its end', () => {
		const text =
			'train: { gem_registry: "https://a.test//" }\ngems: { g: { version_file: v }, h: { version_file: v, gem_registry: https://b.test/x/ } }';
		assert.equal(
			load(text).gems.map(({ registry }) => registry),
			['https://a.test', 'https://b.test/x'],
		);
	});

	test('a webhook is a literal address or the name of a variable', () => {
		const { notify } = load(
			'train: { notify: [{ type: slack, url_env: HOOK }, { type: json, url: "https://h.test/x/" }] }',
		).train;
		assert.equal(notify, [
			{ type: 'slack', url: null, urlEnv: 'HOOK' },
			{ type: 'json', url: 'https://h.test/x/', urlEnv: null },
		]);
	});

	test('a worktree section is read in full', () => {
		const text = `${worktree(`${PORTS}, env: { A: "{app}-{port}" }, setup: [one, [two, "a b"]], start: bin/dev, health: /up`)}`;
		const section = load(text).apps[0]?.worktree;
		assert.equal(section && { ...section, env: { ...section.env } }, {
			ports: { primary: 3100, last: 3199, reserved: [] },
			copy: [],
			env: { A: '{app}-{port}' },
			setup: [['one'], ['two', 'a b']],
			start: ['bin/dev'],
			health: '/up',
		});
	});
});
