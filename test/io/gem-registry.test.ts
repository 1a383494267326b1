import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { Unreadable } from '../../src/core/diagnostic.ts';
import { fileSha256 } from '../../src/io/files.ts';
import { parseGemArchive } from '../../src/io/gem-archive.ts';
import { createGemRegistry } from '../../src/io/gem-registry.ts';
import { startGemServer } from '../support/gem-server.ts';
import { suite } from '../support/suite.ts';
import { buildGem } from './build-gem.ts';
import { against, pages } from './fault-server.ts';
import { inFolder } from './folder.ts';

const QUICK = { timeoutMs: 5_000, retries: 1, backoffMs: 1 };
const A = 'a'.repeat(64);
const LIVE = [{ version: '0.1.0', platform: 'ruby', sha256: A, yanked: false }];
const INFO = `---\n0.1.0 |checksum:${A}\n`;
const API = JSON.stringify([{ number: '0.1.0', platform: 'ruby', sha: A, prerelease: false }]);
const VERSIONS = 'created_at: 2026-03-14T09:26:53Z\n---\nstudio-engine 0.1.0 abc\n';

async function unreadable(promise: Promise<unknown>): Promise<string> {
	const error = await promise.then(
		(value) => value,
		(reason: unknown) => reason,
	);
	if (!(error instanceof Unreadable)) throw new Error(`not Unreadable: ${JSON.stringify(error)}`);
	return error.message;
}

suite('gem registry: which interface answers', (test) => {
	test(
		'both: the versions API is the cheap read, the compact index the gate',
		against(pages({ '/api/v1/versions/studio-engine.json': API, '/info/studio-engine': INFO }), async (server) => {
			const registry = createGemRegistry(`${server.url}/`, QUICK);
			assert.equal(await registry.fetchLive('studio-engine'), { source: 'versions-api', versions: LIVE });
			assert.equal(await registry.fetchIndexed('studio-engine'), { source: 'compact-index', versions: LIVE });
			assert.equal(server.asked, ['GET /api/v1/versions/studio-engine.json', 'GET /info/studio-engine']);
		}),
	);
	test(
		'only the compact index: the versions API is tried once, also by gems that are asked for together',
		against(pages({ '/versions': VERSIONS, '/info/studio-engine': INFO }), async (server) => {
			const registry = createGemRegistry(server.url, QUICK);
			const [absent, live] = await Promise.all(['studio-ui', 'studio-engine', 'studio-ui'].map(registry.fetchLive));
			assert.equal(
				[absent, live],
				[
					{ source: 'compact-index', versions: [] },
					{ source: 'compact-index', versions: LIVE },
				],
			);
			assert.is(server.asked.filter((path) => path.includes('/api/')).length, 1);
			assert.is(server.asked.filter((path) => path === 'GET /versions').length, 1);
		}),
	);
	test(
		'only the versions API: it stands in for the index, and its 404 is absent once it has answered',
		against(pages({ '/api/v1/versions/studio-engine.json': API }), async (server) => {
			const registry = createGemRegistry(server.url, QUICK);
			assert.equal(await registry.fetchIndexed('studio-engine'), { source: 'versions-api', versions: LIVE });
			assert.equal(await registry.fetchLive('studio-ui'), { source: 'versions-api', versions: [] });
			assert.equal(await registry.fetchIndexed('studio-ui'), { source: 'versions-api', versions: [] });
			assert.is(server.asked.filter((path) => path === 'GET /versions').length, 1);
		}),
	);
	test(
		'neither, and a legacy index: absent when it does not name the gem, else unknown',
		against(pages({ '/specs.4.8.gz': gzipSync('"\u0012studio-engine') }), async (server) => {
			const registry = createGemRegistry(server.url, QUICK);
			assert.equal((await registry.fetchLive('studio-ui')).versions, []);
			assert.match(await unreadable(registry.fetchLive('studio-engine')), 'it has studio-engine');
		}),
	);
	test(
		'nothing that a registry has: unknown, never absent',
		against(pages({}), async (server) => {
			assert.match(
				await unreadable(createGemRegistry(server.url, QUICK).fetchLive('studio-engine')),
				'no legacy index',
			);
		}),
	);
});

