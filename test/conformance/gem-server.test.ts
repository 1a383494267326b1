import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as assert from 'uvu/assert';
import { fileSha256 } from '../../src/io/files.ts';
import { createGemRegistry } from '../../src/io/gem-registry.ts';
import { buildGem, type GemToBuild } from '../io/build-gem.ts';
import { startGemServer } from '../support/gem-server.ts';
import { startGemStandIn } from '../support/gem-stand-in.ts';
import { type Finished, output, runProcess } from '../support/process.ts';
import { suite } from '../support/suite.ts';

/** What both must be. */
interface Server {
	readonly url: string;
	readonly apiKey: string;
	stop(): Promise<void>;
}

interface Desk {
	readonly server: Server;
	/** A folder of its own, where gems are built; also the HOME of whoever pushes. */
	readonly folder: string;
	readonly env: Readonly<Record<string, string>>;
}

const SERVERS: Readonly<Record<string, (options: { readonly otp?: string }) => Promise<Server>>> = {
	'geminabox, the real server': startGemServer,
	'the stand-in': startGemStandIn,
};
const OTP = '246810';
const QUICK = { timeoutMs: 5_000, retries: 0 };

/** Builds a gem in a new folder; gives its path. */
function built(desk: Desk, gem: GemToBuild): string {
	const folder = mkdtempSync(join(desk.folder, 'gem-'));
	return join(folder, buildGem(folder, gem));
}

function gemPush(desk: Desk, file: string, env: Readonly<Record<string, string>> = {}): Promise<Finished> {
	const argv = ['gem', 'push', '--verbose', '--host', desk.server.url, file];
	return runProcess(argv, { cwd: desk.folder, env: { ...desk.env, ...env } });
}

function post(desk: Desk, file: string, key: string | null): Promise<Response> {
	const body = new Uint8Array(readFileSync(file));
	return fetch(`${desk.server.url}/api/v1/gems`, { method: 'POST', headers: key ? { authorization: key } : {}, body });
}

function infoOf(desk: Desk, gem: string): Promise<Response> {
	return fetch(`${desk.server.url}/info/${gem}`);
}

