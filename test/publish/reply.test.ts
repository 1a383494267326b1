import * as assert from 'uvu/assert';
import { adviceFor } from '../../src/tasks/publish/advice.ts';
import { type PushReply, readReply } from '../../src/tasks/publish/reply.ts';
import { suite } from '../support/suite.ts';

const REPLIES: readonly PushReply[] = [
	'taken',
	'exists',
	'yanked',
	'unfinished',
	'otp-missing',
	'otp-wrong',
	'key',
	'scope',
	'forbidden',
	'too-large',
	'busy',
	'unsent',
	'lost',
	'refused',
];

/** What `gem push --verbose` prints of an answer. */
function said(status: string, body: string): string {
	return `Pushing gem to https://gems.test...\nPOST https://gems.test/api/v1/gems\n${status}\n${body}\n`;
}

const failed = (text: string): PushReply => readReply({ exitCode: 1, ended: null, text });
const whileExecuting = (error: string, words: string) =>
	`Pushing gem to https://gems.test...\n\nERROR:  While executing gem ... (${error})\n    ${words}\n`;

suite('publish reply: the words of the registries', (test) => {
	const rows: readonly (readonly [string, string, string, PushReply])[] = [
		[
			'rubygems.org: other bytes under a version that is there',
			'409 Conflict',
			'Repushing of gem versions is not allowed.\nPlease bump the version number and push a new different release.',
			'exists',
		],
		[
			'geminabox: other bytes under a version that is there',
			'409 Conflict',
			'Updating an existing gem is not permitted.\nYou should either delete the existing version, or change your version number.',
			'exists',
		],
		[
			'rubygems.org: a yanked version, though its words end in those of a repush',
			'409 Conflict',
			'A yanked version already exists (cleat-1.0.0).\nRepushing of gem versions is not allowed. Please use a new version and retry',
			'yanked',
		],
		[
			'rubygems.org: a yanked version of a previous owner',
			'409 Conflict',
			'A yanked version pushed by a previous owner of this gem already exists (cleat-1.0.0).\nRepushing of gem versions is not allowed.',
			'yanked',
		],
		[
			'rubygems.org: a push that did not finish',
			'409 Conflict',
			'It appears that cleat-1.0.0 did not finish pushing.\nPlease contact support if you pushed this gem more than a minute ago.',
			'unfinished',
		],
		[
			'a one-time password is wanted',
			'401 Unauthorized',
			'You have enabled multifactor authentication but no OTP code provided. Please fill it and retry.',
			'otp-missing',
		],
		[
			'the one-time password is wrong',
			'401 Unauthorized',
			'You have enabled multifactor authentication but your OTP code is incorrect. Please check it and retry.',
			'otp-wrong',
		],
		['the older words for a wrong one-time password', '401 Unauthorized', 'Your OTP code is incorrect.', 'otp-wrong'],
		[
			'a key that is wrong, missing or expired',
			'401 Unauthorized',
			'Access Denied. Please sign up for an account at https://rubygems.org',
			'key',
		],
		['a 401 in words that nobody knows', '401 Unauthorized', 'nope', 'key'],
		['a key without the scope', '403 Forbidden', "The API key doesn't have access", 'scope'],
		[
			'somebody who is no owner',
			'403 Forbidden',
			'You do not have permission to push to this gem. Ask an owner to add you with: gem owner cleat --add a@b.test',
			'forbidden',
		],
		[
			'an owner without a second factor',
			'403 Forbidden',
			'Rubygem requires owners to enable MFA. You must enable MFA before pushing new version.',
			'forbidden',
		],
		['a 403 in words that nobody knows', '403 Forbidden', 'Gem uploading is disabled', 'forbidden'],
		['too large', '413 Request Entity Too Large', '<html>413</html>', 'too-large'],
		['too many pushes', '429 Too Many Requests', 'Retry later', 'busy'],
		[
			'geminabox while another push holds its lock',
			'503 Service Unavailable',
			'Repository lock is held by another process',
			'busy',
		],
		['a 503 of a proxy', '503 Service Unavailable', '<html>', 'busy'],
		[
			'500 after who knows what',
			'500 Internal Server Error',
			'There was a problem saving your gem. Please try again.',
			'lost',
		],
		['502', '502 Bad Gateway', '', 'lost'],
		['504', '504 Gateway Timeout', '', 'lost'],
		['what is no gem', '422 Unprocessable Entity', 'RubyGems.org cannot process this gem.', 'refused'],
		['geminabox: what is no gem', '400 Bad Request', 'Cannot process gem', 'refused'],
		['a page that is not there', '404 Not Found', '', 'refused'],
	];
	for (const [name, status, body, reply] of rows) {
		test(`${name} is ${reply}`, () => assert.is(failed(said(status, body)), reply));
	}
	test('without --verbose the words alone tell', () => {
		assert.is(failed('Pushing gem to https://gems.test...\nRepushing of gem versions is not allowed.\n'), 'exists');
		assert.is(failed('Pushing gem to https://gems.test...\nAccess Denied. Please sign up.\n'), 'key');
	});
	test('exit 0 is taken, whatever else was said', () => {
		const text = said('200 OK', 'Gem was already pushed: cleat (1.0.0)');
		assert.is(readReply({ exitCode: 0, ended: null, text }), 'taken');
	});
	test('of two posts the last one counts: RubyGems asks again after a 401', () => {
		const first = said('401 Unauthorized', 'You have enabled multi-factor authentication. Please enter OTP code.');
		assert.is(failed(`${first}POST https://gems.test/api/v1/gems\n502 Bad Gateway\n\n`), 'lost');
	});
	test('a number in the body is not the status', () => {
		assert.is(failed(said('422 Unprocessable Entity', '503 files are too many')), 'refused');
	});
	test('the sign-in that RubyGems tries for a key without the scope is not the answer', () => {
		const signIn =
			"The existing key doesn't have access of push_rubygem on https://gems.test. Please sign in to update access.";
		assert.is(
			failed(`${said('403 Forbidden', signIn)}PUT https://gems.test/api/v1/api_key\n401 Unauthorized\n`),
			'scope',
		);
	});
});

