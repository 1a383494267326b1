import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { brief, load, onlyError, parse } from './support.ts';

const gem = (more: string) => `gems: { core: { version_file: lib/v.rb, ${more} } }`;
const app = (more: string) => `apps: { shop: { ${more} } }`;
const deploy = (more: string) => app(`prod_deploy: { ${more} }`);
const smoke = (url: string, page: string) => deploy(`strategy: git_push_heroku,${url} smoke: ${page}`);
const smoked = (page: string) => smoke(' smoke_url: https://h.example,', page);

/** The whole diagnostic is in the table: what, where, and which text is marked. */
const REFUSED: readonly (readonly [rule: string, text: string, brief: string])[] = [
	[
		'path_escape: a version_file that leaves the repository',
		'gems: { a: { version_file: ../v.rb } }',
		'path-escape 1:28 ../v.rb',
	],
	['path_escape: an absolute gemspec', gem('gemspec: /etc/core.gemspec'), 'path-escape 1:50 /etc/core.gemspec'],
	[
		'path_escape: a deploy script that climbs out',
		deploy('strategy: repo_script, command: a/../../b'),
		'path-escape 1:64 a/../../b',
	],
	['a path that begins with a dash, behind a ./ too', gem('gemspec: ./-x.gemspec'), 'bad-name 1:50 ./-x.gemspec'],
	['a path with a control character', gem('gemspec: "a\\x01.gemspec"'), 'bad-name 1:50 "a\\x01.gemspec"'],
	['a gemspec that is none', gem('gemspec: core.rb'), 'bad-value 1:50 core.rb'],
	[
		'arguments in the path of a deploy script',
		deploy('strategy: repo_script, command: bin/deploy now'),
		'bad-value 1:64 bin/deploy now',
	],
	['a gem without version_file', 'gems: { core: {} }', 'missing-key 1:9 core'],
	['a repository named like an option', 'apps: { -rf: {} }', 'bad-name 1:9 -rf'],
	['a repository named like a path', 'apps: { a/b: {} }', 'bad-name 1:9 a/b'],
	['a repository name with dots that climb', 'apps: { a..b: {} }', 'bad-name 1:9 a..b'],
	[
		'a branch that git would take for an option',
		deploy('strategy: git_push_heroku, branch: --force'),
		'bad-name 1:67 --force',
	],
	['a remote that git does not accept', deploy('strategy: git_push_heroku, remote: "a b"'), 'bad-name 1:67 "a b"'],
	[
		'a workflow given as a path',
		deploy('strategy: github_actions, workflow: .github/d.yml'),
		'bad-name 1:68 .github/d.yml',
	],
	['a smoke of nothing', smoke('', '{ status: 204 }'), 'bad-value 1:66 { status: 204 }'],
	['a page that is no path', smoked('{ path: up }'), 'bad-value 1:104 up'],
	['a page of another host', smoked('{ path: //h/up }'), 'bad-value 1:104 //h/up'],
	['a status that is none', smoked('{ status: 99 }'), 'bad-value 1:106 99'],
	['a text to look for that is empty', smoked('{ body: "" }'), 'bad-value 1:104 ""'],
	[
		'a revision at two places',
		smoked('{ revision: { header: X-A, json: a } }'),
		'bad-value 1:108 { header: X-A, json: a }',
	],
	['a revision at no place', smoked('{ revision: {} }'), 'bad-value 1:108 {}'],
	['a revision at an unknown place', smoked('{ revision: { cookie: a } }'), 'unknown-key 1:110 cookie'],
	['a revision in a word', smoked('{ revision: header }'), 'bad-value 1:108 header'],
	['a header that can be none', smoked('{ revision: { header: "X A" } }'), 'bad-value 1:118 "X A"'],
	['a github_actions target without workflow', deploy('strategy: github_actions'), 'missing-key 1:17 prod_deploy'],
	['a destination that Kamal would take for an option', deploy('strategy: kamal, destination: -f'), 'bad-name 1:62 -f'],
	['a misspelt strategy', deploy('strategy: git_push_herok'), 'bad-strategy 1:42 git_push_herok'],
	['a target without strategy', deploy('remote: heroku'), 'bad-strategy 1:17 prod_deploy'],
	['a target with nothing in it', app('prod_deploy: '), 'bad-strategy 1:17 prod_deploy'],
	['a target that is one word', app('qa_deploy: heroku'), 'bad-strategy 1:17 qa_deploy'],
	['a key of another strategy', deploy('strategy: repo_script, command: x, branch: y'), 'unknown-key 1:67 branch'],
	['a command with an open quote', app('test_cmd: bin/test "a'), 'bad-command 1:27 bin/test "a'],
	['an empty command', app('test_cmd: "  "'), 'bad-command 1:27 "  "'],
	['a command list without a word', app('test_cmd: []'), 'bad-command 1:27 []'],
	['a command that is a mapping', app('test_cmd: { a: b }'), 'wrong-type 1:27 { a: b }'],
	['a key with no value', app('test_cmd: '), 'wrong-type 1:17 test_cmd'],
	['needs that are no list', app('needs: core'), 'wrong-type 1:24 core'],
	['a role that does not exist', app('role: hubb'), 'bad-value 1:23 hubb'],
	['a role on a gem', gem('role: hub'), 'unknown-key 1:41 role'],
	['an address that is none', app('url: "not an address"'), 'bad-value 1:22 "not an address"'],
	['an address of another kind', app('url: ftp://h/x'), 'bad-value 1:22 ftp://h/x'],
	[
		'a smoke_url that has /up already',
		deploy('strategy: git_push_heroku, smoke_url: https://a.test/up'),
		'bad-value 1:70 https://a.test/up',
	],
	[
		'a smoke_url with a query',
		deploy('strategy: git_push_heroku, smoke_url: https://a.test?x'),
		'bad-value 1:70 https://a.test?x',
	],
	["a home that is another user's", app('path: ~other/x'), 'bad-value 1:23 ~other/x'],
	['a needed repository that does not exist', app('needs: [shopp]'), 'unknown-repo 1:25 shopp'],
	[
		'two gems of one name',
		'gems: { a: { version_file: v }, b: { version_file: v, gemspec: x/a.gemspec } }',
		'bad-value 1:33 b',
	],
];

