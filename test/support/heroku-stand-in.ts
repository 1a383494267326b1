import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A release as the platform's API tells it (devcenter.heroku.com/articles/platform-api-reference#release). */
export interface StandInRelease {
	readonly version: number;
	status: 'succeeded' | 'failed' | 'pending' | 'expired';
	readonly description: string;
	/** Null: made of a container image, of which the platform tells no commit. */
	readonly commit: string | null;
}

/** The part of Heroku's API that tells an app's releases; the git remote beside it is a folder. */
export interface HerokuStandIn {
	/** Without a slash at its end. */
	readonly url: string;
	readonly key: string;
	readonly app: string;
	/** Oldest first; tests add to it. */
	readonly releases: StandInRelease[];
	readonly requests: readonly string[];
	/** Called when somebody looks at the releases, before the answer. */
	onLook(act: () => void): void;
	stop(): Promise<void>;
}

/** Starts a stand-in that knows one app, and resolves when it listens. */
export async function startHerokuStandIn(app = 'harbor-production'): Promise<HerokuStandIn> {
	const key = 'HRKU-standInStandInStandIn';
	const releases: StandInRelease[] = [];
	const requests: string[] = [];
	let look = () => {};
	const server = createServer((request, response) => {
		requests.push(`${request.method} ${request.url}`);
		const send = (status: number, body: unknown) => {
			response.writeHead(status, { 'content-type': 'application/json' });
			response.end(JSON.stringify(body));
		};
		const { authorization, accept, range = '' } = request.headers;
		if (accept !== 'application/vnd.heroku+json; version=3')
			return send(404, { id: 'not_found', message: 'No such version.' });
		if (authorization !== `Bearer ${key}`)
			return send(401, { id: 'unauthorized', message: 'Invalid credentials provided.' });
		const slug = new RegExp(`^/apps/${app}/slugs/slug-(\\d+)$`).exec(request.url ?? '')?.[1];
		if (slug !== undefined) return send(200, { id: `slug-${slug}`, commit: commitOf(Number(slug)) });
		if (request.url !== `/apps/${app}/releases`)
			return send(404, { id: 'not_found', message: "Couldn't find that app." });
		look();
		const most = Number(/max=(\d+)/.exec(range)?.[1] ?? 200);
		const sorted = /order=desc/.test(range) ? releases.toReversed() : releases;
		// 206 when there are more, as the platform says of a range.
		send(sorted.length > most ? 206 : 200, sorted.slice(0, most).map(body));
	});
	const commitOf = (version: number) => releases.find((release) => release.version === version)?.commit ?? null;
	const body = ({ version, status, description, commit }: StandInRelease, index: number) => ({
		id: `release-${version}`,
		version,
		status,
		description,
		current: index === 0 && status === 'succeeded',
		created_at: '2026-01-02T03:04:05Z',
		slug: commit === null ? null : { id: `slug-${version}` },
		user: { id: 'user-1', email: 'ada@example.test' },
		output_stream_url: null,
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		key,
		app,
		releases,
		requests,
		onLook: (act) => {
			look = act;
		},
		stop: async () => {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}