for (const [name, start] of Object.entries(SERVERS)) {
	suite(name, (test) => {
		const check = (rule: string, body: (desk: Desk) => Promise<void>, options: { readonly otp?: string } = {}) =>
			test(rule, async () => {
				const folder = mkdtempSync(join(tmpdir(), 'slipway-conformance-'));
				const server = await start(options);
				const env = {
					PATH: process.env.PATH ?? '',
					HOME: folder,
					LANG: 'C.UTF-8',
					GEM_HOST_API_KEY: server.apiKey,
					BUNDLE_SILENCE_ROOT_WARNING: '1',
				};
				try {
					await body({ server, folder, env });
				} finally {
					await server.stop();
					rmSync(folder, { recursive: true });
				}
			});

		check(
			'`gem push` of a new gem is 200, and the index lists it with its checksum and what it needs',
			async (desk) => {
				const file = built(desk, { name: 'cleat', version: '1.2.0' });
				const { code, stdout } = await gemPush(desk, file);
				assert.is(code, 0, stdout);
				assert.match(stdout, /^200 OK$/m);
				const digest = await fileSha256(file);
				const info = await (await infoOf(desk, 'cleat')).text();
				const line = info.split('\n')[1] ?? '';
				assert.match(line, /^1\.2\.0 /);
				assert.ok(line.includes(`checksum:${digest}`), line);
				assert.match(line, /studio-engine:(?:~> 0\.8&>= 0\.8\.10|>= 0\.8\.10&~> 0\.8)/);
				assert.not.match(line, 'rake');
			},
		);

		check('the same bytes again are 200, and change nothing', async (desk) => {
			const file = built(desk, { name: 'cleat', version: '1.2.0' });
			assert.is((await gemPush(desk, file)).code, 0);
			const before = await (await infoOf(desk, 'cleat')).text();
			const again = await gemPush(desk, file);
			assert.is(again.code, 0, again.stdout);
			assert.is(await (await infoOf(desk, 'cleat')).text(), before);
		});

		check('other bytes under the same version are 409, and the first ones stay', async (desk) => {
			const file = built(desk, { name: 'cleat', version: '1.2.0' });
			const first = readFileSync(file);
			await gemPush(desk, file);
			const other = built(desk, { name: 'cleat', version: '1.2.0', pushHost: desk.server.url });
			const { code, stdout } = await gemPush(desk, other);
			assert.is(code, 1);
			assert.match(stdout, /^409 /m);
			assert.ok((await createGemRegistry(desk.server.url, QUICK).downloadGem(basename(file))).equals(first));
		});

		check('what was pushed can be downloaded, byte for byte', async (desk) => {
			const file = built(desk, { name: 'cleat', version: '1.2.0', platform: 'x86_64-linux' });
			assert.is((await gemPush(desk, file)).code, 0);
			const bytes = await createGemRegistry(desk.server.url, QUICK).downloadGem(basename(file));
			assert.ok(bytes.equals(readFileSync(file)));
			assert.match(await (await infoOf(desk, 'cleat')).text(), /^1\.2\.0-x86_64-linux /m);
		});

		check('without the key, or with another, a push is 401 and takes nothing', async (desk) => {
			const file = built(desk, { name: 'cleat', version: '1.2.0' });
			assert.is((await post(desk, file, null)).status, 401);
			assert.is((await post(desk, file, 'wrong')).status, 401);
			const { code, stdout } = await gemPush(desk, file, { GEM_HOST_API_KEY: 'wrong' });
			assert.is(code, 1);
			assert.match(stdout, /^401 /m);
			assert.match(stdout, 'Access Denied');
			assert.is((await infoOf(desk, 'cleat')).status, 404);
		});

		check(
			'a one-time password comes from GEM_HOST_OTP_CODE; without it, or with a wrong one, 401',
			async (desk) => {
				const file = built(desk, { name: 'cleat', version: '1.2.0' });
				assert.match((await gemPush(desk, file)).stdout, 'no OTP code provided');
				assert.match((await gemPush(desk, file, { GEM_HOST_OTP_CODE: '000000' })).stdout, 'OTP code is incorrect');
				assert.is((await infoOf(desk, 'cleat')).status, 404);
				assert.is((await gemPush(desk, file, { GEM_HOST_OTP_CODE: OTP })).code, 0);
			},
			{ otp: OTP },
		);

		check(
			'an unknown gem is 404 on its page, its file and the versions API; the index itself is there',
			async (desk) => {
				for (const page of ['info/no-such-gem', 'gems/no-such-gem-1.0.0.gem', 'api/v1/versions/no-such-gem.json']) {
					const reply = await fetch(`${desk.server.url}/${page}`);
					await reply.body?.cancel();
					assert.is(reply.status, 404, page);
				}
				const versions = await fetch(`${desk.server.url}/versions`);
				assert.is(versions.status, 200);
				assert.match(await versions.text(), /^---$/m);
			},
		);

		check('what is no gem is refused, and the index stays as it was', async (desk) => {
			const file = join(desk.folder, 'no.gem');
			writeFileSync(file, 'not a gem');
			const reply = await post(desk, file, desk.server.apiKey);
			assert.ok(reply.status >= 400, String(reply.status));
			assert.not.match(await (await fetch(`${desk.server.url}/versions`)).text(), 'cleat');
		});

		check('`bundle lock` resolves what it serves: the newest version, and what that needs', async (desk) => {
			for (const [gem, version] of [
				['studio-engine', '0.8.12'],
				['rack', '3.1.0'],
				['cleat', '1.2.0'],
				['cleat', '1.3.0'],
			] as const) {
				const file = gem === 'cleat' ? built(desk, { name: gem, version }) : await plainGem(desk, gem, version);
				assert.is((await gemPush(desk, file)).code, 0, file);
			}
			writeFileSync(join(desk.folder, 'Gemfile'), `source "${desk.server.url}"\n\ngem "cleat", "~> 1.0"\n`);
			const cwd = desk.folder;
			await output(['bundle', 'lock'], { cwd, env: { ...desk.env, BUNDLE_GEMFILE: join(cwd, 'Gemfile') } });
			const lock = readFileSync(join(cwd, 'Gemfile.lock'), 'utf8');
			assert.match(lock, `remote: ${desk.server.url}/`);
			for (const row of ['cleat (1.3.0)', 'studio-engine (0.8.12)', 'rack (3.1.0)'])
				assert.ok(lock.includes(row), lock);
		});
	});
}

/** A gem that needs nothing. */
async function plainGem(desk: Desk, name: string, version: string): Promise<string> {
	const spec = [
		'Gem::Specification.new do |s|',
		`  s.name = "${name}"`,
		`  s.version = "${version}"`,
		'  s.summary = "needs nothing"',
		'  s.authors = ["Slipway"]',
		'  s.files = []',
		'end',
	];
	writeFileSync(join(desk.folder, `${name}.gemspec`), `${spec.join('\n')}\n`);
	await output(['gem', 'build', `${name}.gemspec`], { cwd: desk.folder, env: desk.env });
	return join(desk.folder, `${name}-${version}.gem`);
}