suite('config: repositories', (test) => {
	for (const [rule, text, expected] of REFUSED) {
		test(`${rule} is an error`, () => {
			assert.is(brief(onlyError(text)), expected);
		});
	}

	test('the file of the old conductor, just gems and apps, loads unchanged', () => {
		const config = load(`
gems:
  studio-engine:
    version_file: lib/studio/version.rb
    release_check: bin/release-check
    build_cmd: gem build studio-engine.gemspec
    ladder: three-rung
apps:
  mcritchie-studio:
    test_cmd: bin/rails test
    qa_test_cmd: bin/rails test:system
    qa_deploy: { strategy: git_push_heroku, remote: qa, branch: main, smoke_url: https://qa.example.test/ }
    prod_deploy: { strategy: repo_script, command: ./bin/deploy, args: [prod, 2] }
    post_deploy_cmd: bin/after 'two words'
    ladder: three-rung
`);
		const [studio] = config.apps;
		assert.equal(studio?.qaDeploy, {
			strategy: 'git_push_heroku',
			remote: 'qa',
			branch: 'main',
			smokeUrl: 'https://qa.example.test',
			app: null,
		});
		assert.equal(studio?.prodDeploy, {
			strategy: 'repo_script',
			command: 'bin/deploy',
			args: ['prod', '2'],
			liveCmd: null,
			revisionUrl: null,
		});
		assert.equal(studio?.postDeployCmd, ['bin/after', 'two words']);
		assert.equal(config.gems[0]?.buildCmd, ['gem', 'build', 'studio-engine.gemspec']);
		assert.equal([config.gems[0]?.gemspec, config.gems[0]?.gemName], ['studio-engine.gemspec', 'studio-engine']);
		assert.is(config.gems[0]?.parked, null);
	});

	test('kamal: all of its keys have a default', () => {
		const target = (keys: string) => load(deploy(`strategy: kamal${keys}`)).apps[0]?.prodDeploy;
		const plain = { strategy: 'kamal', command: ['kamal'], destination: null, liveCmd: null, smokeUrl: null };
		assert.equal(target(''), plain);
		assert.equal(target(', command: bundle exec kamal, destination: staging, live_cmd: bin/live'), {
			...plain,
			command: ['bundle', 'exec', 'kamal'],
			destination: 'staging',
			liveCmd: ['bin/live'],
		});
	});

	test('github_actions: the ref is the main branch unless the file says another', () => {
		const target = (keys: string) =>
			load(deploy(`strategy: github_actions, workflow: d.yml${keys}`)).apps[0]?.prodDeploy;
		const plain = { strategy: 'github_actions', workflow: 'd.yml', ref: 'main', inputs: {}, smokeUrl: null };
		assert.equal(target(''), plain);
		assert.equal(target(', ref: v1, inputs: { commit: "{sha}", dry: false }'), {
			...plain,
			ref: 'v1',
			inputs: { commit: '{sha}', dry: 'false' },
		});
	});

	test('a smoke asks for /up answering 200 unless it says more', () => {
		const pageOf = (page: string) => {
			const target = load(smoked(page)).apps[0]?.prodDeploy;
			return target && 'smoke' in target ? target.smoke : null;
		};
		const up = { path: '/up', status: 200, body: null, revision: null };
		assert.equal(pageOf(''), up);
		assert.equal(pageOf('{ path: "/health?full=1", status: 204, body: ok }'), {
			...up,
			path: '/health?full=1',
			status: 204,
			body: 'ok',
		});
		assert.equal(pageOf('{ revision: body }'), { ...up, revision: { in: 'body' } });
		assert.equal(pageOf('{ revision: { header: X-Revision } }'), {
			...up,
			revision: { in: 'header', name: 'X-Revision' },
		});
		assert.equal(pageOf('{ revision: { json: build.sha } }'), { ...up, revision: { in: 'json', key: 'build.sha' } });
	});

	test('a ladder other than three-rung parks, says so, and asks for no version_file', () => {
		const config = load('gems: { old: { ladder: two-rung } }\napps: { a: { ladder: three-rung } }\n');
		assert.match(config.gems[0]?.parked ?? '', 'two-rung');
		assert.is(config.apps[0]?.parked, null);
	});

	test('an app with no key has no target, no gate and is a satellite', () => {
		const [shop] = load('apps:\n  shop:\n').apps;
		assert.equal(shop?.prodDeploy, { strategy: 'none' });
		assert.equal(shop?.qaDeploy, { strategy: 'none' });
		assert.equal([shop?.testCmd, shop?.role, shop?.path], [null, 'satellite', '/srv/fleet/shop']);
	});

	test('no shell: variables, substitutions and quotes are split, never expanded', () => {
		const [shop] = load(`apps: { shop: { test_cmd: 'run "$HOME" $(id) ''a b'' *.rb' } }`).apps;
		assert.equal(shop?.testCmd, ['run', '$HOME', '$(id)', 'a b', '*.rb']);
	});

	test('a word that only a shell would understand loads as written, with a warning that says so', () => {
		const { config, diagnostics } = parse(
			'apps:\n  a: { test_cmd: bin/lint && bin/test }\n  b: { test_cmd: CI=1 bin/test }\n',
		);
		assert.equal(config?.apps[0]?.testCmd, ['bin/lint', '&&', 'bin/test']);
		assert.equal(
			diagnostics.map((one) => `${one.severity} ${brief(one)}`),
			['warning bad-command 2:18 bin/lint && bin/test', 'warning bad-command 3:18 CI=1 bin/test'],
		);
		assert.match(diagnostics[1]?.hint ?? '', '`env CI=1 bin/test`');
	});

	test('two-hubs: both lines are named', () => {
		const error = onlyError('apps:\n  a: { role: hub }\n  b:\n    role: hub\n');
		assert.is(brief(error), 'two-hubs 4:11 hub');
		assert.match(error.summary, /`a` on line 2 .* `b` on line 4/);
		assert.is(error.repo, 'b');
	});

	test('a name of both a gem and an app is an error that names the other line', () => {
		const error = onlyError('gems:\n  a: { version_file: v }\napps:\n  a: {}\n');
		assert.is(brief(error), 'duplicate-key 4:3 a');
		assert.match(error.summary, 'line 2');
	});

	test('a name with control characters is an error whose message holds none', () => {
		const { diagnostics } = parse('apps: { "a\\n\\e[2Jb": { rol: hub } }');
		assert.equal(
			diagnostics.map(({ code, repo }) => [code, repo]),
			[
				['bad-name', undefined],
				['unknown-key', undefined],
			],
		);
		assert.ok(!diagnostics.some(({ summary, hint }) => /\p{Cc}/u.test(summary + hint)));
	});

	test('did you mean: keys, choices, strategies and names', () => {
		const hint = (text: string) => onlyError(text).hint;
		assert.is(hint(app('tset_cmd: x')), 'did you mean `test_cmd`?');
		assert.is(hint('app: {}'), 'did you mean `apps`?');
		assert.is(hint(app('role: Hub')), 'did you mean `hub`?');
		assert.is(hint(deploy('strategy: github_action')), 'did you mean `github_actions`?');
		assert.is(hint(app('needs: [shpo]')), 'did you mean `shop`?');
	});

	test('a name is needed once however often it is written', () => {
		const [, b] = load('apps: { a: {}, b: { needs: [a, a] } }').apps;
		assert.equal(
			b?.needs.map(({ repo, at }) => [repo, at.col]),
			[['a', 29]],
		);
	});
});

