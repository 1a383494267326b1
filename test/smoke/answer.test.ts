import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import * as assert from 'uvu/assert';
import { fetchText } from '../../src/io/http.ts';
import type { TaskContext } from '../../src/tasks/contract.ts';
import { type Answer, askIfUp, waitUntilUp } from '../../src/tasks/smoke/answer.ts';
import type { Question } from '../../src/tasks/smoke/question.ts';
import type { World } from '../../src/tasks/world.ts';
import { config } from '../graph/fleet-config.ts';
import { against, startFaultServer } from '../io/fault-server.ts';
import { context as toyContext } from '../runner/toys.ts';
import { output } from '../support/process.ts';
import { suite } from '../support/suite.ts';

interface Asking {
	readonly context: TaskContext;
	readonly lines: readonly string[];
}

function asking(timeouts: { readonly probeMs?: number; readonly smokeMs?: number } = {}, signal?: AbortSignal): Asking {
	const lines: string[] = [];
	const base = config({});
	const train = { ...base.train, timeouts: { ...base.train.timeouts, probeMs: 5_000, smokeMs: 5_000, ...timeouts } };
	const toys = toyContext(null, (_stream, line) => lines.push(line));
	const world = { fetchText } as unknown as World;
	return { context: { ...toys, config: { ...base, train }, world, signal: signal ?? toys.signal }, lines };
}

const question = (url: string, more: Partial<Question> = {}): Question => ({
	url,
	status: 200,
	body: null,
	revision: null,
	...more,
});

async function told(url: string, more: Partial<Question> = {}): Promise<Answer> {
	return askIfUp(question(url, more), asking().context);
}

/** A certificate that nobody signed but itself: `key` and `cert` as PEM. */
async function selfSigned(): Promise<{ key: string; cert: string }> {
	const program = `
		require 'openssl'; require 'json'
		key = OpenSSL::PKey::EC.generate('prime256v1')
		cert = OpenSSL::X509::Certificate.new
		cert.version, cert.serial = 2, 1
		cert.subject = cert.issuer = OpenSSL::X509::Name.parse('/CN=harbor.example.test')
		cert.not_before, cert.not_after = Time.now - 60, Time.now + 3600
		cert.public_key = key
		cert.sign(key, 'SHA256')
		puts JSON.generate(key: key.to_pem, cert: cert.to_pem)`;
	return JSON.parse(await output(['ruby', '--disable=gems', '-e', program], { env: process.env }));
}

suite('smoke: asking an app', (test) => {
	test(
		'redirects within the host are followed, and told without their query',
		against(
			(request, response) => {
				if (request.url === '/up') response.writeHead(302, { location: '/health?token=hush' }).end();
				else response.writeHead(200).end('ok');
			},
			async ({ url, asked }) => {
				const answer = await told(`${url}/up`, { body: 'ok' });
				assert.equal(answer, { url: `${url}/up`, up: true, said: `answers 200 after a redirect to ${url}/health` });
				assert.equal(asked, ['GET /up', 'GET /health?token=hush']);
			},
		),
	);
	test(
		'a redirect to another host is told and not followed',
		against(
			(_request, response) => response.writeHead(307, { location: 'http://login.example.test/?from=up' }).end(),
			async ({ url }) => {
				const { up, said, hint } = await told(`${url}/up`);
				assert.is(up, false);
				assert.is(said, 'answers 307, a redirect to http://login.example.test/ which is not followed');
				assert.match(hint ?? '', 'smoke_url');
			},
		),
	);
	test(
		'a redirect that was asked for is the answer; a circle of them ends',
		against(
			(_request, response) => response.writeHead(301, { location: '/up' }).end(),
			async ({ url, asked }) => {
				assert.is((await told(`${url}/up`, { status: 301 })).up, true);
				assert.is(asked.length, 1);
				assert.is((await told(`${url}/up`)).up, false);
				assert.is(asked.length, 7);
			},
		),
	);
	test('a certificate that is not trusted is told apart from a server that fails', async () => {
		const server = createServer(await selfSigned(), (_request, response) => response.writeHead(200).end());
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { up, said, hint } = await told(`https://127.0.0.1:${(server.address() as AddressInfo).port}/up`);
		server.close();
		assert.is(up, false);
		assert.match(said, /^is there, and its TLS fails: self-signed certificate/);
		assert.match(hint ?? '', 'certificate');
	});
	test('a port where nothing listens refuses', async () => {
		const server = await startFaultServer(() => undefined);
		await server.stop();
		assert.match((await told(`${server.url}/up`)).said, /^refuses the connection: /);
	});
	test(
		'an app that says nothing does not answer in time',
		against(
			() => undefined,
			async ({ url }) => {
				const { context } = asking({ probeMs: 50 });
				assert.match((await askIfUp(question(`${url}/up`), context)).said, /^does not answer in time: /);
			},
		),
	);
});

suite('smoke: waiting for an app', (test) => {
	test('it asks until the app is up, and tells each new answer once', async () => {
		const statuses = [503, 503, 500, 200];
		const server = await startFaultServer((_request, response) => response.writeHead(statuses.shift() ?? 200).end());
		const { context, lines } = asking();
		const answer = await waitUntilUp(question(`${server.url}/up`), context);
		await server.stop();
		assert.is(answer.up, true);
		assert.equal(
			lines.map((line) => line.slice(server.url.length)),
			['/up answers 503', '/up answers 500', '/up answers 200'],
		);
		assert.is(server.asked.length, 4);
	});
	test(
		'it is bounded by train.timeouts.smoke, also when one answer takes longer than that',
		against(
			() => undefined,
			async ({ url }) => {
				const startedAt = performance.now();
				const { context } = asking({ probeMs: 60_000, smokeMs: 150 });
				assert.is((await waitUntilUp(question(`${url}/up`), context)).up, false);
				assert.ok(performance.now() - startedAt < 5_000);
			},
		),
	);
	test(
		'a run that is cancelled ends it',
		against(
			(_request, response) => response.writeHead(503).end(),
			async ({ url }) => {
				const stop = new AbortController();
				const { context, lines } = asking({ smokeMs: 60_000 }, stop.signal);
				const waiting = waitUntilUp(question(`${url}/up`), {
					...context,
					output: (stream, line) => {
						context.output(stream, line);
						stop.abort();
					},
				});
				assert.is((await waiting).up, false);
				assert.is(lines.length, 1);
			},
		),
	);
});
