import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FaultServer {
	/** Without a slash at its end. */
	readonly url: string;
	/** `GET /path` of every request, oldest first. */
	readonly asked: readonly string[];
	stop(): Promise<void>;
}

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that answers as it is told, for faults that a real gem server does not have. */
export async function startFaultServer(respond: Respond): Promise<FaultServer> {
	const asked: string[] = [];
	const server = createServer((request, response) => {
		asked.push(`${request.method} ${request.url}`);
		respond(request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		asked,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** Runs a test body against such a server, which is stopped afterwards. */
export function against(respond: Respond, body: (server: FaultServer) => Promise<void>): () => Promise<void> {
	return async () => {
		const server = await startFaultServer(respond);
		try {
			await body(server);
		} finally {
			await server.stop();
		}
	};
}

/** Answers by path: a text is 200, a number is that status, what is not listed is 404. */
export function pages(byPath: Readonly<Record<string, string | Buffer | number>>): Respond {
	return (request, response) => {
		const page = byPath[request.url ?? ''] ?? 404;
		response.writeHead(typeof page === 'number' ? page : 200);
		response.end(typeof page === 'number' ? `status ${page}\n` : page);
	};
}
