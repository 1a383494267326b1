import { gunzipSync } from 'node:zlib';
import { Unreadable } from '../core/diagnostic.ts';
import { redact } from '../core/redact.ts';
import { filledText, flag, listOf, nullable, openObject, optional, sha256, shapedJson } from '../core/shape.ts';
import { type LiveVersion, legacyIndexNames, matchesDigest, type Page, parseInfo } from './compact-index.ts';
import { fetchBytes, fetchStatus, type HttpAnswer, type HttpRequest, urlForPeople } from './http.ts';

export type RegistryOptions = Pick<HttpRequest, 'timeoutMs' | 'retries' | 'signal' | 'backoffMs'>;

/** Where a registry is, without a slash at the end, and how it is asked. */
export interface Site {
	readonly base: string;
	readonly request: HttpRequest;
}

/** How servers say that they have no such page, or no such interface at all. */
const NOT_HERE = new Set([404, 405, 410, 501]);
const MAX_GEM_BYTES = 1024 * 1024 * 1024;
const MAX_LEGACY_INDEX_BYTES = 256 * 1024 * 1024;

export function registrySite(url: string, options: RegistryOptions): Site {
	// A cache on the way would show the world before the push; a recoded page would not match its digest.
	const headers = { 'Cache-Control': 'no-cache', 'Accept-Encoding': 'identity' };
	return { base: url.replace(/\/+$/, ''), request: { ...options, headers } };
}

/** The gem's page of the compact index; null for a 404. Every function here throws Unreadable for any other trouble. */
export async function fetchInfo(site: Site, gem: string): Promise<readonly LiveVersion[] | null> {
	const url = `${site.base}/info/${encodeURIComponent(gem)}`;
	const answer = await fetchPage(url, site.request);
	if (answer === null) return null;
	if (!matchesDigest(answer.body, answer.headers))
		unreadable(url, 'the body is not the one that its Repr-Digest names');
	return believed(url, parseInfo(answer.body.toString('utf8')));
}

/** The gem's versions by the versions API; null for a 404. */
export async function fetchApiVersions(site: Site, gem: string): Promise<readonly LiveVersion[] | null> {
	const url = `${site.base}/api/v1/versions/${encodeURIComponent(gem)}.json`;
	const answer = await fetchPage(url, site.request);
	return answer === null ? null : believed(url, parseApi(answer.body.toString('utf8')));
}

/** Whether there is a compact index at all: it has one page that does not depend on any gem. */
export async function fetchHasIndex(site: Site): Promise<boolean> {
	const url = `${site.base}/versions`;
	const { status } = await fetchStatus(url, site.request);
	if (status !== 200 && !NOT_HERE.has(status)) unreadable(url, `HTTP ${status}`);
	return status === 200;
}

export async function fetchReachable(site: Site): Promise<void> {
	await fetchStatus(`${site.base}/`, site.request);
}

export async function fetchGemFile(site: Site, file: string): Promise<Buffer> {
	const url = gemUrl(site, file);
	const answer = await fetchPage(url, { ...site.request, maxBytes: MAX_GEM_BYTES });
	return answer === null ? unreadable(url, 'HTTP 404') : answer.body;
}

/** Null for any answer but 200: storage behind a registry says 403 for a file that it does not have. */
export async function fetchGemFileIfServed(site: Site, file: string): Promise<Buffer | null> {
	const answer = await fetchBytes(gemUrl(site, file), { ...site.request, maxBytes: MAX_GEM_BYTES });
	return answer.status === 200 ? answer.body : null;
}

function gemUrl(site: Site, file: string): string {
	return `${site.base}/gems/${encodeURIComponent(file)}`;
}

/**
 * For a server of which neither interface answered. What Bundler can use then has a legacy index,
 * and that says whether the gem is there, though nothing of its bytes. Returns only when it is not there.
 */
export async function refuseUnlessAbsent(site: Site, gem: string): Promise<void> {
	const urls = ['specs.4.8.gz', 'prerelease_specs.4.8.gz'].map((file) => `${site.base}/${file}`);
	const pages = await Promise.all(urls.map((url) => fetchPage(url, site.request)));
	const found = pages.filter((page) => page !== null);
	if (found.length === 0) unreadable(site.base, 'it has no versions API, no compact index and no legacy index');
	if (found.some((page) => legacyIndexNames(unpack(page.body, site.base), gem))) {
		unreadable(site.base, `it has ${gem}, but no versions API and no compact index to tell its checksums`);
	}
}

async function fetchPage(url: string, request: HttpRequest): Promise<HttpAnswer<Buffer> | null> {
	const answer = await fetchBytes(url, request);
	if (NOT_HERE.has(answer.status)) return null;
	return answer.status === 200 ? answer : unreadable(url, statusAndWords(answer));
}

function believed(url: string, page: Page): readonly LiveVersion[] {
	return page.ok ? page.versions : unreadable(url, page.seen);
}

interface ApiVersion {
	readonly number: string;
	readonly platform?: string | null;
	readonly sha?: string | null;
	readonly yanked?: boolean;
}

const API_VERSIONS = listOf(
	openObject<ApiVersion>({
		number: filledText,
		platform: optional(nullable(filledText)),
		sha: optional(nullable(sha256)),
		yanked: optional(flag),
	}),
);

function parseApi(body: string): Page {
	const read = shapedJson(API_VERSIONS, body, 'versions');
	if (!read.ok) return { ok: false, seen: `${read.problems[0]}: ${JSON.stringify(body.slice(0, 80))}` };
	const versions = read.value.map(({ number, platform, sha, yanked }) => ({
		version: number,
		platform: platform ?? 'ruby',
		sha256: sha ?? null,
		yanked: yanked ?? false,
	}));
	return { ok: true, versions };
}

function unpack(gz: Buffer, base: string): Buffer {
	try {
		return gunzipSync(gz, { maxOutputLength: MAX_LEGACY_INDEX_BYTES });
	} catch (error) {
		return unreadable(base, `its legacy index: ${error instanceof Error ? error.message : String(error)}`);
	}
}

function statusAndWords(answer: HttpAnswer<Buffer>): string {
	const words = answer.body.subarray(0, 200).toString('utf8').split(/\r?\n/)[0]?.trim() ?? '';
	return words === '' || words.startsWith('<') ? `HTTP ${answer.status}` : `HTTP ${answer.status}: ${words}`;
}

function unreadable(url: string, seen: string): never {
	throw new Unreadable(`GET ${urlForPeople(url)}`, redact(seen));
}
