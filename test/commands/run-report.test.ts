import * as assert from 'uvu/assert';
import { type ReportInput, reportOf } from '../../src/commands/run-report.ts';
import { repoName, type TaskId, taskId } from '../../src/core/brand.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { CommandResult } from '../../src/io/command.ts';
import type { MemberRecord, ReleaseRecord } from '../../src/record/types.ts';
import type { Settlement } from '../../src/runner/execute.ts';
import type { RunResult } from '../../src/runner/run.ts';
import { app, config, gem, heroku, sha } from '../graph/fleet-config.ts';
import { AT, BUILT, sampleRecord } from '../record/sample.ts';
import { graph, node } from '../runner/toys.ts';
import { suite } from '../support/suite.ts';

const FLEET = config({
	gems: [gem('studio-engine')],
	apps: [app('harbor', { role: 'hub' }), app('turf', { prodDeploy: { strategy: 'none' } })],
});
const [FROZEN, SHIP] = [sha('b'), sha('5')];

function member(type: 'gem' | 'app', over: Partial<MemberRecord> = {}): MemberRecord {
	const gemBuilt = type === 'gem' ? BUILT : null;
	return {
		type,
		frozen: FROZEN,
		mainAtFreeze: sha('0'),
		frozenAt: AT,
		gem: gemBuilt,
		uses: [],
		verdicts: [],
		ship: null,
		evidence: {},
		...over,
	};
}

const RECORD: ReleaseRecord = {
	...sampleRecord(),
	state: 'assembled',
	// Not in the order of the file: the report is.
	members: { turf: member('app'), harbor: member('app'), 'studio-engine': member('gem') },
};

type Parts = Partial<Settlement> & { readonly kind: string; readonly repo?: string };

function settlement({ kind, repo, ...rest }: Parts): [TaskId, Settlement] {
	const id = taskId(kind, repo ? repoName(repo) : null);
	const evidence: JsonObject = { sha: FROZEN };
	const of = node(id, { kind, repo: repo ?? null });
	return [
		id,
		{ node: of, outcome: 'done', evidence, reasons: [], findings: [], command: null, began: true, ms: 5, ...rest },
	];
}

interface Ended {
	readonly outcome?: RunResult['outcome'];
	readonly notStarted?: readonly string[];
	readonly record?: ReleaseRecord | null;
}

function report(
	settled: readonly [TaskId, Settlement][],
	{ outcome = 'done', notStarted = [], record = RECORD }: Ended = {},
) {
	const counts = { done: 0, skipped: 0, failed: 0, cancelled: 0, not_started: notStarted.length };
	const result: RunResult = {
		outcome,
		settled: new Map(settled),
		notStarted: notStarted as TaskId[],
		counts,
		ms: 1_500,
	};
	const tasks = Object.fromEntries(notStarted.map((id) => [id, { kind: id.split(':')[0] ?? id }]));
	const input: ReportInput = { config: FLEET, graph: graph(tasks), record, result, resume: 'slipway ship' };
	return reportOf(input);
}

const SHIPPED = [
	settlement({ kind: 'publish', repo: 'studio-engine' }),
	settlement({ kind: 'promote', repo: 'studio-engine' }),
	settlement({ kind: 'repin', repo: 'harbor', evidence: { sha: SHIP } }),
	settlement({ kind: 'promote', repo: 'harbor' }),
	settlement({ kind: 'deploy', repo: 'harbor' }),
	settlement({ kind: 'smoke', repo: 'harbor' }),
	settlement({ kind: 'promote', repo: 'turf' }),
	settlement({ kind: 'deploy', repo: 'turf', outcome: 'skipped', evidence: {} }),
];

