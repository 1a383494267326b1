import * as assert from 'uvu/assert';
import { fail, hold, mend } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { commandsRun, deployed, originRef, originRefs, subjects } from '../support/world.ts';
import { codesOf, type EventLine, eventsOf, type StatusDocument } from './documents.ts';
import { openStage, type Stage } from './stage.ts';

const GATE = { command: 'test', repo: 'harbor' };
const GEMS = ['studio-engine', 'studio-ui'];
const APPS = ['harbor', 'turf', 'lagoon'];
const REPOS = [...GEMS, ...APPS];

async function mains(stage: Stage): Promise<Record<string, string | null>> {
	return Object.fromEntries(
		await Promise.all(
			REPOS.map(async (repo) => [repo, await originRef(stage.fleet, repo, 'refs/heads/main')] as const),
		),
	);
}

async function recordOf(stage: Stage): Promise<StatusDocument['record']> {
	return (JSON.parse((await stage.must(0, ['status', '--json'])).stdout) as StatusDocument).record;
}

/** A train that waits at the hub's gate while another knocks; the gate turns red, stays red, and is mended. */
async function failAndResume() {
	const stage = await openStage({ satellites: 2 });
	const { fleet, server } = stage;
	await stage.must(0, ['prepare', '--yes']);
	const before = { mains: await mains(stage), pushes: server.pushes().length };
	const held = await hold(fleet, GATE);
	const firstRun = stage.run(['ship', '--yes', '--by', 'the first engineer']);
	await held.reached;
	const second = await stage.run(['ship', '--yes']);
	const preparing = await stage.run(['prepare', '--yes']);
	const looking = await stage.run(['status', '--json']);
	await fail(fleet, GATE, 'expected 200, got 500');
	await held.release();
	const first = await firstRun;
	const stopped = {
		mains: await mains(stage),
		pushes: server.pushes().length,
		record: await recordOf(stage),
		deploys: APPS.flatMap((app) => deployed(fleet, app)),
	};
	const stillRed = await stage.run(['ship', '--yes', '--json']);
	await mend(fleet, GATE);
	const ranBefore = commandsRun(fleet).length;
	const resumed = await stage.run(['ship', '--yes', '--json']);
	const facts = {
		fleet,
		before,
		second,
		preparing,
		looking,
		first,
		stopped,
		stillRed,
		resumed,
		resumedCommands: commandsRun(fleet).slice(ranBefore),
		shipped: { mains: await mains(stage), pushes: server.pushes().length, record: await recordOf(stage) },
		repins: Object.fromEntries(
			await Promise.all(APPS.map(async (app) => [app, await subjects(fleet, app, 'refs/heads/release')] as const)),
		),
		gemRefs: await originRefs(fleet, 'studio-ui'),
	};
	await stage.stop();
	return facts;
}

const seen = await failAndResume();
const report = seen.first.stdout;
/** The lines under a heading of the report. */
const section = (heading: string) => new RegExp(`^${heading}.*\\n((?: {2}.*\\n)*)`, 'm').exec(report)?.[1] ?? '';

suite('two trains at once', (test) => {
	test('the second exits 4 and names the holder, its process, its run and what to do', () => {
		for (const { code, stderr, stdout } of [seen.second, seen.preparing]) {
			assert.is(code, 4);
			assert.is(stdout, '');
			assert.equal(codesOf({ stderr }), ['locked']);
			assert.match(stderr, /another train holds the lock: the first engineer, pid \d+ on /);
			assert.match(stderr, /seen: lock [0-9a-f]+, run \d{8}T\d{6}-[0-9a-f]{4}, `ship`, since /);
			assert.match(stderr, 'hint: wait for it to end');
		}
	});

	test('looking at it is not shipping it: status works beside a running train', () => {
		assert.is(seen.looking.code, 0);
		assert.is((JSON.parse(seen.looking.stdout) as StatusDocument).record?.state, 'assembled');
	});
});

suite('a red gate', (test) => {
	test('stops the train: exit 1, no main of an app moved, nothing deployed, and the gems are live', () => {
		assert.is(seen.first.code, 1);
		for (const app of APPS) assert.is(seen.stopped.mains[app], seen.before.mains[app], app);
		assert.equal(seen.stopped.deploys, []);
		assert.is(seen.stopped.record?.state, 'assembled');
		assert.is(seen.stopped.pushes - seen.before.pushes, GEMS.length);
	});

	test('the report says what failed, with its command, exit and last words', () => {
		assert.match(report, /^✖ gate:harbor {2}test_cmd failed: bin\/test \(exit 1\)$/m);
		assert.match(report, /^ {2}command .*bin\/test$/m);
		assert.match(report, /^ {2}exit {5}1$/m);
		assert.match(report, /│ expected 200, got 500/);
	});

	test('the report lists what is live with its evidence, and what was not started', () => {
		for (const gem of GEMS) assert.match(section('Live now'), `publish:${gem}`);
		assert.match(section('Live now'), /version=0\.2\.0|0\.2\.0/);
		assert.not.match(section('Live now'), 'deploy:');
		for (const task of ['promote:harbor', 'deploy:harbor', 'deploy:turf', 'deploy:lagoon', 'record'])
			assert.match(section('Not started'), task);
		assert.not.match(report, 'barrier:');
	});

	test('the report ends with the state of the record and the one command that goes on', () => {
		assert.ok(report.endsWith('Record  assembled\nResume  slipway ship\n'), report.slice(-80));
	});
});

