import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { fail, mend } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { openStage } from './stage.ts';

interface ReportDocument {
	readonly schema: string;
	readonly run: string;
	readonly outcome: string;
	readonly recordState: string | null;
	readonly resume: string | null;
	readonly live: readonly { readonly task: string }[];
	readonly notStarted: readonly string[];
	readonly tasks: readonly {
		readonly task: string;
		readonly outcome: string;
		readonly why: readonly string[];
		readonly change: object | null;
		readonly findings: readonly { readonly code: string; readonly seen: string | null }[];
		readonly command: { readonly exit: number | null } | null;
	}[];
}

interface HistoryDocument {
	readonly schema: string;
	readonly releases: readonly { readonly slug: string; readonly state: string; readonly members: readonly string[] }[];
	readonly runs: readonly { readonly run: string; readonly command: string | null; readonly outcome: string }[];
}

const HOSTILE = '<script>alert(1)</script> & "quoted"';
const KEY = 'not-so-secret-after-all';

/** A run whose journal breaks off in the middle of a task. */
const KILLED = [
	{
		type: 'run',
		data: { name: 'rel-20200102-aaaaaa', command: 'ship', by: 'me', tasks: [{ id: 'deploy:a', kind: 'deploy' }] },
	},
	{
		type: 'intent',
		task: 'gate:a',
		data: { kind: 'gate', reasons: ['never tested'], change: { summary: 'run bin/test' } },
	},
]
	.map((entry, i) => `${JSON.stringify({ at: `2020-01-02T00:00:0${i}.000Z`, seq: i + 1, ...entry })}\n`)
	.join('');

function writeJournal(state: string, run: string, text: string): void {
	mkdirSync(join(state, 'runs', run));
	writeFileSync(join(state, 'runs', run, 'journal.ndjson'), text);
}

const read = <T>({ stdout }: { readonly stdout: string }): T => JSON.parse(stdout) as T;

/** A train whose gate is red, told; mended, and told again; then a journal that nobody can read. */
async function tell() {
	const stage = await openStage({ satellites: 1 });
	const { fleet } = stage;
	const state = join(fleet.layout.conductor, '.slipway');
	const nothing = { history: await stage.run(['history']), report: await stage.run(['report']) };
	await stage.must(0, ['prepare', '--yes']);
	await fail(fleet, { command: 'test', repo: 'turf' }, `${HOSTILE}\ntoken ${KEY}`);
	await stage.must(1, ['ship', '--yes']);
	const red = {
		text: await stage.must(0, ['report']),
		json: read<ReportDocument>(await stage.must(0, ['report', '--json'])),
		page: await stage.must(0, ['report', '--html', 'run.html'], { env: { DEPLOY_TOKEN: KEY } }),
		secret: await stage.must(0, ['report'], { env: { DEPLOY_TOKEN: KEY } }),
	};
	const file = join(fleet.layout.conductor, 'run.html');
	const html = { text: readFileSync(file, 'utf8'), mode: statSync(file).mode & 0o777 };
	await mend(fleet, { command: 'test', repo: 'turf' });
	await stage.must(0, ['ship', '--yes']);
	const green = read<ReportDocument>(await stage.must(0, ['report', '--json']));
	const old = read<ReportDocument>(await stage.must(0, ['report', red.json.run, '--json']));
	const near = await stage.run(['report', `${red.json.run}x`]);
	const outside = await stage.run(['report', '../../record']);
	const told = read<HistoryDocument>(await stage.must(0, ['history', '--json']));
	const table = await stage.must(0, ['history']);
	writeJournal(state, '20200102T000000-beef', KILLED);
	const killed = read<ReportDocument>(await stage.must(0, ['report', '20200102T000000-beef', '--json']));
	writeJournal(state, '20200101T000000-dead', 'no journal\n');
	const damaged = {
		history: read<HistoryDocument>(await stage.must(0, ['history', '--json'])),
		report: await stage.run(['report', '20200101T000000-dead']),
	};
	await stage.stop();
	return {
		nothing,
		red,
		html,
		green,
		old,
		near,
		outside,
		told,
		table,
		killed,
		damaged,
		runs: readdirSync(join(state, 'runs')),
	};
}

const seen = await tell();
const { red, green, old, html, told } = seen;
const taskOf = (report: ReportDocument, id: string) => report.tasks.find(({ task }) => task === id);