suite('gem registry: a failed read is never "not published"', (test) => {
	const api = '/api/v1/versions/studio-engine.json';
	const faults: readonly (readonly [string, Readonly<Record<string, string | number>>, string])[] = [
		['5xx of the versions API', { [api]: 503, '/info/studio-engine': INFO }, 'HTTP 503'],
		['401 of the versions API', { [api]: 401 }, 'HTTP 401: status 401'],
		['403 of the index', { '/info/studio-engine': 403 }, 'HTTP 403'],
		['5xx of /versions', { '/versions': 500 }, 'HTTP 500'],
		['HTML with status 200', { [api]: '<!DOCTYPE html><p>Log in' }, 'versions is not JSON'],
		['JSON of another kind', { [api]: '{"error":"busy"}' }, 'versions is not a list'],
		['half of a JSON', { [api]: API.slice(0, 30) }, 'versions is not JSON'],
		['a version without its number', { [api]: '[{"platform":"ruby"}]' }, 'versions[0].number'],
		['HTML as index', { '/info/studio-engine': '<html>' }, 'not a compact index'],
		['half a line of index', { '/info/studio-engine': INFO.slice(0, -9) }, 'in the middle of a line'],
	];
	for (const [name, byPath, words] of faults) {
		test(
			name,
			against(pages(byPath), async (server) => {
				const said = await unreadable(createGemRegistry(server.url, QUICK).fetchLive('studio-engine'));
				assert.ok(said.includes(words), said);
			}),
		);
	}
	test('a failure is not remembered: the next read asks again', async () => {
		let down = true;
		const respond = pages({ [api]: API });
		const body = against(
			(request, response) => (down ? response.writeHead(500).end() : respond(request, response)),
			async (server) => {
				const registry = createGemRegistry(server.url, { ...QUICK, retries: 0 });
				await unreadable(registry.fetchLive('studio-engine'));
				down = false;
				assert.equal((await registry.fetchLive('studio-engine')).versions, LIVE);
			},
		);
		await body();
	});
	test(
		'a page that a cache recoded or cut is noticed by its digest',
		against(
			(_, response) => response.writeHead(200, { 'Repr-Digest': `sha-256=:${'A'.repeat(43)}=:` }).end(INFO),
			async (server) => {
				assert.match(
					await unreadable(createGemRegistry(server.url, QUICK).fetchIndexed('studio-engine')),
					'Repr-Digest',
				);
			},
		),
	);
	test(
		'a password in the registry URL is sent and never shown',
		against(
			(request, response) => response.writeHead(request.headers.authorization ? 403 : 500).end('no hunter2 here'),
			async (server) => {
				const registry = createGemRegistry(server.url.replace('://', '://ada:hunter2@'), QUICK);
				const said = await unreadable(registry.fetchLive('studio-engine'));
				assert.match(said, 'HTTP 403');
				assert.not.match(said, 'ada');
			},
		),
	);
});

suite('gem registry: a real server', (test) => {
	test(
		'a gem is absent, then pushed, then live with the checksum of its bytes, and can be downloaded',
		inFolder(async (folder) => {
			const server = await startGemServer();
			try {
				const registry = createGemRegistry(server.url, QUICK);
				await registry.pushHostReachable();
				assert.equal(await registry.fetchLive('studio-ui'), { source: 'compact-index', versions: [] });
				const file = buildGem(folder, { name: 'studio-ui', version: '0.2.0', pushHost: server.url });
				const env = { PATH: process.env.PATH, HOME: folder, GEM_HOST_API_KEY: server.apiKey };
				execFileSync('gem', ['push', '--host', server.url, file], { cwd: folder, env, stdio: 'pipe' });
				const sha256 = await fileSha256(join(folder, file));
				const live = {
					source: 'compact-index',
					versions: [{ version: '0.2.0', platform: 'ruby', sha256, yanked: false }],
				};
				assert.equal(await registry.fetchLive('studio-ui'), live);
				assert.equal(await createGemRegistry(server.url, QUICK).fetchIndexed('studio-ui'), live);
				const bytes = await registry.downloadGem(file);
				assert.ok(bytes.equals(await readFile(join(folder, file))));
				assert.is((await parseGemArchive(bytes, file)).allowedPushHost, server.url);
				assert.match(await unreadable(registry.downloadGem('studio-ui-9.9.9.gem')), 'HTTP 404');
			} finally {
				await server.stop();
			}
		}),
	);
});
