import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Held, holdAt } from './hold.ts';
import { startGroup, stopGroup } from './process.ts';
import { loadToolchain } from './toolchain.ts';

export interface GemServerOptions {
	/** Where gems, index and log are kept, also after stop(); a temporary folder, removed at stop(), when absent. */
	readonly dir?: string;
	/** A free one when absent. */
	readonly port?: number;
	/** The only key that may push and yank; made up when absent. */
	readonly apiKey?: string;
	/** When given, a push needs this one-time password too. */
	readonly otp?: string;
}

export interface ServedRequest {
	readonly at: string;
	readonly method: string;
	readonly path: string;
	readonly status: number;
}

/** A real gem server: geminabox on puma, on loopback. */
export interface GemServer {
	/** Without a slash at its end. */
	readonly url: string;
	readonly port: number;
	readonly apiKey: string;
	readonly dir: string;
	/** Every request so far, oldest first. */
	requests(): readonly ServedRequest[];
	/** Pushes that it took, so that a test can prove "pushed exactly once". */
	pushes(): readonly ServedRequest[];
	/** Holds the next push before the server takes it, or with its reply after it was taken. */
	holdPush(moment: 'request' | 'reply'): Promise<Held>;
	stop(): Promise<void>;
}

/** Starts a gem server and resolves when its socket listens. Rejects with Ruby's own words when it cannot. */
export async function startGemServer(options: GemServerOptions = {}): Promise<GemServer> {
	const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'slipway-gems-'));
	mkdirSync(dir, { recursive: true });
	const removeOwn = () => {
		if (!options.dir) rmSync(dir, { recursive: true, force: true });
	};
	const log = join(dir, 'requests.ndjson');
	const apiKey = options.apiKey ?? `rubygems_${randomBytes(24).toString('hex')}`;
	const settings = { dir, log, apiKey, port: options.port ?? 0, otp: options.otp ?? null };
	const home = join(loadToolchain().gemHome, 'server');
	const script = fileURLToPath(new URL('gem-server.rb', import.meta.url));
	const child = startGroup(['ruby', '--disable=did_you_mean', script, JSON.stringify(settings)], {
		env: { PATH: process.env.PATH, HOME: dir, GEM_HOME: home, GEM_PATH: home, LANG: 'C.UTF-8' },
	});
	const exited = once(child, 'exit');
	const port = await listeningPort(child.stdout, child.stderr).catch((error: unknown) => {
		removeOwn();
		throw error;
	});
	// Nobody reads on; a full pipe would stop the server.
	child.stdout.resume();
	const requests = () => readRequests(log);
	return {
		url: `http://127.0.0.1:${port}`,
		port,
		apiKey,
		dir,
		requests,
		pushes: () => requests().filter((r) => r.method === 'POST' && r.path === '/api/v1/gems' && r.status === 200),
		holdPush: (moment) => holdAt(join(dir, `${moment}.hold`)),
		async stop() {
			stopGroup(child);
			await exited;
			removeOwn();
		},
	};
}

/** The first line of output is the port; no line at all means that Ruby gave up. */
async function listeningPort(stdout: NodeJS.ReadableStream, stderr: NodeJS.ReadableStream): Promise<number> {
	const words = text(stderr);
	for await (const line of createInterface({ input: stdout })) return Number(line);
	throw new Error(`the gem server did not start: ${await words}`);
}

function readRequests(log: string): ServedRequest[] {
	if (!existsSync(log)) return [];
	const lines = readFileSync(log, 'utf8').split('\n');
	// Every note is one write; what follows the last line end is still being written.
	return lines.slice(0, -1).map((line) => JSON.parse(line) as ServedRequest);
}
