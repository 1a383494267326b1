import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { createRedactor, REDACTED, redact, redactJson } from '../../src/core/redact.ts';
import { suite } from '../support/suite.ts';

const HEX_48 = '0123456789abcdef'.repeat(3);
const WORD = 'aB3dE5gH7jK9mN1pQ3sT5vW7';

suite('redact', (test) => {
	const hidden: readonly (readonly [name: string, text: string, shown: string])[] = [
		[
			'user and password in a URL',
			'push https://bob:hunter2@git.test/a.git',
			`push https://${REDACTED}@git.test/a.git`,
		],
		['a password that holds an @', 'redis://:p@ss@127.0.0.1/3', `redis://${REDACTED}@127.0.0.1/3`],
		['a token as the user of an http URL', `http://${WORD}@git.test/`, `http://${REDACTED}@git.test/`],
		['a RubyGems key', `key rubygems_${HEX_48}.`, `key ${REDACTED}.`],
		['a GitHub token', `ghp_${WORD} ghs_${WORD}`, `${REDACTED} ${REDACTED}`],
		['a fine-grained GitHub token', `github_pat_${WORD}_x`, REDACTED],
		['a Slack token', 'xoxb-1234567890-abc', REDACTED],
		['an Authorization header', '> Authorization: Basic Ym9iOmh1bnRlcjI=', `> Authorization: ${REDACTED}`],
		[
			'an Authorization header in JSON',
			'{"authorization":"Bearer abc","a":1}',
			`{"authorization":"${REDACTED}","a":1}`,
		],
		[
			'every part of a Digest header',
			'authorization: Digest username="bob", response="6629"',
			`authorization: ${REDACTED}`,
		],
		['an assignment to a credential', 'GEM_HOST_API_KEY=abc123 gem push', `GEM_HOST_API_KEY=${REDACTED} gem push`],
		['a quoted assignment', 'MY_SECRET="two words" x', `MY_SECRET=${REDACTED} x`],
		[
			'the path of a Slack webhook',
			'https://hooks.slack.com/services/T0/B0/abc',
			`https://hooks.slack.com/services/${REDACTED}`,
		],
	];
	for (const [name, text, shown] of hidden) {
		test(`hides ${name}`, () => assert.is(redact(text), shown));
	}

	for (const text of [
		'ssh://git@git.test/a.git',
		'git@git.test:a.git',
		'https://git.test/a@b',
		'a'.repeat(64),
		'Gemfile:12',
	]) {
		test(`leaves ${text.slice(0, 30)} alone`, () => assert.is(redact(text), text));
	}

	test('reads a hundred kilobytes of hostile text in linear time', () => {
		for (const part of ['://', 'TOKEN', 'authorization:', 'a', 'https://a', 'ghp_']) {
			const started = performance.now();
			redact(part.repeat(100_000 / part.length));
			assert.ok(performance.now() - started < 1000, part);
		}
	});
});

suite('createRedactor', (test) => {
	test('hides exact values, and their percent-encoded form', () => {
		const hide = createRedactor(['s3cr/t+']);
		assert.is(hide('a s3cr/t+ b s3cr%2Ft%2B c'), `a ${REDACTED} b ${REDACTED} c`);
	});

	test('hides the longer of two secrets whole', () => {
		assert.is(createRedactor(['abcd', 'abcdefgh'])('xabcdefghx'), `x${REDACTED}x`);
	});

	test('hides each line of a secret that has several', () => {
		const hide = createRedactor(['-----BEGIN KEY-----\nMIIabc\n']);
		assert.is(hide('MIIabc'), REDACTED);
	});

	test('takes no notice of empty and very short values', () => {
		assert.is(createRedactor(['', ' ', '1', 'yes'])('yes, 1 of 1'), 'yes, 1 of 1');
	});

	test('property: a secret of four characters or more never comes out', () => {
		const secret = fc
			.string({ minLength: 4, maxLength: 30 })
			.map((s) => `${s}§`)
			.filter((s) => s.trim().length >= 4);
		return fc.assert(
			fc.property(
				fc.array(secret, { minLength: 1, maxLength: 4 }),
				fc.string(),
				fc.string(),
				(secrets, before, after) => {
					const shown = createRedactor(secrets)(before + secrets.join(after) + after);
					for (const value of secrets) assert.not.ok(shown.includes(value.trim()));
				},
			),
		);
	});
});

suite('redactJson', (test) => {
	test('hides in every text, however deep, and leaves names, numbers and the shape', () => {
		const value = { key: ['hunter2', { deep: 'is hunter2' }], hunter2: 7, none: null };
		const hide = createRedactor(['hunter2']);
		const shown = { key: [REDACTED, { deep: `is ${REDACTED}` }], hunter2: 7, none: null };
		assert.equal(redactJson(value, hide), shown);
	});

	test('a header in one text takes nothing of the next with it', () => {
		const value = { seen: 'authorization: Bearer abc', next: 'stays' };
		assert.equal(redactJson(value, redact), { seen: `authorization: ${REDACTED}`, next: 'stays' });
	});

	test('property: where nothing is hidden, nothing changes', () => {
		return fc.assert(
			fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
				assert.equal(
					redactJson(value, (text) => text),
					JSON.parse(JSON.stringify(value)),
				);
			}),
		);
	});
});