suite('publish reply: no answer at all', (test) => {
	const rows: readonly (readonly [string, string, PushReply])[] = [
		[
			'connection refused',
			whileExecuting('Errno::ECONNREFUSED', 'Failed to open TCP connection to gems.test:443'),
			'unsent',
		],
		[
			'unknown host',
			whileExecuting('SocketError', 'Failed to open TCP connection to gems.test:443 (getaddrinfo)'),
			'unsent',
		],
		[
			'a certificate that is not trusted',
			whileExecuting('OpenSSL::SSL::SSLError', 'certificate verify failed'),
			'unsent',
		],
		['resets', whileExecuting('Gem::RemoteFetcher::FetchError', 'too many connection resets'), 'lost'],
		[
			'a post without a status',
			'POST https://gems.test/api/v1/gems\nconnection reset after 1 requests, retrying\n',
			'lost',
		],
		[
			'a post, and then no way back to the server',
			`POST https://gems.test/api/v1/gems\n${whileExecuting('Errno::ECONNREFUSED', 'Failed to open TCP connection')}`,
			'lost',
		],
		['something else that went wrong', whileExecuting('Errno::ENOENT', 'No such file'), 'refused'],
	];
	for (const [name, text, reply] of rows) test(`${name} is ${reply}`, () => assert.is(failed(text), reply));

	test('a push that was killed or ran out of time may have arrived', () => {
		assert.is(readReply({ exitCode: null, ended: 'timed out after 30 s', text: '' }), 'lost');
	});
});

suite('publish reply: what to do', (test) => {
	const release = {
		gem: 'cleat',
		version: '1.0.0',
		registry: 'https://gems.test',
		file: 'cleat-1.0.0.gem',
		versionFile: 'lib/cleat/version.rb',
	};
	test('a yanked version says in so many words which file to bump', () => {
		assert.is(adviceFor('yanked', release).summary, 'version yanked: bump lib/cleat/version.rb and re-run');
	});
	test('a one-time password is asked for by the name of its variable', () => {
		assert.match(adviceFor('otp-missing', release).hint, 'GEM_HOST_OTP_CODE');
		assert.match(adviceFor('otp-wrong', release).hint, 'GEM_HOST_OTP_CODE');
	});
	test('a wrong key names the variable and the command that make a new one', () => {
		assert.match(adviceFor('key', release).hint, 'GEM_HOST_API_KEY');
		assert.match(adviceFor('key', release).hint, 'gem signin --host https://gems.test');
	});
	test('every reply has a summary of its own and says what to do', () => {
		const told = REPLIES.map((reply) => adviceFor(reply, release));
		assert.is(new Set(told.map(({ summary }) => summary)).size, REPLIES.length);
		assert.ok(told.every(({ hint }) => hint.length > 20));
	});
});
