import * as assert from 'uvu/assert';
import { taskId } from '../../src/core/brand.ts';
import type { RunEvent } from '../../src/runner/events.ts';
import { plainView } from '../../src/ui/plain.ts';
import { suite } from '../support/suite.ts';
import { at, begun, failed, finished, over, PLAIN, said, started } from './fake-run.ts';

/** Without the time, which is the reader's own and so depends on the machine. */
function shown(events: readonly RunEvent[]): string[] {
	const text: string[] = [];
	const sink = plainView({ write: (line) => text.push(line), palette: PLAIN });
	for (const event of events) sink(event);
	return text
		.join('')
		.split('\n')
		.map((line) => line.replace(/^\d\d:\d\d:\d\d /, ''));
}

const RUN = started({ 'publish:a': [], 'gate:bb': ['publish:a'], record: ['gate:bb'] });

suite('plainView', (test) => {
	test('a run is told one line an event that matters', () => {
		const lines = shown([
			RUN,
			at(0, { type: 'task.probed', task: taskId('publish:a'), state: 'done', reasons: [] }),
			finished('publish:a', 'skipped', '0.2.0 is live'),
			at(1, { type: 'task.probed', task: taskId('gate:bb'), state: 'todo', reasons: ['no verdict'] }),
			begun(1, 'gate:bb'),
			said(1, 'gate:bb', '\x1b[32mok\x1b[0m\t1'),
			failed(4, 'gate:bb', 'bin/test exited with 1'),
			finished('record', 'not_started'),
			over(65, 'failed', { skipped: 1, failed: 1, not_started: 1 }),
		]);
		assert.equal(lines, [
			'ship rel-1: 3 tasks',
			'publish:a  skipped  0.2.0 is live',
			'gate:bb    started  push it',
			'gate:bb   | ok    1',
			'gate:bb    failed (3s)  bin/test exited with 1',
			'gate:bb    hint: fix it',
			'ship rel-1: failed in 1m 05s: 1 skipped, 1 failed, 1 not started',
			'',
		]);
	});

	test('a probe that stops a task is told with its reasons', () => {
		const probed = { type: 'task.probed', task: taskId('publish:a'), state: 'unknown', reasons: ['HTTP 503'] } as const;
		assert.is(shown([RUN, at(0, probed)])[1], 'publish:a  unknown: HTTP 503');
	});

	test('evidence speaks when there is no note', () => {
		const evidence = { version: '0.2.0', sha: 'a'.repeat(40), files: ['x'], ok: true };
		const event = at(2, { type: 'task.finished', task: taskId('publish:a'), outcome: 'done', evidence, ms: 2000 });
		assert.is(shown([RUN, event])[1], 'publish:a  done (2s)  version 0.2.0 · sha aaaaaaaa · ok true');
	});

	test('every line is stamped with a time of day', () => {
		const text: string[] = [];
		plainView({ write: (line) => text.push(line), palette: PLAIN })(RUN);
		assert.match(text.join(''), /^\d\d:\d\d:\d\d ship rel-1: 3 tasks\n$/);
	});

	test('no event moves the cursor, whatever a tool printed', () => {
		const lines = shown([RUN, said(0, 'publish:a', 'a\x1b[1A\x1b[2K\r50%\r100%')]);
		assert.is(lines[1], 'publish:a | 100%');
	});
});