suite('report: a train that shipped', (test) => {
	const told = report(SHIPPED);
	test('names each repository in the order of the file, with version, SHA and address', () => {
		const { smokeUrl } = heroku('harbor') as { smokeUrl: string };
		assert.equal(told.shipped, [
			{ repo: 'studio-engine', version: '0.2.0', sha: FROZEN, url: null, note: null },
			{ repo: 'harbor', version: null, sha: SHIP, url: smokeUrl, note: null },
			{ repo: 'turf', version: null, sha: FROZEN, url: null, note: 'no production target, nothing dispatched' },
		]);
	});
	test('has nothing to resume, and lists neither failures nor what is live', () => {
		assert.equal([told.resume, told.failures, told.live, told.notStarted], [null, [], [], []]);
		assert.equal([told.outcome, told.elapsedMs, told.recordState], ['done', 1_500, 'assembled']);
	});
	test('says whether anything was changed: a task that was only found done changed nothing', () => {
		const found = SHIPPED.map(([id, settled]): [TaskId, Settlement] => [id, { ...settled, began: false }]);
		assert.equal([told.changed, report(found).changed], [true, false]);
	});
	test('says what was live already before this run', () => {
		const skipped = SHIPPED.map(([id, settled]): [TaskId, Settlement] => [id, { ...settled, outcome: 'skipped' }]);
		assert.equal(
			report(skipped).shipped.map(({ note }) => note),
			['was live already', 'was live already', 'no production target, nothing dispatched'],
		);
	});
});

suite('report: a train that stopped', (test) => {
	const finding = {
		code: 'command-failed',
		severity: 'error',
		summary: 'bin/deploy failed',
		seen: 'one\ntwo',
		hint: 'look',
	} as const;
	const command = { argv: ['bin/deploy', 'production'], cwd: '/work/harbor', exitCode: 7 } as unknown as CommandResult;
	const settled = [
		settlement({ kind: 'preflight', repo: 'harbor' }),
		settlement({ kind: 'publish', repo: 'studio-engine', evidence: { gem: 'studio-engine', version: '0.2.0' } }),
		settlement({ kind: 'tag', repo: 'studio-engine', outcome: 'skipped', evidence: { tag: 'v0.2.0' } }),
		settlement({ kind: 'promote', repo: 'studio-engine' }),
		settlement({ kind: 'promote', repo: 'harbor' }),
		settlement({ kind: 'deploy', repo: 'turf', outcome: 'skipped', evidence: {} }),
		settlement({ kind: 'deploy', repo: 'harbor', outcome: 'failed', evidence: null, findings: [finding], command }),
	];
	const told = report(settled, { outcome: 'failed', notStarted: ['smoke:harbor', 'barrier', 'record'] });
	test('says what is live, by its evidence, from this run or an earlier one', () => {
		assert.equal(
			told.live.map(({ task }) => task),
			['publish:studio-engine', 'tag:studio-engine', 'promote:studio-engine', 'promote:harbor'],
		);
		assert.equal(told.live[0]?.evidence, { gem: 'studio-engine', version: '0.2.0' });
	});
	test('says what failed: command, folder, exit code, last lines and what to do', () => {
		assert.equal(told.failures, [
			{
				task: 'deploy:harbor',
				summary: 'bin/deploy failed',
				command: 'bin/deploy production',
				cwd: '/work/harbor',
				exitCode: 7,
				lastLines: ['one', 'two'],
				hint: 'look',
			},
		]);
	});
	test('says what was not started, without the joins, and the one command that resumes', () => {
		assert.equal([told.notStarted, told.resume], [['smoke:harbor', 'record'], 'slipway ship']);
	});
	test('counts a repository as shipped only when all of it is there', () => {
		assert.equal(
			told.shipped.map(({ repo }) => repo),
			['studio-engine'],
		);
	});
	test('a cancelled run resumes as well; a failure without a command says only what it knows', () => {
		const stopped = report([settlement({ kind: 'promote', repo: 'harbor', outcome: 'failed', findings: [finding] })], {
			outcome: 'cancelled',
		});
		assert.equal(
			[stopped.resume, stopped.failures[0]?.command, stopped.failures[0]?.exitCode],
			['slipway ship', null, null],
		);
	});
	test('a run without a record has no repositories to list', () => {
		const bare = report(settled, { record: null });
		assert.equal([bare.shipped, bare.recordState], [[], null]);
	});
});
