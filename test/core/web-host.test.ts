import * as assert from 'uvu/assert';
import { commitPage, comparePage, webHostOf } from '../../src/core/web-host.ts';
import { suite } from '../support/suite.ts';

const GITHUB = 'https://github.com/studio/harbor';
const GITLAB = 'https://gitlab.com/studio/apps/harbor';

const KNOWN: readonly (readonly [origin: string, url: string])[] = [
	['https://github.com/studio/harbor.git', GITHUB],
	['https://github.com/studio/harbor/', GITHUB],
	['https://ada:hush@github.com/studio/harbor', GITHUB],
	['git@github.com:studio/harbor.git', GITHUB],
	['github.com:studio/harbor', GITHUB],
	['ssh://git@GitHub.com:22/studio/harbor.git', GITHUB],
	['ssh://git@ssh.github.com:443/studio/harbor.git', GITHUB],
	['https://www.github.com/studio/harbor', GITHUB],
	['http://gitlab.example.test:8080/a/b', 'http://gitlab.example.test:8080/a/b'],
	['git://github.com/studio/harbor.git', GITHUB],
	['https://gitlab.com/studio/apps/harbor.git', GITLAB],
	['git@gitlab.com:studio/apps/harbor.git', GITLAB],
	['ssh://git@altssh.gitlab.com:443/studio/apps/harbor.git', GITLAB],
	['https://gitlab.example.test:8443/a/b', 'https://gitlab.example.test:8443/a/b'],
	['ssh://git@github.example.test:2222/a/b.git', 'https://github.example.test/a/b'],
];

const UNKNOWN = [
	'',
	'/srv/git/harbor.git',
	'file:///srv/github.com/a/b.git',
	'https://git.example.test/a/b',
	'https://notgithub.com/a/b',
	'https://github.com.example.test.evil/',
	'https://github.com/a',
	'https://github.com/a/b/c',
	'git@github.com:a/b|c',
	'git@github.com:a/../b',
	'git@github.com:a/b>c',
	'https://github.com/a/%3Cb%3E',
];

suite('webHostOf', (test) => {
	for (const [origin, url] of KNOWN)
		test(`${origin} has its pages at ${url}`, () => assert.is(webHostOf(origin)?.url, url));
	for (const origin of UNKNOWN)
		test(`"${origin}" has no pages that are known`, () => assert.is(webHostOf(origin), null));
	test('each service has its own form of a page', () => {
		const github = webHostOf(GITHUB);
		const gitlab = webHostOf(GITLAB);
		if (!github || !gitlab) throw new Error('both are known');
		assert.is(commitPage(github, 'abc'), `${GITHUB}/commit/abc`);
		assert.is(commitPage(gitlab, 'abc'), `${GITLAB}/-/commit/abc`);
		assert.is(comparePage(github, 'a', 'b'), `${GITHUB}/compare/a...b`);
		assert.is(comparePage(gitlab, 'a', 'b'), `${GITLAB}/-/compare/a...b`);
	});
});
