import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as assert from 'uvu/assert';
import type { Webhook } from '../../src/config/types.ts';
import { fetchText } from '../../src/io/http.ts';
import { TaskFailure } from '../../src/tasks/contract.ts';
import { notes } from '../../src/tasks/notes/kind.ts';
import type { RecordHandle, World } from '../../src/tasks/world.ts';
import { config } from '../graph/fleet-config.ts';
import { allowed, AT, sampleRecord } from '../record/sample.ts';
import { context as toyContext } from '../runner/toys.ts';
import { suite } from '../support/suite.ts';

interface Service {
	readonly url: string;
	readonly received: readonly string[];
	close(): void;
}

/** A chat service that answers every post with one status. */
async function service(status: number): Promise<Service> {
	const received: string[] = [];
	const server = createServer(async (request, response) => {
		received.push(await text(request));
		response.writeHead(status).end();
	});
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}/secret-path`, received, close: () => server.close() };
}

/** A train without members that has shipped, and the webhooks of its file. */
function settingWith(notify: readonly Webhook[], env: Readonly<Record<string, string>> = {}) {
	let record = { ...sampleRecord(), state: 'shipped' as const, shippedAt: AT, shippedBy: 'ada@harbor' };
	const handle: RecordHandle = {
		current: () => record,
		update: async (change) => {
			record = allowed(change(record)) as typeof record;
		},
	};
	const base = config({});
	const train = { ...base.train, notify, timeouts: { ...base.train.timeouts, probeMs: 5_000 } };
	const world = { record: handle, fetchText, env, now: () => AT } as unknown as World;
	const context = { ...toyContext(), config: { ...base, train }, world };
	const change = { type: 'post', summary: 'post', slug: record.slug, webhooks: notify.length } as const;
	return { handle, post: () => notes.run(change, context) };
}

const webhook = (over: Partial<Webhook>): Webhook => ({ type: 'json', url: null, urlEnv: null, ...over }) as Webhook;

suite('notes: posting', (test) => {
	test('every webhook gets the notes, and the record says so', async () => {
		const [slack, json] = await Promise.all([service(200), service(204)]);
		const { handle, post } = settingWith([webhook({ type: 'slack', url: slack.url }), webhook({ urlEnv: 'HOOK' })], { HOOK: json.url });
		await post();
		slack.close();
		json.close();
		assert.match(JSON.parse(slack.received[0] ?? '').text, /^Release rel-/);
		assert.is(JSON.parse(json.received[0] ?? '').schema, 'slipway.notes/1');
		assert.is(handle.current().notesPostedAt, AT);
	});
	test('one that is out of reach, refuses or is not set keeps the notes from no other; no address is told', async () => {
		const [gone, refuses, last] = await Promise.all([service(200), service(404), service(200)]);
		gone.close();
		const hooks = [webhook({ url: gone.url }), webhook({ url: refuses.url }), webhook({ urlEnv: 'ABSENT' }), webhook({ url: last.url })];
		const { handle, post } = settingWith(hooks);
		const failure = await post().catch((error: unknown) => error);
		refuses.close();
		last.close();
		assert.is(last.received.length, 1);
		assert.instance(failure, TaskFailure);
		const seen = (failure as TaskFailure).finding.seen ?? '';
		assert.match(seen, /^webhook 1 \(json\): does not answer: .*\nwebhook 2 \(json\): answers 404\nwebhook 3 \(json\): ABSENT is not set$/);
		assert.not.match(seen, /secret-path/);
		assert.is(handle.current().notesPostedAt, null);
	});
});
