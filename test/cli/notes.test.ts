import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { originRef } from '../support/world.ts';
import { openStage } from './stage.ts';

interface Received {
	readonly path: string;
	readonly body: Readonly<Record<string, unknown>>;
}

/** A chat service: what its channel `/slack/hush` answers can be set, the others take everything. */
async function openService() {
	const received: Received[] = [];
	let status = 404;
	const server = createServer(async (request, response) => {
		const path = request.url ?? '';
		received.push({ path, body: JSON.parse(await text(request)) });
		response.writeHead(path === '/slack/hush' ? status : 204).end();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const answer = (next: number) => {
		status = next;
	};
	return { url, received, answer, stop: () => server.close() };
}

/** One release from its dry run to its notes, sent once in vain and then again. */
async function story() {
	const service = await openService();
	const notify = ['notify:', '  - {type: slack, url_env: CHAT}', `  - {type: json, url: "${service.url}/json"}`];
	const stage = await openStage({ satellites: 0, train: notify });
	const env = { CHAT: `${service.url}/slack/hush` };
	try {
		const early = await stage.run(['report', '--notify'], { env });
		await stage.must(0, ['prepare', '--yes']);
		const unshipped = await stage.run(['report', '--notify'], { env });
		const dry = await stage.must(0, ['ship', '--dry-run'], { env });
		const document = await stage.must(0, ['ship', '--dry-run', '--json'], { env });
		const plan = await stage.must(0, ['ship', '--dry-run', '--out', 'plan.json'], { env });
		const ship = await stage.must(0, ['ship', 'plan.json', '--yes'], { env });
		const first = service.received.splice(0);
		const unset = await stage.must(1, ['report', '--notify']);
		service.received.splice(0);
		service.answer(200);
		const again = await stage.must(0, ['report', '--notify'], { env });
		const second = service.received.splice(0);
		const json = await stage.must(0, ['report', '--notify', '--json'], { env });
		service.received.splice(0);
		const after = await stage.must(0, ['ship', '--yes'], { env });
		const third = service.received.splice(0);
		const main = await originRef(stage.fleet, 'harbor', 'refs/heads/main');
		return { early, unshipped, dry, document, plan, ship, first, unset, again, second, json, after, third, main };
	} finally {
		await stage.stop();
		service.stop();
	}
}

const told = await story();

suite('release notes', (test) => {
	test('a dry run shows them below the plan, and in the JSON of their task', () => {
		const shown = told.dry.stdout.split('\nRelease notes\n\n')[1] ?? '';
		assert.match(
			shown,
			/^Release rel-.*\n\nstudio-engine 0\.2\.0 \([0-9a-f]{8}\)\n• Bump to 0\.2\.0 \([0-9a-f]{8}\)\n/,
		);
		assert.match(shown, /\nharbor \([0-9a-f]{8}\)\n• Pins studio-engine 0\.2\.0, studio-ui 0\.2\.0\n• /);
		const { nodes } = JSON.parse(told.document.stdout) as { nodes: { id: string; change: { text?: string } | null }[] };
		assert.is(nodes.find(({ id }) => id === 'notes')?.change?.text, shown.trimEnd());
	});

	test('a saved plan posts what it showed: both forms hold every repository, and the ship SHA', () => {
		assert.equal(
			told.first.map(({ path }) => path),
			['/slack/hush', '/json'],
		);
		const [slack, json] = told.first.map(({ body }) => body);
		assert.match(String(slack?.text), /\*studio-ui 0\.2\.0\* \([0-9a-f]{8}\)\n• Bump to 0\.2\.0/);
		assert.is(json?.schema, 'slipway.notes/1');
		assert.is(json?.text, told.dry.stdout.split('\nRelease notes\n\n')[1]?.trimEnd());
		const repos = json?.repos as { repo: string; ship: string }[];
		assert.equal(
			repos.map(({ repo }) => repo),
			['studio-engine', 'studio-ui', 'harbor'],
		);
		assert.is(repos.find(({ repo }) => repo === 'harbor')?.ship, told.main);
	});

	test('a webhook that refuses is a warning of a train that shipped, and never its address', () => {
		const { stdout, stderr } = told.ship;
		assert.match(stdout, '✔ Done');
		assert.match(
			stdout,
			'⚠ notes  the release notes reached 1 of 2 webhooks\n  │ webhook 1 (slack, $CHAT): answers 404\n',
		);
		assert.match(stdout, 'hint: the release itself is complete; `slipway report --notify` sends them again');
		assert.match(stdout, 'Record  shipped');
		assert.not.match(stdout + stderr, 'hush');
	});

	test('report --notify sends them again to every webhook, says where they went, and the record knows', () => {
		assert.match(told.again.stdout, '✔ webhook 1 (slack, $CHAT): posted\n✔ webhook 2 (json): posted\n');
		assert.equal(
			told.second.map(({ body }) => body.text),
			told.first.map(({ body }) => body.text),
		);
		assert.match(told.after.stdout, '✔ Done');
		assert.is(told.third.length, 0, 'they were posted already');
	});

	test('what could not be sent is an exit code 1 that says why', () => {
		assert.match(told.unset.stdout, '✖ webhook 1 (slack, $CHAT): CHAT is not set\n✔ webhook 2 (json): posted\n');
	});

	test('its JSON names no address', () => {
		const { schema, webhooks } = JSON.parse(told.json.stdout);
		assert.is(schema, 'slipway.notify/1');
		assert.equal(webhooks, [
			{ webhook: 'webhook 1 (slack, $CHAT)', posted: true, said: 'posted' },
			{ webhook: 'webhook 2 (json)', posted: true, said: 'posted' },
		]);
	});

	test('only a shipped release is announced', () => {
		assert.equal([told.early.code, told.unshipped.code], [3, 3]);
		assert.match(told.unshipped.stderr, 'there is no release whose notes could be sent');
	});
});