const CLONED_FROM = [
	'https://github.com/o/r.git',
	'ssh://git@host:22/r.git',
	'git@github.com:o/r.git',
	'host:r.git',
	'file:///srv/r.git',
	'/srv/with space/r.git',
];
const SECRETS = [
	'https://user:hunter2@host.test/r',
	'https://hunter2@host.test/r',
	'https://user:hun/ter2@host.test/r',
	'https://user:hunt@er2@host.test/r',
	'ssh://git:hunter2@host/r',
	'user:hunter2@host:r',
	'ftp://user:hunter2@host/r',
	'https:\\/\\/user:hunter2@host.test/r',
];

suite('config: addresses', (test) => {
	for (const url of CLONED_FROM) {
		test(`a repository can be cloned from ${url}`, () => {
			assert.is(load(app(`url: "${url}"`)).apps[0]?.url, url);
		});
	}

	for (const url of SECRETS) {
		test(`the secret of ${url} is an error and shown nowhere`, () => {
			const { config, diagnostics } = parse(app(`url: "${url}", typo_here: 1`));
			assert.is(config, null);
			assert.equal(
				diagnostics.map(({ code }) => code),
				['bad-value', 'unknown-key'],
			);
			const [credentials] = diagnostics;
			assert.not.match(JSON.stringify(credentials), /hun|ter2|er2/);
			// The secret stands on the line of the other error, too, where only an address can be told.
			if (/:(\\?\/){2}/.test(url)) assert.not.match(JSON.stringify(diagnostics), /hun|ter2|er2/);
		});
	}

	test('a Redis address with a password, or with a database, is an error', () => {
		const redis = (url: string) => onlyError(`worktrees: { redis: { url: "${url}" } }`);
		assert.match(redis('redis://:hunter2@127.0.0.1:6379').summary, 'password');
		assert.match(redis('redis://127.0.0.1:6379/3').summary, 'database');
	});
});
