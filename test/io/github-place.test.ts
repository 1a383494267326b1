import * as assert from 'uvu/assert';
import { apiUrlOf, githubPlaceOf, tokenFor } from '../../src/io/github-place.ts';
import { suite } from '../support/suite.ts';

const HARBOR = { host: 'github.com', owner: 'acme', repo: 'harbor' };
const ENTERPRISE = { ...HARBOR, host: 'git.corp.example' };

suite('github: where an origin is', (test) => {
	for (const [origin, place] of [
		['https://github.com/acme/harbor.git', HARBOR],
		['https://github.com/acme/harbor', HARBOR],
		['https://github.com/acme/harbor/', HARBOR],
		['https://ada:token@github.com/acme/harbor.git', HARBOR],
		['https://www.github.com/acme/harbor', HARBOR],
		['git@github.com:acme/harbor.git', HARBOR],
		['github.com:acme/harbor', HARBOR],
		['ssh://git@github.com/acme/harbor.git', HARBOR],
		['ssh://git@ssh.github.com:443/acme/harbor.git', HARBOR],
		['GIT@GitHub.com:acme/harbor.git', HARBOR],
		['https://github.com/acme/harbor.js', { ...HARBOR, repo: 'harbor.js' }],
		['git@git.corp.example:acme/harbor.git', ENTERPRISE],
		['ssh://git@git.corp.example:2222/acme/harbor.git', ENTERPRISE],
		['https://git.corp.example:8443/acme/harbor', { ...ENTERPRISE, host: 'git.corp.example:8443' }],
		['/srv/git/harbor.git', null],
		['../harbor.git', null],
		['file:///srv/git/harbor.git', null],
		['https://git.corp.example/group/team/harbor', null],
		['https://github.com/harbor', null],
		['', null],
	] as const) {
		test(`${origin || 'nothing'} is ${place ? `${place.owner}/${place.repo} at ${place.host}` : 'no place on GitHub'}`, () => {
			assert.equal(githubPlaceOf(origin), place);
		});
	}
});

suite('github: the API and its token', (test) => {
	test('the address follows the host, and GITHUB_API_URL wins', () => {
		assert.is(apiUrlOf(HARBOR, {}), 'https://api.github.com');
		assert.is(apiUrlOf(ENTERPRISE, {}), 'https://git.corp.example/api/v3');
		assert.is(apiUrlOf({ ...HARBOR, host: 'acme.ghe.com' }, {}), 'https://api.acme.ghe.com');
		assert.is(apiUrlOf(ENTERPRISE, { GITHUB_API_URL: 'http://127.0.0.1:1/' }), 'http://127.0.0.1:1');
	});
	test('the variables of gh, in its order; an empty one is none', () => {
		assert.is(tokenFor(HARBOR, { GH_TOKEN: 'one', GITHUB_TOKEN: 'two' }), 'one');
		assert.is(tokenFor(HARBOR, { GH_TOKEN: '', GITHUB_TOKEN: 'two' }), 'two');
		assert.is(tokenFor(HARBOR, { GH_ENTERPRISE_TOKEN: 'three' }), null);
	});
	test("a token of github.com is not shown to another's server", () => {
		assert.is(tokenFor(ENTERPRISE, { GH_TOKEN: 'one', GITHUB_TOKEN: 'two' }), null);
		assert.is(tokenFor(ENTERPRISE, { GH_ENTERPRISE_TOKEN: 'three', GH_TOKEN: 'one' }), 'three');
		assert.is(tokenFor(ENTERPRISE, { GITHUB_TOKEN: 'two', GITHUB_API_URL: 'https://git.corp.example/api/v3' }), 'two');
	});
});