suite('ship again', (test) => {
	test('resumes: no gem is pushed twice, no re-pin is made twice, only the red gate and what follows it run', () => {
		assert.is(seen.resumed.code, 0);
		assert.is(seen.shipped.pushes - seen.before.pushes, GEMS.length);
		for (const app of APPS) assert.is(seen.repins[app]?.filter((subject) => subject.startsWith('Pin ')).length, 1, app);
		const ran = seen.resumedCommands.map(({ command, repo }) => `${command} ${repo}`);
		assert.equal(ran.sort(), ['deploy turf', 'push harbor', 'push lagoon', 'test harbor']);
		assert.is(seen.gemRefs['refs/tags/v0.2.0'], seen.shipped.record?.frozen['studio-ui']);
	});

	test('ends in the world of a train that never stopped', () => {
		assert.equal(seen.shipped.mains, seen.shipped.record?.ship);
		assert.is(seen.shipped.record?.state, 'shipped');
		for (const app of APPS)
			assert.equal(
				deployed(seen.fleet, app).map(({ sha }) => sha),
				[seen.shipped.mains[app]],
				app,
			);
	});
});

const failedEvents = eventsOf(seen.stillRed);
const doneEvents = eventsOf(seen.resumed);
const ofType = (events: readonly EventLine[], type: string) => events.filter((event) => event.type === type);

/** The fields of the contract, in its order, by type of event; the last ones may be absent. */
const FIELDS: Readonly<Record<string, { readonly always: readonly string[]; readonly maybe: readonly string[] }>> = {
	'run.started': { always: ['name', 'tasks'], maybe: [] },
	'task.probed': { always: ['task', 'state', 'reasons'], maybe: [] },
	'task.started': { always: ['task', 'change'], maybe: [] },
	'task.output': { always: ['task', 'stream', 'line'], maybe: [] },
	'task.finished': { always: ['task', 'outcome', 'evidence', 'ms'], maybe: ['note', 'error'] },
	'run.finished': { always: ['outcome', 'counts', 'ms'], maybe: [] },
};

suite('ship --json', (test) => {
	test('streams events and nothing else, each with the fields of its type', () => {
		for (const event of [...failedEvents, ...doneEvents]) {
			const fields = FIELDS[event.type];
			assert.ok(fields, event.type);
			const [always, maybe] = [fields?.always ?? [], fields?.maybe ?? []];
			const named = ['schema', 'at', 'run', 'type', ...always, ...maybe.filter((field) => field in event)];
			assert.equal(Object.keys(event), named, JSON.stringify(event));
			assert.is(event.schema, 'slipway.event/1');
			assert.is(new Date(event.at).toISOString(), event.at);
		}
	});

	test('is of one run, which starts first and finishes last, in the order of time', () => {
		for (const events of [failedEvents, doneEvents]) {
			assert.is(new Set(events.map(({ run }) => run)).size, 1);
			assert.is(events[0]?.type, 'run.started');
			assert.is(events.at(-1)?.type, 'run.finished');
			const times = events.map(({ at }) => at);
			assert.equal(times, [...times].sort());
		}
		assert.is.not(failedEvents[0]?.run, doneEvents[0]?.run);
	});

	test('every task of the run finishes exactly once, and the counts are the sum', () => {
		for (const events of [failedEvents, doneEvents]) {
			const tasks = (events[0]?.tasks ?? []).map(({ id }) => id);
			const finished = ofType(events, 'task.finished');
			assert.equal(finished.map(({ task }) => task).sort(), [...tasks].sort());
			const counts: Record<string, number> = { done: 0, skipped: 0, failed: 0, cancelled: 0, not_started: 0 };
			for (const { outcome } of finished) counts[outcome ?? ''] = (counts[outcome ?? ''] ?? 0) + 1;
			assert.equal(events.at(-1)?.counts, counts);
		}
	});

	test('a task starts only after its probe said todo, and what was live is skipped with its evidence', () => {
		for (const { task } of ofType(doneEvents, 'task.started')) {
			assert.is(ofType(doneEvents, 'task.probed').find((event) => event.task === task)?.state, 'todo', task);
		}
		const published = ofType(doneEvents, 'task.finished').find(({ task }) => task === 'publish:studio-ui');
		assert.is(published?.outcome, 'skipped');
		assert.is(published?.evidence?.version, '0.2.0');
	});

	test('a failed run says which task, why and what did not start, and exits 1', () => {
		assert.is(seen.stillRed.code, 1);
		const finished = ofType(failedEvents, 'task.finished');
		const failed = finished.filter(({ outcome }) => outcome === 'failed');
		assert.equal(
			failed.map(({ task }) => task),
			['gate:harbor'],
		);
		const error = failed[0]?.error;
		assert.is(error?.code, 'command-failed');
		assert.match(error?.seen ?? '', 'expected 200, got 500');
		assert.is(finished.find(({ task }) => task === 'deploy:turf')?.outcome, 'not_started');
		assert.is(failedEvents.at(-1)?.outcome, 'failed');
	});

	test('what a command printed comes line by line, with its task and stream', () => {
		const lines = ofType(doneEvents, 'task.output').filter(({ task }) => task === 'gate:harbor');
		assert.equal(
			lines.map(({ stream, line }) => [stream, line]),
			[['stdout', 'harbor: all green']],
		);
	});
});
