import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface GitHttpOptions {
	/** Folder of the bare repositories. */
	readonly root: string;
	readonly user: string;
	readonly password: string;
	readonly env: Readonly<Record<string, string>>;
}

/** Bare repositories over HTTP, on loopback, for whoever has the password: git's own `http-backend`. */
export interface GitHttp {
	readonly port: number;
	/** The next so many reads are answered 503; pushes are taken all the same. */
	loseReads(count: number): void;
	/** How many reads were lost so far. */
	lostReads(): number;
	stop(): Promise<void>;
}

export async function startGitHttp(options: GitHttpOptions): Promise<GitHttp> {
	const expected = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`;
	let toLose = 0;
	let lost = 0;
	const server = createServer((request, response) => {
		if (toLose > 0 && request.url?.endsWith('/info/refs?service=git-upload-pack')) {
			toLose -= 1;
			lost += 1;
			response.writeHead(503).end();
			return;
		}
		if (request.headers.authorization !== expected) {
			response.writeHead(401, { 'www-authenticate': 'Basic realm="origins"' }).end();
			return;
		}
		serve(options, request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		loseReads: (count) => {
			toLose = count;
		},
		lostReads: () => lost,
		async stop() {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}

/** One request as a CGI program gets it (RFC 3875). */
async function serve(options: GitHttpOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const { pathname, search } = new URL(request.url ?? '/', 'http://origins');
	const body = await buffer(request);
	const env = {
		...options.env,
		GIT_PROJECT_ROOT: options.root,
		GIT_HTTP_EXPORT_ALL: '1',
		REMOTE_USER: options.user,
		REQUEST_METHOD: request.method ?? 'GET',
		PATH_INFO: pathname,
		QUERY_STRING: search.slice(1),
		CONTENT_TYPE: request.headers['content-type'] ?? '',
		CONTENT_LENGTH: String(body.length),
		HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
		GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
	};
	const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
	// It answers some requests without reading them.
	child.stdin.on('error', () => {});
	child.stdin.end(body);
	const answer = await buffer(child.stdout);
	const end = answer.indexOf('\r\n\r\n');
	let status = 200;
	for (const line of answer.subarray(0, end).toString('latin1').split('\r\n')) {
		const [name = '', value = ''] = line.split(/:\s*/, 2);
		if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
		else if (name !== '') response.setHeader(name, value);
	}
	response.writeHead(status).end(answer.subarray(end + 4));
}
