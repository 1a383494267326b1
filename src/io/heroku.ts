import { isSha, type Sha } from '../core/brand.ts';
import { Unreadable } from '../core/diagnostic.ts';
import { count, filledText, listOf, nullable, openObject, optional, shapedJson, text } from '../core/shape.ts';
import type { fetchText, HttpRequest } from './http.ts';

/** One release of an app: a push, a changed variable or a roll-back each make one. */
export interface HerokuRelease {
	/** The number behind the `v`. */
	readonly version: number;
	/** `succeeded`, `failed`, `pending`; a failed one runs nowhere. */
	readonly status: string;
	/** `Deploy 1a2b3c4d`, `Set FOO config vars`. */
	readonly description: string;
	/** What it was built from; null where the platform does not say. */
	readonly commit: Sha | null;
}

export interface Heroku {
	/** The newest release; null when the app has none yet. Throws Unreadable, also for an app that it does not know. */
	newestRelease(app: string): Promise<HerokuRelease | null>;
	/** The newest release before `version` that succeeded: what runs while that one failed, and what to go back to. */
	lastGoodRelease(app: string, version: number): Promise<HerokuRelease | null>;
}

export interface HerokuOptions {
	readonly fetchText: typeof fetchText;
	/** `https://api.heroku.com` when absent. */
	readonly url?: string | undefined;
	readonly key: string;
	readonly limits: Pick<HttpRequest, 'timeoutMs' | 'retries'>;
}

const API = 'https://api.heroku.com';
/** How many releases are looked through for one that succeeded. */
const PAGE = 20;

const RELEASES = listOf(
	openObject<RawRelease>({
		version: count,
		status: filledText,
		description: text,
		slug: optional(nullable(openObject<{ id: string }>({ id: filledText }))),
	}),
);
const SLUG = openObject<{ commit?: string | null }>({ commit: optional(nullable(text)) });

interface RawRelease {
	readonly version: number;
	readonly status: string;
	readonly description: string;
	/** Null for container images. */
	readonly slug?: { readonly id: string } | null;
}

/** The platform's API, version 3 (devcenter.heroku.com/articles/platform-api-reference). Reads only. */
export function createHeroku({ fetchText: get, url = API, key, limits }: HerokuOptions): Heroku {
	const base = url.replace(/\/+$/, '');
	const ask = async (path: string, range: Readonly<Record<string, string>> = {}): Promise<string> => {
		const headers = {
			Accept: 'application/vnd.heroku+json; version=3',
			Authorization: `Bearer ${key}`,
			...range,
		};
		const { status, body } = await get(`${base}${path}`, { ...limits, headers });
		// 206: there are more than the range asked for.
		if (status === 200 || status === 206) return body;
		throw new Unreadable(`GET ${base}${path}`, `HTTP ${status}: ${messageOf(body)}`);
	};
	const releases = async (app: string, most: number): Promise<readonly RawRelease[]> => {
		const path = `/apps/${encodeURIComponent(app)}/releases`;
		const body = await ask(path, { Range: `version ..; order=desc,max=${most}` });
		const newestFirst = readAs(RELEASES, body, `GET ${base}${path}`);
		return [...newestFirst].sort((one, other) => other.version - one.version);
	};
	const whole = async (app: string, release: RawRelease | undefined): Promise<HerokuRelease | null> => {
		if (!release) return null;
		const { version, status, description, slug } = release;
		return { version, status, description, commit: slug ? await commitOf(app, slug.id) : null };
	};
	const commitOf = async (app: string, slug: string): Promise<Sha | null> => {
		const path = `/apps/${encodeURIComponent(app)}/slugs/${encodeURIComponent(slug)}`;
		const { commit } = readAs(SLUG, await ask(path), `GET ${base}${path}`);
		return commit != null && isSha(commit) ? commit : null;
	};
	return {
		newestRelease: async (app) => whole(app, (await releases(app, 1))[0]),
		lastGoodRelease: async (app, version) => {
			const page = await releases(app, PAGE);
			return whole(
				app,
				page.find((release) => release.version < version && release.status === 'succeeded'),
			);
		},
	};
}

function readAs<T>(shape: Parameters<typeof shapedJson<T>>[0], body: string, what: string): T {
	const read = shapedJson(shape, body, 'the answer');
	if (read.ok) return read.value;
	throw new Unreadable(what, read.problems[0] ?? 'no answer');
}

/** The platform's own words: `{"id":"not_found","message":"Couldn't find that app."}`. */
function messageOf(body: string): string {
	const read = shapedJson(openObject<{ message: string }>({ message: text }), body, 'the answer');
	return read.ok ? read.value.message : body.slice(0, 200);
}
