import * as assert from 'uvu/assert';
import { Unreadable } from '../../src/core/diagnostic.ts';
import { fetchBytes, fetchStatus, fetchText } from '../../src/io/http.ts';
import { describeFailure, isTransient } from '../../src/io/http-failure.ts';
import { suite } from '../support/suite.ts';
import { against, startFaultServer } from './fault-server.ts';

const QUICK = { timeoutMs: 5_000, retries: 2, backoffMs: 1 };

async function unreadable(promise: Promise<unknown>): Promise<string> {
	const error = await promise.then(
		() => null,
		(reason: unknown) => reason,
	);
	if (!(error instanceof Unreadable)) throw new Error(`not Unreadable: ${String(error)}`);
	return error.message;
}

suite('http: answers', (test) => {
	test(
		'a 404 is an answer, not a failure, and is not asked for again',
		against(
			(_, response) => response.writeHead(404).end('no such page'),
			async (server) => {
				const answer = await fetchText(`${server.url}/x`, QUICK);
				assert.equal([answer.status, answer.body, server.asked], [404, 'no such page', ['GET /x']]);
			},
		),
	);
	test(
		'a redirect is followed, and the last address is told',
		against(
			(request, response) =>
				request.url === '/old' ? response.writeHead(302, { Location: '/new' }).end() : response.end('ü'),
			async (server) => {
				const answer = await fetchText(`${server.url}/old`, QUICK);
				assert.equal([answer.body, answer.finalUrl], ['ü', `${server.url}/new`]);
			},
		),
	);
	test(
		'user and password of a URL go into Basic authorization',
		against(
			(request, response) => response.end(request.headers.authorization),
			async (server) => {
				const answer = await fetchText(server.url.replace('://', '://ada:p%40ss@'), QUICK);
				assert.is(answer.body, `Basic ${Buffer.from('ada:p@ss').toString('base64')}`);
			},
		),
	);
	test(
		'the status alone is given without waiting for an endless body',
		against(
			(_, response) => void response.writeHead(200).write('begin'),
			async (server) => assert.is((await fetchStatus(server.url, QUICK)).status, 200),
		),
	);
	test(
		'with anyStatus a 503 is an answer at once',
		against(
			(_, response) => response.writeHead(503).end('down'),
			async (server) => {
				const answer = await fetchText(server.url, { ...QUICK, anyStatus: true });
				assert.equal([answer.status, answer.body, server.asked.length], [503, 'down', 1]);
			},
		),
	);
});

suite('http: retries', (test) => {
	test('a read that fails twice and then answers is an answer', async () => {
		let left = 2;
		const server = await startFaultServer((_, response) => {
			left -= 1;
			if (left === 1) response.writeHead(503, { 'Retry-After': '0' }).end();
			else if (left === 0) response.socket?.destroy();
			else response.end('at last');
		});
		try {
			assert.is((await fetchText(server.url, QUICK)).body, 'at last');
			assert.is(server.asked.length, 3);
		} finally {
			await server.stop();
		}
	});
	test(
		'a read that never answers is Unreadable after its retries, with the status',
		against(
			(_, response) => response.writeHead(429, { 'Retry-After': '0' }).end(),
			async (server) => {
				assert.is(
					await unreadable(fetchText(`${server.url}/x`, QUICK)),
					`GET ${server.url}/x: HTTP 429 Too Many Requests`,
				);
				assert.is(server.asked.length, 3);
			},
		),
	);
	test(
		'a POST is sent once, whatever happens to it',
		against(
			(_, response) => response.socket?.destroy(),
			async (server) => {
				await unreadable(fetchText(server.url, { ...QUICK, method: 'POST', body: '{}' }));
				assert.is(server.asked.length, 1);
			},
		),
	);
	test(
		'an abort ends the wait for the next attempt, with the reason of the signal',
		against(
			(_, response) => response.writeHead(503, { 'Retry-After': '3600' }).end(),
			async (server) => {
				const stop = new AbortController();
				const pending = fetchText(server.url, { ...QUICK, signal: stop.signal }).catch((error: unknown) => error);
				while (server.asked.length === 0) await new Promise(setImmediate);
				const reason = new Error('stopped by hand');
				stop.abort(reason);
				assert.is(await pending, reason);
			},
		),
	);
});

