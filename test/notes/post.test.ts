import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as assert from 'uvu/assert';
import type { Webhook } from '../../src/config/types.ts';
import { fetchText } from '../../src/io/http.ts';
import type { Repository } from '../../src/io/repository.ts';
import { assemble, freezeMember, markShipped, setShip } from '../../src/record/transitions.ts';
import type { ReleaseRecord } from '../../src/record/types.ts';
import { TaskFailure } from '../../src/tasks/contract.ts';
import { notes } from '../../src/tasks/notes/kind.ts';
import type { RecordHandle, World } from '../../src/tasks/world.ts';
import { config } from '../graph/fleet-config.ts';
import { inFolder } from '../io/folder.ts';
import { commit, git, makePair, withRepository } from '../io/repos.ts';
import { AT, allowed, appFreeze, sampleRecord } from '../record/sample.ts';
import { context as toyContext } from '../runner/toys.ts';
import { suite } from '../support/suite.ts';

interface Service {
	readonly url: string;
	readonly received: readonly string[];
	close(): void;
}

/** A chat service that answers every post with one status, after those of `first`, and leads a redirect back to itself. */
async function service(status: number, first: readonly number[] = []): Promise<Service> {
	const received: string[] = [];
	const server = createServer(async (request, response) => {
		received.push(`${request.method} ${await text(request)}`);
		response.writeHead(first[received.length - 1] ?? status, { location: '/', 'retry-after': '0' }).end();
	});
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}/secret-path`, received, close: () => server.close() };
}

interface Setting {
	readonly handle: RecordHandle;
	post(): Promise<void>;
}

/** A train of harbor that has shipped one commit, and the webhooks of its file. */
function inSetting(of: () => Promise<Posting>, body: (setting: Setting) => Promise<void>): () => Promise<void> {
	return inFolder(async (folder) => {
		const { checkout, first } = await makePair(folder);
		const ship = await commit(checkout, 'echo sails > sails');
		await git(checkout, 'push', '--quiet', 'origin', 'main');
		const { notify, env } = await of();
		await withRepository(folder, { checkout }, async ({ repository }) => {
			await repository.hasCommit(ship);
			const frozen = allowed(freezeMember(sampleRecord(), 'harbor', { ...appFreeze(ship), mainAtFreeze: first }));
			const known = allowed(setShip(allowed(assemble(frozen)), 'harbor', ship));
			const shipped = allowed(markShipped(known, { at: AT, by: 'ada@harbor' }));
			await body(settingOf(shipped, repository, { notify, env }));
		});
	});
}

interface Posting {
	readonly notify: readonly Webhook[];
	readonly env: Readonly<Record<string, string>>;
}

function settingOf(shipped: ReleaseRecord, repository: Repository, { notify, env }: Posting): Setting {
	let record = shipped;
	const handle: RecordHandle = {
		current: () => record,
		update: async (change) => {
			record = allowed(change(record));
		},
	};
	const base = config({});
	const train = { ...base.train, notify, timeouts: { ...base.train.timeouts, probeMs: 5_000 } };
	const world = { record: handle, fetchText, env, repository: () => repository, now: () => AT } as unknown as World;
	const context = { ...toyContext(), config: { ...base, train }, world };
	const change = { type: 'post', summary: 'post', slug: record.slug, webhooks: notify.length, text: '' } as const;
	return { handle, post: () => notes.run(change, context) };
}

const webhook = (over: Partial<Webhook>): Webhook => ({ type: 'json', url: null, urlEnv: null, ...over }) as Webhook;

suite('notes: posting', (test) => {
	const services: Service[] = [];
	const opened = async (...statuses: number[]) => {
		services.splice(0, services.length, ...(await Promise.all(statuses.map((status) => service(status)))));
		return services;
	};
	const close = () => {
		for (const each of services) each.close();
	};
	test(
		'every webhook gets the notes with the commits, and the record says so',
		inSetting(
			async () => {
				const [slack, json] = await opened(200, 204);
				const notify = [webhook({ type: 'slack', url: slack?.url ?? '' }), webhook({ urlEnv: 'HOOK' })];
				return { notify, env: { HOOK: json?.url ?? '' } };
			},
			async ({ handle, post }) => {
				await post().finally(close);
				const [slack, json] = services.map(({ received }) => JSON.parse((received[0] ?? '').replace('POST ', '')));
				assert.match(
					slack.text,
					/^\*Release rel-.*\*\n\n\*harbor\* \([0-9a-f]{8}\)\n• after: echo sails &gt; sails \([0-9a-f]{8}\)$/s,
				);
				assert.equal([json.schema, json.repos[0].commits.length], ['slipway.notes/1', 1]);
				assert.is(handle.current().notesPostedAt, AT);
			},
		),
	);
	test(
		'a service that asks for patience gets the notes once more, and a redirect is no success',
		inSetting(
			async () => {
				services.splice(0, services.length, await service(200, [429, 429]), await service(302), await service(429));
				return { notify: services.map(({ url }) => webhook({ url })), env: {} };
			},
			async ({ handle, post }) => {
				const failure = await post()
					.catch((error: unknown) => error)
					.finally(close);
				assert.is(
					(failure as TaskFailure).finding.seen,
					'webhook 2 (json): answers 302\nwebhook 3 (json): answers 429',
				);
				assert.equal(
					[services.map(({ received }) => received.length), handle.current().notesPostedAt],
					[[3, 1, 4], null],
				);
			},
		),
	);
	test(
		'one that is out of reach, refuses or is not set keeps the notes from no other; no address is told',
		inSetting(
			async () => {
				const [gone, refuses, last] = await opened(200, 404, 200);
				gone?.close();
				const urls = [gone, refuses].map((each) => webhook({ url: each?.url ?? '' }));
				return { notify: [...urls, webhook({ urlEnv: 'ABSENT' }), webhook({ url: last?.url ?? '' })], env: {} };
			},
			async ({ handle, post }) => {
				const failure = await post()
					.catch((error: unknown) => error)
					.finally(close);
				assert.instance(failure, TaskFailure);
				const seen = ((failure as TaskFailure).finding.seen ?? '').split('\n');
				assert.match(seen[0] ?? '', /^webhook 1 \(json\): does not answer: /);
				assert.equal(seen.slice(1), ['webhook 2 (json): answers 404', 'webhook 3 (json, $ABSENT): ABSENT is not set']);
				assert.not.match(seen[0] ?? '', /secret-path/);
				assert.equal([services[2]?.received.length, handle.current().notesPostedAt], [1, null]);
			},
		),
	);
});
