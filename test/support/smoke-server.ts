import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Environment, layoutOf, liveFile } from './fleet/layout.ts';

/** All apps of a fleet, as far as a smoke test sees them. */
export interface SmokeServer {
	/** Apps answer under `<url>/<environment>/<app>`: `/up`, and `/revision` with the live SHA. */
	readonly url: string;
	readonly port: number;
	/** The app answers this status from now on; null: as its deploys say. */
	answer(app: string, status: number | null): void;
	stop(): Promise<void>;
}

function liveSha(dir: string, environment: string, app: string): string | null {
	const file = liveFile(layoutOf(dir), environment as Environment, app);
	if (!existsSync(file)) return null;
	const last = readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';
	return (JSON.parse(last) as { sha: string }).sha;
}

/** Starts the apps of the fleet in `dir`: 200 once something was deployed, 503 before. */
export async function startSmokeServer(dir: string, port = 0): Promise<SmokeServer> {
	const told = new Map<string, number>();
	const server = createServer((request, response) => {
		const [, environment = '', app = '', page = ''] = (request.url ?? '').split('/');
		const sha = /^[\w-]+$/.test(app) ? liveSha(dir, environment, app) : null;
		const status = told.get(app) ?? (sha ? 200 : 503);
		const known = page === 'up' || page === 'revision';
		response.writeHead(known ? status : 404, { 'content-type': 'text/plain' });
		response.end(page === 'revision' && status === 200 ? `${sha}\n` : `${status}\n`);
	});
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	const bound = (server.address() as AddressInfo).port;
	return {
		url: `http://127.0.0.1:${bound}`,
		port: bound,
		answer(app, status) {
			if (status === null) told.delete(app);
			else told.set(app, status);
		},
		async stop() {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}
