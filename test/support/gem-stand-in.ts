import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type GemArchive, parseGemArchive } from '../../src/io/gem-archive.ts';
import type { ServedRequest } from './gem-server.ts';

/** What happens to a push instead of what should. */
export interface PushFault {
	/** Done when the push arrives, before anything else. */
	readonly meanwhile?: () => void | Promise<void>;
	/** The gem is taken, whatever is said of it. */
	readonly take?: boolean;
	/** Null: the connection is cut and nothing is said. Absent: what the push would be told without a fault. */
	readonly answer?: { readonly status: number; readonly body: string; readonly retryAfter?: number } | null;
}

export interface StandInOptions {
	/** What can be read; a page of the other one is 404. Both when absent. */
	readonly interfaces?: 'both' | 'index' | 'api';
	readonly port?: number;
	/** The only key that may push; made up when absent. */
	readonly apiKey?: string;
	/** When given, a push needs this one-time password too. */
	readonly otp?: string;
}

/**
 * A gem registry that can be told to fail, for what no real one does when asked. It speaks the words of
 * rubygems.org; test/conformance/gem-server.test.ts holds it to what the real server does.
 */
export interface GemStandIn {
	/** Without a slash at its end. */
	readonly url: string;
	readonly port: number;
	readonly apiKey: string;
	/** The next `times` pushes end like this. */
	faultPushes(fault: PushFault, times?: number): void;
	/** Gems that are taken from now on are listed only after their pages were read this often; `Infinity`: not before 0 is said. */
	lagIndex(reads: number): void;
	/** The next `reads` pages of the compact index break off in the middle. */
	tearIndex(reads: number): void;
	/** Takes a gem without being asked for a key: what a colleague pushed. */
	put(bytes: Buffer): Promise<void>;
	/** `file` is gone, and its number is spent. */
	yank(file: string): void;
	/** Every request so far, oldest first. */
	requests(): readonly ServedRequest[];
	/** Files that a push brought, oldest first. */
	taken(): readonly string[];
	stop(): Promise<void>;
}

interface Version {
	readonly gem: GemArchive;
	readonly file: string;
	readonly bytes: Buffer;
	readonly sha256: string;
	/** Reads of its gem's pages until it is listed. */
	hiddenFor: number;
	yanked: boolean;
}

interface State {
	readonly options: Required<Pick<StandInOptions, 'interfaces' | 'apiKey'>> & { readonly otp: string | null };
	readonly versions: Map<string, Version>;
	readonly taken: string[];
	readonly requests: ServedRequest[];
	faults: PushFault[];
	lag: number;
	tears: number;
}

type Reply = { readonly status: number; readonly body: string | Buffer; readonly retryAfter?: number };

const PUSH = '/api/v1/gems';
const NOT_FOUND: Reply = { status: 404, body: 'This rubygem could not be found.' };

