import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import * as assert from 'uvu/assert';
import { buildFleet, type Fleet } from '../support/fleet.ts';
import { type GemStandIn, startGemStandIn } from '../support/gem-stand-in.ts';
import { startGitHttp } from '../support/git-http.ts';
import { type Finished, output } from '../support/process.ts';
import { slipway } from '../support/slipway.ts';
import { startSmokeServer } from '../support/smoke-server.ts';
import { suite } from '../support/suite.ts';
import { originRef } from '../support/world.ts';

/** None of a shape that could be told from an ordinary word. */
const SECRETS = {
	key: 'anchor-chain-and-winch',
	otp: '864209',
	password: 'four-fathoms-down',
	token: 'seven-bells-ring-out',
} as const;

const dir = mkdtempSync(join(tmpdir(), 'slipway-secrets-'));
process.on('exit', () => rmSync(dir, { recursive: true, force: true }));

interface Harbour {
	readonly fleet: Fleet;
	readonly registry: GemStandIn;
	/** From now on no origin answers. */
	stopOrigins(): Promise<void>;
	readonly originsPort: number;
	run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished>;
	/** Everything that was printed so far. */
	said(): string;
	stop(): Promise<void>;
}

/** A fleet whose origins want a password, and whose registry wants a key and a one-time password. */
async function openHarbour(): Promise<Harbour> {
	const seeded = await startGemStandIn({ apiKey: SECRETS.key });
	const smoke = await startSmokeServer(dir);
	const fleet = await buildFleet({ dir, gemServer: seeded, smokeUrl: smoke.url, satellites: 1 });
	const live = await Promise.all(seeded.taken().map((file) => fetch(`${seeded.url}/gems/${file}`)));
	const gems = await Promise.all(live.map(async (reply) => Buffer.from(await reply.arrayBuffer())));
	await seeded.stop();
	const registry = await startGemStandIn({ apiKey: SECRETS.key, port: seeded.port, otp: SECRETS.otp });
	for (const gem of gems) await registry.put(gem);
	const { layout, env } = fleet;
	const origins = await startGitHttp({ root: layout.origins, user: 'ada', password: SECRETS.password, env });
	for (const repo of fleet.repos) {
		const url = `http://ada:${SECRETS.password}@127.0.0.1:${origins.port}/${repo}.git`;
		await output(['git', '-C', join(layout.projects, repo), 'remote', 'set-url', 'origin', url], { env });
	}
	const said: string[] = [];
	let open = true;
	const stopOrigins = async () => {
		if (open) await origins.stop();
		open = false;
	};
	return {
		fleet,
		registry,
		stopOrigins,
		originsPort: origins.port,
		run: async (args, more = {}) => {
			const done = await slipway(fleet, args, { env: { CHAT_TOKEN: SECRETS.token, ...more } });
			said.push(done.stdout, done.stderr);
			return done;
		},
		said: () => said.join('\n'),
		stop: async () => {
			await Promise.all([registry.stop(), smoke.stop(), stopOrigins()]);
		},
	};
}

function filesUnder(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		return entry.isDirectory() ? [path, ...filesUnder(path)] : [path];
	});
}

function stateOf(fleet: Fleet): string {
	return join(fleet.layout.conductor, '.slipway');
}

/** The names of the secrets that a text holds, as they are or percent-encoded. */
function leaks(text: string): string[] {
	return Object.entries(SECRETS)
		.filter(([, secret]) => text.includes(secret) || text.includes(encodeURIComponent(secret)))
		.map(([name]) => name);
}

function leakingFiles(fleet: Fleet): string[] {
	return filesUnder(stateOf(fleet))
		.filter((path) => lstatSync(path).isFile())
		.flatMap((path) => {
			const found = leaks(readFileSync(path, 'latin1'));
			return found.length > 0 ? [`${relative(dir, path)}: ${found.join(', ')}`] : [];
		});
}

/** Files of the state that somebody else could read. What git keeps has modes of its own, in folders that nobody can enter. */
function openFiles(fleet: Fleet): string[] {
	const state = stateOf(fleet);
	return [state, ...filesUnder(state)]
		.filter((path) => !/^(?:repos|work)\/./.test(relative(state, path)))
		.filter((path) => (lstatSync(path).mode & 0o077) !== 0)
		.map((path) => `${relative(dir, path)} ${(lstatSync(path).mode & 0o777).toString(8)}`);
}

suite('secrets', (test) => {
	const story = async () => {
		const harbour = await openHarbour();
		const { fleet, registry, run } = harbour;
		const must = async (code: number, args: readonly string[], env?: Readonly<Record<string, string>>) => {
			const done = await run(args, env);
			assert.is(done.code, code, `${args.join(' ')}\n${done.stdout}${done.stderr}`);
			assert.equal(leakingFiles(fleet), [], args.join(' '));
			assert.equal(openFiles(fleet), [], args.join(' '));
			return done;
		};
		try {
			await must(0, ['prepare', '--yes']);
			await must(0, ['ship', '--dry-run', '--json']);
			await must(0, ['ship', '--dry-run', '--out', 'plan.json']);
			assert.equal(leaks(readFileSync(join(fleet.layout.conductor, 'plan.json'), 'utf8')), []);

			// A registry that repeats the key that it was given, in the file and in the environment.
			registry.faultPushes({ answer: { status: 401, body: `Access Denied for ${SECRETS.key}` } });
			const echoed = await must(1, ['ship', '--yes'], { GEM_HOST_OTP_CODE: SECRETS.otp });
			assert.match(echoed.stdout, 'Access Denied for [redacted]');
			registry.faultPushes({ answer: { status: 401, body: `OTP ${SECRETS.otp}, key ${SECRETS.key}` } });
			const home = join(fleet.layout.home, '.gem', 'credentials');
			rmSync(home);
			const key = { GEM_HOST_API_KEY: SECRETS.key };
			await must(1, ['ship', '--yes', '--json'], { ...key, GEM_HOST_OTP_CODE: SECRETS.otp });

			// Another one-time password: refused by the server in its own words.
			await must(1, ['ship', '--yes'], { ...key, GEM_HOST_OTP_CODE: '111111' });

			await must(0, ['ship', '--yes', '--verbose'], { ...key, GEM_HOST_OTP_CODE: SECRETS.otp });
			const main = await originRef(fleet, fleet.hub, 'refs/heads/main');
			assert.is(main, await originRef(fleet, fleet.hub, 'refs/heads/release'));
			await must(0, ['status', '--json'], key);

			// Gone: git repeats the address that it could not reach.
			await harbour.stopOrigins();
			const unreachable = await run(['prepare', '--yes'], key);
			assert.is(unreachable.code, 3, unreachable.stderr);
			assert.match(unreachable.stderr, `127.0.0.1:${harbour.originsPort}/`);
			assert.equal(leaks(harbour.said()), []);
			assert.not.match(harbour.said(), 'ada:');
		} finally {
			await harbour.stop();
		}
	};
	test(
		'key, one-time password, token and the password of an origin: in no output, journal, record, plan or file of the state',
		story,
		{ timeoutMs: 120_000 },
	);
});