suite('http: failures', (test) => {
	const once = { ...QUICK, retries: 0 };
	test('refused: nobody listens', async () => {
		const server = await startFaultServer(() => undefined);
		await server.stop();
		assert.match(await unreadable(fetchText(server.url, once)), /: refused: connect ECONNREFUSED/);
	});
	test('the innermost cause is told, with its kind in front', () => {
		const coded = (code: string, message: string) => Object.assign(new Error(message), { code });
		const wrapped = (cause: Error) => new TypeError('fetch failed', { cause });
		const cases: readonly (readonly [unknown, string, boolean])[] = [
			[wrapped(coded('ENOTFOUND', 'getaddrinfo ENOTFOUND a.test')), 'dns: getaddrinfo ENOTFOUND a.test', true],
			[wrapped(coded('EAI_AGAIN', 'getaddrinfo EAI_AGAIN a.test')), 'dns: getaddrinfo EAI_AGAIN a.test', true],
			[wrapped(coded('CERT_HAS_EXPIRED', 'certificate has expired')), 'tls: certificate has expired', false],
			[wrapped(coded('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed')), 'tls: self-signed', false],
			[wrapped(coded('UND_ERR_CONNECT_TIMEOUT', 'Connect Timeout')), 'timeout: Connect Timeout', true],
			[
				wrapped(new AggregateError([coded('ECONNREFUSED', 'connect ::1'), coded('ECONNREFUSED', 'b')])),
				'refused: connect ::1',
				true,
			],
			[wrapped(new Error('redirect count exceeded')), 'redirect count exceeded', false],
			['odd', 'odd', false],
		];
		for (const [error, said, transient] of cases) {
			assert.equal([describeFailure(error, 1_000), isTransient(error)], [said, transient]);
		}
	});
	test(
		'tls: a server that speaks no TLS, and it is not asked twice',
		against(
			(_, response) => response.end(),
			async (server) =>
				assert.match(await unreadable(fetchText(server.url.replace('http:', 'https:'), QUICK)), /: tls: /),
		),
	);
	test(
		'timeout: a body that stops in the middle',
		against(
			(_, response) => void response.writeHead(200).write('begin'),
			async (server) => {
				const said = await unreadable(fetchText(server.url, { ...once, timeoutMs: 150 }));
				assert.match(said, 'timeout: no answer within 0.15 s');
			},
		),
	);
	test(
		'connection: half a page is no page',
		against(
			(_, response) => {
				response.writeHead(200, { 'Content-Length': '100' }).write('half');
				setImmediate(() => response.socket?.destroy());
			},
			async (server) => assert.match(await unreadable(fetchText(server.url, once)), ': connection: '),
		),
	);
	test(
		'a body longer than its bound is refused',
		against(
			(_, response) => response.end('x'.repeat(1_000)),
			async (server) => {
				assert.match(await unreadable(fetchBytes(server.url, { ...QUICK, maxBytes: 999 })), 'longer than 999 bytes');
				assert.is((await fetchBytes(server.url, { ...QUICK, maxBytes: 1_000 })).body.length, 1_000);
			},
		),
	);
	test(
		'no message holds a secret of the URL',
		against(
			(_, response) => response.writeHead(500).end(),
			async (server) => {
				const url = `${server.url.replace('://', '://ada:hunter2@')}/path?token=hunter2#hunter2`;
				assert.not.match(await unreadable(fetchText(url, once)), 'hunter2');
				assert.is(
					await unreadable(fetchText(url, { ...once, name: 'the webhook' })),
					'GET the webhook: HTTP 500 Internal Server Error',
				);
				assert.not.match(await unreadable(fetchText('http://ada:hunter2@[bad', once)), 'hunter2');
			},
		),
	);
});
