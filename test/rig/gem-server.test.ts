import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as assert from 'uvu/assert';
import { pushLiveGems } from '../support/fleet/live-gems.ts';
import { startGemServer } from '../support/gem-server.ts';
import { startGroup } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { NODE, ROOT } from '../support/toolchain.ts';
import { servedVersions } from '../support/world.ts';

const push = (url: string, headers: Record<string, string>) =>
	fetch(`${url}/api/v1/gems`, { method: 'POST', headers, body: 'not a gem' });

suite('gem server', (test) => {
	test('what is pushed is in the compact index with its digest, and counted once', async () => {
		const server = await startGemServer();
		try {
			await pushLiveGems(server, null);
			const versions = await servedVersions(server.url, 'tack');
			assert.equal(
				versions.map((v) => v.version),
				['1.0.0', '1.1.0'],
			);
			assert.ok(versions.every((v) => v.sha256.length === 64));
			assert.is(server.pushes().length, 2);
		} finally {
			await server.stop();
		}
	});

	test('the same bytes again change nothing', async () => {
		const server = await startGemServer();
		try {
			await pushLiveGems(server, null);
			const before = await servedVersions(server.url, 'tack');
			await pushLiveGems(server, null);
			assert.equal(await servedVersions(server.url, 'tack'), before);
		} finally {
			await server.stop();
		}
	});

	test('a write without the key is 401, a read is not asked for one', async () => {
		const server = await startGemServer();
		try {
			assert.is((await push(server.url, {})).status, 401);
			assert.is((await push(server.url, { Authorization: 'wrong' })).status, 401);
			assert.is((await fetch(`${server.url}/versions`)).status, 200);
			assert.is((await fetch(`${server.url}/api/v1/versions/tack.json`)).status, 404);
			assert.is(server.pushes().length, 0);
			assert.equal(
				server.requests().map((r) => r.status),
				[401, 401, 200, 404],
			);
		} finally {
			await server.stop();
		}
	});

	test('with a one-time password a push needs it, in words that RubyGems understands', async () => {
		const server = await startGemServer({ otp: '123456' });
		try {
			const without = await push(server.url, { Authorization: server.apiKey });
			assert.is(without.status, 401);
			assert.match(await without.text(), /^You have enabled multifactor authentication/);
			const wrong = await push(server.url, { Authorization: server.apiKey, OTP: '000000' });
			assert.is(wrong.status, 401);
			const right = await push(server.url, { Authorization: server.apiKey, OTP: '123456' });
			assert.is.not(right.status, 401);
		} finally {
			await server.stop();
		}
	});

	test('a taken port is an error with the port in it', async () => {
		const server = await startGemServer();
		try {
			await startGemServer({ port: server.port });
			assert.unreachable('two servers on one port');
		} catch (error) {
			assert.match(String(error), `port ${server.port} is taken`);
		} finally {
			await server.stop();
		}
	});

	const diesWithItsParent = async () => {
		const dir = mkdtempSync(join(tmpdir(), 'slipway-gems-'));
		const program = `
			import { startGemServer } from ${JSON.stringify(`${ROOT}test/support/gem-server.ts`)};
			console.log((await startGemServer({ dir: ${JSON.stringify(dir)} })).port);`;
		const parent = startGroup([NODE, '--input-type=module', '-e', program], {});
		const [port] = await once(createInterface({ input: parent.stdout }), 'line');
		const socket = connect(Number(port), '127.0.0.1');
		await once(socket, 'connect');
		// Nothing of the parent's own runs on SIGKILL: only its pipe tells the server.
		parent.kill('SIGKILL');
		socket.resume();
		// A connection that Ruby had not accepted yet is reset instead of closed: just as dead.
		socket.on('error', () => {});
		await new Promise((resolve) => socket.once('close', resolve));
		rmSync(dir, { recursive: true });
	};
	test('it dies with the process that started it, however that ends', diesWithItsParent, { timeoutMs: 10_000 });

	test('stop() ends it: nothing answers any more', async () => {
		const server = await startGemServer();
		await server.stop();
		const answered = await fetch(server.url).then(
			() => true,
			() => false,
		);
		assert.is(answered, false);
	});
});
