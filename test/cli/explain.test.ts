import * as assert from 'uvu/assert';
import type { Finished } from '../support/process.ts';
import { fail } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { pushCommit } from './colleague.ts';
import { codesOf } from './documents.ts';
import { openStage } from './stage.ts';

interface ExplainDocument {
	readonly task: string;
	readonly state: string | null;
	readonly reasons: readonly string[];
	readonly change: { readonly summary: string } | null;
	readonly evidence: Readonly<Record<string, unknown>> | null;
	readonly findings: readonly { readonly code: string; readonly hint?: string }[];
	readonly needs: readonly {
		readonly task: string;
		readonly state: string | null;
		readonly reason: string;
		readonly open: readonly string[];
	}[];
	readonly neededBy: readonly { readonly task: string }[];
	readonly last: readonly { readonly command: string; readonly outcome: string; readonly reasons: readonly string[] }[];
}

const read = ({ stdout }: Finished) => JSON.parse(stdout) as ExplainDocument;

async function ask() {
	const stage = await openStage({ satellites: 1 });
	const { fleet } = stage;
	const early = await stage.must(0, ['explain', 'deploy:turf']);
	await stage.must(0, ['prepare', '--yes']);
	const json = async (task: string) => read(await stage.must(0, ['explain', task, '--json']));
	const waiting = await json('repin:turf');
	const qa = await json('qa-gate:turf');
	await fail(fleet, { command: 'test', repo: 'turf' });
	// One after the other: the hub's gate, which more depends on, is green before this one is red.
	await stage.must(1, ['ship', '--yes', '--jobs', '1']);
	const before = stage.worldDigest();
	const published = await json('publish:studio-engine');
	const gate = await json('gate:turf');
	const promote = { json: await json('promote:turf'), text: await stage.must(0, ['explain', 'promote:turf']) };
	const typo = await stage.run(['explain', 'gat:turf']);
	const same = before === stage.worldDigest();
	await pushCommit(fleet, { repo: 'harbor', branch: 'release', files: { 'README.md': '# later\n' } });
	const blocked = { json: await json('preflight:harbor'), text: await stage.must(0, ['explain', 'preflight:harbor']) };
	await stage.stop();
	return { early, waiting, qa, published, gate, promote, typo, same, blocked };
}

const seen = await ask();

suite('explain', (test) => {
	test('without a release: the edges of the file, and nothing is probed', () => {
		assert.match(seen.early.stdout, /deploy:turf was not probed: there is no release yet/);
		assert.match(seen.early.stdout, /Waits for\n {2}promote:turf +what is deployed is on main/);
		assert.match(seen.early.stdout, /smoke:harbor +harbor is the hub/);
	});

	test('a task that waits names what it waits for, and why', () => {
		assert.is(seen.waiting.state, 'todo');
		const edge = seen.waiting.needs.find(({ task }) => task === 'barrier:published');
		assert.equal(edge?.open.toSorted(), ['publish:studio-engine', 'publish:studio-ui']);
		assert.is(edge?.state, 'todo');
		assert.match(edge?.reason ?? '', /turf uses studio-engine/);
	});

	test('a task that is done says by what it was seen', () => {
		assert.is(seen.published.state, 'done');
		assert.is(seen.published.evidence?.version, '0.2.0');
		assert.is(seen.published.change, null);
		assert.ok(seen.published.neededBy.some(({ task }) => task === 'tag:studio-engine'));
	});

	test('a task that failed says how it went last time', () => {
		assert.is(seen.gate.state, 'todo');
		assert.match(seen.gate.change?.summary ?? '', /^run bin\/test at /);
		assert.equal(
			seen.gate.last.map(({ command, outcome }) => [command, outcome]),
			[['ship', 'failed']],
		);
		assert.match(seen.gate.last[0]?.reasons[0] ?? '', /test_cmd failed/);
	});

	test('a join before a task is as far as the tasks behind it', () => {
		assert.equal(
			seen.promote.json.needs.map(({ task, state, open }) => [task, state, open]),
			[['barrier:gated', 'todo', ['gate:turf']]],
		);
		assert.match(seen.promote.text.stdout, /promote:turf would run after gate:turf\n/);
	});

	test('a blocked task says what stands in its way and what to do', () => {
		assert.is(seen.blocked.json.state, 'blocked');
		assert.equal(
			seen.blocked.json.findings.map(({ code }) => code),
			['drift'],
		);
		assert.match(seen.blocked.text.stdout, /preflight:harbor is blocked\n {2}why +origin\/release is at /);
		assert.match(seen.blocked.text.stdout, /hint +run `slipway prepare` again/);
	});

	test('tasks of the preparation are explained too', () => {
		assert.is(seen.qa.state, 'done');
		assert.equal(
			seen.qa.last.map(({ command }) => command),
			['prepare'],
		);
	});

	test('an unknown task: exit 2 with the nearest one', () => {
		assert.is(seen.typo.code, 2);
		assert.equal(codesOf(seen.typo), ['unknown-task']);
		assert.match(seen.typo.stderr, /did you mean `gate:turf`/);
	});

	test('reading changes nothing', () => {
		assert.ok(seen.same);
	});
});
