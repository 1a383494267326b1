import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { TaskId } from '../../src/core/brand.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { JournalEntry } from '../../src/runner/journal-entries.ts';
import { readRunLog } from '../../src/runner/run-log.ts';
import { suite } from '../support/suite.ts';

type Line = readonly [type: JournalEntry['type'], task: string | null, data: JsonObject];

/** A journal with one entry a second. */
function journal(...lines: readonly Line[]): JournalEntry[] {
	return lines.map(([type, task, data], index) => ({
		at: `2026-01-02T03:04:${String(index).padStart(2, '0')}.000Z`,
		seq: index + 1,
		type,
		...(task === null ? {} : { task: task as TaskId }),
		data,
	}));
}

const TASKS = ['publish:a', 'gate:b', 'deploy:b'].map((id) => ({ id, kind: id.split(':')[0] ?? '' }));
const RUN: Line = ['run', null, { name: 'rel-1', command: 'ship', by: 'me@here', tasks: TASKS }];
const INTENT: Line = [
	'intent',
	'publish:a',
	{ kind: 'publish', reasons: ['a 2 is not live'], change: { summary: 'push a-2' } },
];
const DONE: Line = [
	'outcome',
	'publish:a',
	{ outcome: 'done', reasons: ['a 2 is live'], ms: 40, evidence: { version: '2' } },
];

suite('run log', (test) => {
	test('a task that ran: why, what, and by what it was seen', () => {
		const [publish] = readRunLog(journal(RUN, INTENT, DONE)).tasks;
		assert.equal(publish, {
			task: 'publish:a',
			kind: 'publish',
			outcome: 'done',
			why: ['a 2 is not live'],
			change: { summary: 'push a-2' },
			reasons: ['a 2 is live'],
			evidence: { version: '2' },
			findings: [],
			command: null,
			beganAt: '2026-01-02T03:04:01.000Z',
			settledAt: '2026-01-02T03:04:02.000Z',
			ms: 40,
		});
	});

	test('a journal without an end has no outcome, and an intent without one is still open', () => {
		const log = readRunLog(journal(RUN, INTENT));
		assert.is(log.outcome, null);
		assert.is(log.ms, 1000);
		assert.equal(
			log.tasks.map(({ task, outcome }) => [task, outcome]),
			[
				['publish:a', 'began'],
				['gate:b', 'not_started'],
				['deploy:b', 'not_started'],
			],
		);
		assert.is(log.counts.not_started, 2);
	});

	test('a failed task: every finding, and its command', () => {
		const finding = { code: 'command-failed', severity: 'error', summary: 'red', seen: 'last words', hint: null };
		const command = { argv: ['bin/test', '-x'], cwd: '/w', exit: null, ended: 'timed out after 1 s' };
		const failed: Line = ['note', 'gate:b', { outcome: 'failed', findings: [finding, finding], command }];
		const end: Line = ['end', null, { outcome: 'failed', ms: 7 }];
		const log = readRunLog(journal(RUN, failed, end));
		assert.is(log.outcome, 'failed');
		assert.is(log.ms, 7);
		assert.equal(log.tasks[0]?.findings, [finding, finding]);
		assert.equal(log.tasks[0]?.command, command);
		assert.equal(log.counts, { done: 0, skipped: 0, failed: 1, cancelled: 0, not_started: 2 });
	});

	test('property: any data in an entry reads as something, and each task is told once', () => {
		const line = fc.record({
			type: fc.constantFrom<JournalEntry['type']>('run', 'intent', 'outcome', 'note', 'end'),
			task: fc.constantFrom('a', 'b:c', 'constructor'),
			data: fc.dictionary(fc.constantFrom('tasks', 'outcome', 'reasons', 'command', 'findings', 'ms'), fc.jsonValue()),
		});
		fc.assert(
			fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
				const log = readRunLog(journal(...lines.map(({ type, task, data }): Line => [type, task, data as JsonObject])));
				const ids = log.tasks.map(({ task }) => task);
				assert.is(new Set(ids).size, ids.length);
			}),
			{ numRuns: 200 },
		);
	});
});