/** Starts a stand-in and resolves when its socket listens. */
export async function startGemStandIn(options: StandInOptions = {}): Promise<GemStandIn> {
	const apiKey = options.apiKey ?? `rubygems_${randomBytes(24).toString('hex')}`;
	const state: State = {
		options: { interfaces: options.interfaces ?? 'both', apiKey, otp: options.otp ?? null },
		versions: new Map(),
		taken: [],
		requests: [],
		faults: [],
		lag: 0,
		tears: 0,
	};
	const server = createServer((request, response) => {
		handle(state, request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
	});
	server.listen(options.port ?? 0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		port,
		apiKey,
		faultPushes: (fault, times = 1) => state.faults.push(...Array.from({ length: times }, () => fault)),
		lagIndex: (reads) => {
			state.lag = reads;
			if (reads === 0) for (const version of state.versions.values()) version.hiddenFor = 0;
		},
		tearIndex: (reads) => {
			state.tears = reads;
		},
		put: async (bytes) => {
			await take(state, bytes);
		},
		yank: (file) => {
			const version = state.versions.get(file);
			if (!version) throw new Error(`${file} was never pushed`);
			version.yanked = true;
		},
		requests: () => [...state.requests],
		taken: () => [...state.taken],
		async stop() {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}

async function handle(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const { pathname } = new URL(request.url ?? '/', 'http://stand-in');
	const method = request.method ?? 'GET';
	const reply = method === 'POST' ? await answerPost(state, request, pathname) : answerGet(state, pathname);
	const at = new Date().toISOString();
	state.requests.push({ at, method, path: pathname, status: reply?.status ?? 0 });
	if (reply === null) {
		request.socket.destroy();
		return;
	}
	if (reply.retryAfter !== undefined) response.setHeader('retry-after', reply.retryAfter);
	response.writeHead(reply.status, { 'content-type': 'text/plain' });
	response.end(method === 'HEAD' ? undefined : reply.body);
}

async function answerPost(state: State, request: IncomingMessage, pathname: string): Promise<Reply | null> {
	const body = await buffer(request);
	const { apiKey, otp } = state.options;
	if (request.headers.authorization !== apiKey) {
		return { status: 401, body: 'Access Denied. Please sign up for an account at https://rubygems.org' };
	}
	if (otp !== null && request.headers.otp !== otp) return { status: 401, body: otpWords(request.headers.otp) };
	if (pathname !== PUSH) return NOT_FOUND;
	const { meanwhile, take = false, answer }: PushFault = state.faults.shift() ?? {};
	await meanwhile?.();
	if (answer === undefined) return push(state, body);
	if (take) await push(state, body);
	return answer;
}

function otpWords(given: string | string[] | undefined): string {
	return given === undefined
		? 'You have enabled multifactor authentication but no OTP code provided. Please fill it and retry.'
		: 'You have enabled multifactor authentication but your OTP code is incorrect. Please check it and retry.';
}

async function push(state: State, body: Buffer): Promise<Reply> {
	const gem = await parseGemArchive(body, 'the pushed gem').catch(() => null);
	if (!gem) return { status: 422, body: 'RubyGems.org cannot process this gem.' };
	const title = `${gem.name} (${gem.version})`;
	const there = state.versions.get(fileOf(gem));
	if (there?.yanked) {
		const words = `A yanked version already exists (${gem.name}-${gem.version}).`;
		return {
			status: 409,
			body: `${words}\nRepushing of gem versions is not allowed. Please use a new version and retry`,
		};
	}
	if (there?.bytes.equals(body)) return { status: 200, body: `Gem was already pushed: ${title}` };
	if (there) {
		const advice = 'Please bump the version number and push a new different release.';
		return { status: 409, body: `Repushing of gem versions is not allowed.\n${advice}` };
	}
	const version = await take(state, body);
	version.hiddenFor = state.lag;
	state.taken.push(version.file);
	return { status: 200, body: `Successfully registered gem: ${title}` };
}

async function take(state: State, bytes: Buffer): Promise<Version> {
	const gem = await parseGemArchive(bytes, 'a gem');
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	const version = { gem, file: fileOf(gem), bytes, sha256, hiddenFor: 0, yanked: false };
	state.versions.set(version.file, version);
	return version;
}

function fileOf({ name, version, platform }: GemArchive): string {
	return `${name}-${version}${platform === 'ruby' ? '' : `-${platform}`}.gem`;
}

function answerGet(state: State, pathname: string): Reply {
	const { interfaces } = state.options;
	if (pathname === '/') return { status: 200, body: 'a gem registry\n' };
	const [, folder = '', ...rest] = pathname.split('/').map(decodeURIComponent);
	if (folder === 'gems') {
		const version = state.versions.get(rest[0] ?? '');
		return version && !version.yanked ? { status: 200, body: version.bytes } : NOT_FOUND;
	}
	if (folder === 'api') return interfaces === 'index' ? NOT_FOUND : apiPage(state, rest.at(-1) ?? '');
	if (interfaces === 'api') return NOT_FOUND;
	if (folder === 'versions') return { status: 200, body: versionsPage(state) };
	return folder === 'info' ? infoPage(state, rest[0] ?? '') : NOT_FOUND;
}

function listed(state: State, name?: string): Version[] {
	return [...state.versions.values()].filter((version) => {
		return !version.yanked && version.hiddenFor === 0 && (name === undefined || version.gem.name === name);
	});
}

/** Whoever asks brings the moment nearer at which a lagging version is listed. */
function wasRead(state: State, name: string): void {
	for (const version of state.versions.values()) {
		if (version.gem.name === name && version.hiddenFor > 0) version.hiddenFor -= 1;
	}
}

function apiPage(state: State, page: string): Reply {
	const name = page.replace(/\.json$/, '');
	const versions = listed(state, name);
	// Where there is an index too, that is what lags and what reads are counted by.
	if (state.options.interfaces === 'api') wasRead(state, name);
	if (versions.length === 0) return NOT_FOUND;
	const rows = versions.map(({ gem, sha256 }) => ({ number: gem.version, platform: gem.platform, sha: sha256 }));
	return { status: 200, body: JSON.stringify(rows.reverse()) };
}

function infoPage(state: State, name: string): Reply {
	const body = infoText(listed(state, name));
	wasRead(state, name);
	if (state.tears > 0) {
		state.tears -= 1;
		return { status: 200, body: body.slice(0, -10) };
	}
	return [...state.versions.values()].some(({ gem }) => gem.name === name) ? { status: 200, body } : NOT_FOUND;
}

function numberOf({ gem }: Version): string {
	return `${gem.version}${gem.platform === 'ruby' ? '' : `-${gem.platform}`}`;
}

function infoText(versions: readonly Version[]): string {
	const lines = versions.map((version) => {
		const runtime = version.gem.dependencies.filter(({ type }) => type === 'runtime');
		const needs = runtime.map(({ name, requirement }) => `${name}:${requirement.replaceAll(', ', '&')}`);
		return `${numberOf(version)} ${needs.join(',')}|checksum:${version.sha256}`;
	});
	return ['---', ...lines, ''].join('\n');
}

function versionsPage(state: State): string {
	const names = [...new Set([...state.versions.values()].map(({ gem }) => gem.name))];
	const lines = names.map((name) => {
		const versions = listed(state, name);
		const digest = createHash('md5').update(infoText(versions)).digest('hex');
		return `${name} ${versions.map(numberOf).join(',')} ${digest}`;
	});
	return ['created_at: 2026-01-01T00:00:00Z', '---', ...lines, ''].join('\n');
}
