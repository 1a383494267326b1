import * as assert from 'uvu/assert';
import type { RevisionPlace } from '../../src/config/types.ts';
import { decideSmoke } from '../../src/tasks/smoke/decide.ts';
import { judgeReply, judgeSilence, type Reply } from '../../src/tasks/smoke/judge.ts';
import { type Question, questionOf, questionOfTarget } from '../../src/tasks/smoke/question.ts';
import { suite } from '../support/suite.ts';
import { changeOf, explainsItself, FROZEN, SHIP, verdict } from '../tasks/decisions.ts';

const URL = 'https://harbor.example.test/up';
const UP: Question = { url: URL, status: 200, body: null, revision: null };

function reply(status: number, more: Partial<Omit<Reply, 'status' | 'headers'>> = {}, headers = {}): Reply {
	return { status, headers: new Headers(headers), body: '', movedTo: null, elsewhere: null, ...more };
}

function at(place: RevisionPlace): Question {
	return { ...UP, revision: { place, sha: SHIP } };
}

const BODY = { in: 'body' } as const;
const HEADER = { in: 'header', name: 'X-Revision' } as const;
const JSON_KEY = { in: 'json', key: 'build.sha' } as const;
const page = (document: unknown) => ({ body: JSON.stringify(document) });

const UP_ANSWERS: readonly (readonly [rule: string, question: Question, reply: Reply, said: string])[] = [
	['200 is up', UP, reply(200), 'answers 200'],
	[
		'a redirect within the host is told',
		UP,
		reply(200, { movedTo: 'https://harbor.example.test/health' }),
		'answers 200 after a redirect to https://harbor.example.test/health',
	],
	['another status that was asked for', { ...UP, status: 302 }, reply(302), 'answers 302'],
	['a page that holds the text', { ...UP, body: 'all good' }, reply(200, { body: '<p>all good</p>' }), 'answers 200'],
	['a page that is the commit', at(BODY), reply(200, { body: `${SHIP}\n` }), 'answers 200 at 55555555'],
	['a header that is the commit', at(HEADER), reply(200, {}, { 'x-revision': SHIP }), 'answers 200 at 55555555'],
	[
		'its first digits, in capitals',
		at(BODY),
		reply(200, { body: SHIP.slice(0, 7).toUpperCase() }),
		'answers 200 at 55555555',
	],
	['a nested value of its JSON', at(JSON_KEY), reply(200, page({ build: { sha: SHIP } })), 'answers 200 at 55555555'],
	['a key with a dot in it', at(JSON_KEY), reply(200, page({ 'build.sha': SHIP })), 'answers 200 at 55555555'],
];

const DOWN_ANSWERS: readonly (readonly [
	rule: string,
	question: Question,
	reply: Reply,
	said: string,
	hint: RegExp | null,
])[] = [
	['204 is not 200', UP, reply(204), 'answers 204', null],
	['5xx: the app is there and fails', UP, reply(503), 'answers 503', /its log/],
	['404: the page is not there', UP, reply(404), 'answers 404', /smoke\.path/],
	['401: the page is behind a login', UP, reply(401), 'answers 401', /login/],
	['200 where another status was asked for', { ...UP, status: 204 }, reply(200), 'answers 200 and not 204', null],
	[
		'a redirect to another host is no answer of this app',
		UP,
		reply(302, { elsewhere: 'https://login.example.test/' }),
		'answers 302, a redirect to https://login.example.test/ which is not followed',
		/smoke_url/,
	],
	[
		'a page without the text',
		{ ...UP, body: 'all good' },
		reply(200, { body: 'oh no' }),
		'answers 200 without "all good"',
		/smoke\.body/,
	],
	[
		'the commit before',
		at(BODY),
		reply(200, { body: FROZEN }),
		`answers 200 at revision ${JSON.stringify(FROZEN)}, not 55555555`,
		/older version/,
	],
	[
		'too few digits',
		at(BODY),
		reply(200, { body: SHIP.slice(0, 6) }),
		'answers 200 at revision "555555", not 55555555',
		/older/,
	],
	[
		'a long page that is no commit',
		at(BODY),
		reply(200, { body: `<p>\n${'x'.repeat(99)}` }),
		`answers 200 at revision "<p> ${'x'.repeat(36)}…", not 55555555`,
		/older/,
	],
	['an empty page', at(BODY), reply(200), 'answers 200 and names no revision in its page', /smoke\.revision/],
	[
		'no such header',
		at(HEADER),
		reply(200),
		'answers 200 and names no revision in the header X-Revision',
		/smoke\.revision/,
	],
	[
		'no JSON',
		at(JSON_KEY),
		reply(200, { body: '<html>' }),
		'answers 200 and names no revision in build.sha of its JSON',
		null,
	],
	[
		'a key that JSON objects inherit',
		at({ in: 'json', key: 'constructor' }),
		reply(200, page({})),
		'answers 200 and names no revision in constructor of its JSON',
		null,
	],
	[
		'a value that is no text',
		at(JSON_KEY),
		reply(200, page({ build: { sha: 5 } })),
		'answers 200 and names no revision in build.sha of its JSON',
		null,
	],
];

