import * as assert from 'uvu/assert';
import { childEnvironment, gitEnvironment } from '../../src/io/environment.ts';
import { suite } from '../support/suite.ts';

const names = (env: Record<string, string | undefined>) => Object.keys(childEnvironment(env));
const set = (...all: string[]) => Object.fromEntries(all.map((name) => [name, 'x']));

suite('environment of children', (test) => {
	test('the operator’s own variables stay, with their values', () => {
		const env = { PATH: '/bin', HOME: '/h', GEM_HOST_API_KEY: 'k', BUNDLE_GEMS__EXAMPLE__TEST: 'u:p', RAILS_ENV: '' };
		assert.equal(childEnvironment({ ...env, ABSENT: undefined }), env);
	});
	test('git’s variables that would point it somewhere else go', () => {
		assert.equal(
			names(
				set(
					'GIT_DIR',
					'GIT_WORK_TREE',
					'GIT_INDEX_FILE',
					'GIT_OBJECT_DIRECTORY',
					'GIT_CEILING_DIRECTORIES',
					'GIT_NAMESPACE',
				),
			),
			[],
		);
	});
	test('git’s variables that say how to reach a remote, and which settings count, stay', () => {
		const kept = [
			'GIT_SSH',
			'GIT_SSH_COMMAND',
			'GIT_SSL_CAINFO',
			'GIT_ASKPASS',
			'GIT_CONFIG_GLOBAL',
			'GIT_CONFIG_NOSYSTEM',
		];
		assert.equal(names(set(...kept)), kept);
	});
	test('what `bundle exec`, npm and node left in it goes', () => {
		assert.equal(
			names(
				set(
					'BUNDLE_GEMFILE',
					'RUBYOPT',
					'RUBYLIB',
					'BUNDLER_VERSION',
					'BUNDLER_ORIG_PATH',
					'NODE_OPTIONS',
					'npm_config_x',
					'INIT_CWD',
				),
			),
			[],
		);
	});
	test('git never asks, never translates, and never takes a lock that it can do without', () => {
		const env = gitEnvironment({});
		assert.equal([env.GIT_TERMINAL_PROMPT, env.GIT_OPTIONAL_LOCKS, env.LC_ALL], ['0', '0', 'C']);
		assert.match(env.GIT_SSH_COMMAND ?? '', /BatchMode=yes/);
	});
	test('the operator’s own ssh command is not replaced', () => {
		for (const own of [{ GIT_SSH_COMMAND: 'ssh -i key' }, { GIT_SSH: '/bin/own' }])
			assert.is(gitEnvironment(own).GIT_SSH_COMMAND, undefined);
	});
});