suite('report', (test) => {
	test('with no run yet: exit 2 and what to do', () => {
		assert.is(seen.nothing.report.code, 2);
		assert.match(seen.nothing.report.stderr, /slipway prepare/);
	});

	test('the newest run is told: what failed with its command and last lines, what is live, what was not started, how to go on', () => {
		const gate = taskOf(red.json, 'gate:turf');
		assert.is(red.json.outcome, 'failed');
		assert.is(gate?.outcome, 'failed');
		assert.is(gate?.command?.exit, 1);
		assert.match(gate?.findings[0]?.seen ?? '', /alert\(1\)/);
		assert.ok(red.json.live.some(({ task }) => task === 'publish:studio-engine'));
		assert.ok(red.json.notStarted.includes('deploy:turf'));
		assert.is(red.json.resume, 'slipway ship');
		assert.match(red.text.stdout, /✖ gate:turf +failed/);
		assert.match(red.text.stdout, /\n {4}exit +1\n/);
		assert.match(red.text.stdout, /\nResume {2}slipway ship\n/);
	});

	test('each task that ran says why', () => {
		const ran = red.json.tasks.filter(({ change }) => change !== null);
		assert.ok(ran.length > 4);
		for (const { task, why } of ran) assert.ok(why.length > 0, task);
		assert.match(taskOf(red.json, 'publish:studio-engine')?.why[0] ?? '', /0\.2\.0 is not on/);
	});

	test('a run that was made good later has nothing to resume', () => {
		assert.is(green.outcome, 'done');
		assert.is(green.recordState, 'shipped');
		assert.is(green.resume, null);
		assert.equal(green.notStarted, []);
		assert.is(old.run, red.json.run);
		assert.is(old.outcome, 'failed');
		assert.is(old.resume, null);
	});

	test('a run that was killed: what was under way is told as open, and there is a way on', () => {
		assert.is(seen.killed.outcome, 'killed');
		assert.is(taskOf(seen.killed, 'gate:a')?.outcome, 'began');
		assert.equal(seen.killed.notStarted, ['deploy:a']);
		assert.is(seen.killed.resume, 'slipway ship');
	});

	test('an unknown run: exit 2 with the nearest one; no path is taken for a run', () => {
		assert.is(seen.near.code, 2);
		assert.match(seen.near.stderr, new RegExp(`did you mean \`${red.json.run}\``));
		assert.is(seen.outside.code, 2);
	});

	test('a secret of the environment is hidden in text and page', () => {
		assert.match(red.text.stdout, new RegExp(KEY));
		assert.not.match(red.secret.stdout, new RegExp(KEY));
		assert.not.match(html.text, new RegExp(KEY));
	});

	test('a damaged journal is refused and not read as an empty run', () => {
		assert.is(seen.damaged.report.code, 3);
		assert.match(seen.damaged.report.stderr, /error\[bad-record\]/);
	});
});

suite('report --html', (test) => {
	test('is written for its owner alone, and said', () => {
		assert.match(red.page.stderr, /wrote .*run\.html/);
		assert.is(red.page.stdout, '');
		assert.is(html.mode, 0o600);
	});

	test('holds no script, fetches nothing, and shows hostile text as text', () => {
		assert.not.match(html.text, /<script|<img|<link|<iframe|\son\w+=|url\(|@import/i);
		assert.match(html.text, /&#60;script&#62;alert\(1\)&#60;\/script&#62; &#38; &#34;quoted&#34;/);
		assert.match(html.text, /Content-Security-Policy" content="default-src 'none'/);
	});

	test('tells both colour schemes, the failure and the way on', () => {
		assert.match(html.text, /prefers-color-scheme: dark/);
		assert.match(html.text, /<details class="task failed" open>/);
		assert.match(html.text, /Resume with <code>slipway ship<\/code>/);
	});
});

suite('history', (test) => {
	test('with nothing yet it says so', () => {
		assert.is(seen.nothing.history.code, 0);
		assert.match(seen.nothing.history.stdout, /no release and no run yet/);
	});

	test('every release and every run, the newest first', () => {
		assert.is(told.schema, 'slipway.history/1');
		assert.equal(
			told.releases.map(({ state, members }) => [state, members.length]),
			[['shipped', 4]],
		);
		assert.equal(
			told.runs.map(({ command, outcome }) => `${command} ${outcome}`),
			['ship done', 'ship failed', 'prepare done'],
		);
		assert.match(seen.table.stdout, /^release +state +repositories/);
		for (const { run } of told.runs) assert.match(seen.table.stdout, new RegExp(`\n${run} `));
	});

	test('a damaged journal is listed and hides no other', () => {
		assert.equal(
			seen.damaged.history.runs.map(({ outcome }) => outcome),
			['done', 'failed', 'done', 'killed', 'damaged'],
		);
	});

	test('reading makes no run', () => {
		assert.is(seen.runs.length, 5);
	});
});