suite('smoke: an answer', (test) => {
	for (const [rule, question, seen, said] of UP_ANSWERS) {
		test(rule, () => assert.equal(judgeReply(question, seen), { up: true, said }));
	}
	for (const [rule, question, seen, said, hint] of DOWN_ANSWERS) {
		test(`${rule}: not up`, () => {
			const judged = judgeReply(question, seen);
			assert.equal([judged.up, judged.said], [false, said]);
			if (hint) assert.match(judged.hint ?? '', hint);
		});
	}
	test('silence is told apart by its cause', () => {
		const causes = [
			'tls: self-signed certificate',
			'refused: connect',
			'timeout: no answer',
			'dns: unknown',
			'connection: reset',
		];
		const told = causes.map(judgeSilence);
		assert.ok(told.every(({ up, hint }) => !up && hint !== undefined));
		assert.is(new Set(told.map(({ hint }) => hint)).size, causes.length);
		assert.is(told[0]?.said, 'is there, and its TLS fails: self-signed certificate');
		assert.is(judgeSilence('something new').said, 'does not answer: something new');
	});
});

suite('smoke: a question', (test) => {
	const url = 'https://harbor.example.test';
	const asked = { path: '/health?full=1', status: 204, body: null, revision: BODY };
	test('without more it is that of /up, with one slash', () => {
		for (const base of [url, `${url}//`]) assert.equal(questionOf({ url: base, page: null }, null), UP);
	});
	test('a page has its own path, status and commit', () => {
		const question = { url: `${url}/health?full=1`, status: 204, body: null, revision: { place: BODY, sha: SHIP } };
		assert.equal(questionOf({ url, page: asked }, SHIP), question);
		assert.equal(questionOfTarget({ smokeUrl: url, smoke: asked }, SHIP), question);
	});
	test('there is none without an address, and none about a commit that nobody knows yet', () => {
		assert.is(questionOfTarget({ smokeUrl: null }, SHIP), null);
		assert.is(questionOf({ url, page: asked }, null), null);
	});
});

suite('smoke: the decision', (test) => {
	const spec = { frozen: FROZEN, url: 'https://harbor.example.test', page: null, purpose: 'ship' } as const;
	test('up is done; anything else, silence too, is to wait for', () => {
		const answer = { url: URL, up: true, said: 'answers 200' };
		assert.is(verdict(decideSmoke(spec, { question: UP, answer })), 'done');
		for (const said of ['answers 204', 'answers 503', 'refuses the connection']) {
			const decision = decideSmoke(spec, { question: UP, answer: { ...answer, up: false, said } });
			explainsItself(decision);
			assert.equal(changeOf(decision).question, UP);
		}
	});
	test('the commit that the re-pin makes is waited for when the app has to name it', () => {
		assert.is(verdict(decideSmoke(spec, null)), 'waits');
	});
	test('the change can be written to a plan and read again', () => {
		const question = { ...UP, revision: { place: JSON_KEY, sha: SHIP } };
		const change = changeOf(decideSmoke(spec, { question, answer: { url: URL, up: false, said: 'answers 503' } }));
		assert.equal(JSON.parse(JSON.stringify(change)), change);
	});
});
