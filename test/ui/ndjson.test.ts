import * as assert from 'uvu/assert';
import { taskId } from '../../src/core/brand.ts';
import type { RunEvent } from '../../src/runner/events.ts';
import { ndjsonView } from '../../src/ui/ndjson.ts';
import { suite } from '../support/suite.ts';
import { at, begun, failed, finished, over, said, started } from './fake-run.ts';

function shown(event: RunEvent): string {
	const lines: string[] = [];
	ndjsonView({ write: (text) => lines.push(text) })(event);
	return lines.join('');
}

function head(at: string): string {
	return `{"schema":"slipway.event/1","at":"${at}","run":"run-1","type":`;
}

suite('ndjsonView', (test) => {
	const cases: readonly (readonly [event: RunEvent, rest: string])[] = [
		[
			started({ 'publish:a': [], record: ['publish:a'] }),
			'"run.started","name":"ship rel-1","tasks":[{"id":"publish:a","kind":"publish","needs":[]},' +
				'{"id":"record","kind":"record","needs":["publish:a"]}]}',
		],
		[
			at(0, { type: 'task.probed', task: taskId('publish:a'), state: 'todo', reasons: ['0.2.0 is not live'] }),
			'"task.probed","task":"publish:a","state":"todo","reasons":["0.2.0 is not live"]}',
		],
		[begun(0, 'publish:a'), '"task.started","task":"publish:a","change":{"summary":"push it","version":"0.2.0"}}'],
		[said(0, 'publish:a', 'a "b"'), '"task.output","task":"publish:a","stream":"stdout","line":"a \\"b\\""}'],
		[
			finished('publish:a', 'skipped', 'live'),
			'"task.finished","task":"publish:a","outcome":"skipped","evidence":null,"ms":2000,"note":"live"}',
		],
		[
			failed(0, 'gate:b', 'exit 1'),
			'"task.finished","task":"gate:b","outcome":"failed","evidence":null,"ms":3000,' +
				'"error":{"code":"command-failed","severity":"error","summary":"exit 1","hint":"fix it"}}',
		],
		[
			over(0, 'failed', { done: 1, not_started: 2 }),
			'"run.finished","outcome":"failed","counts":{"done":1,"skipped":0,"failed":0,"cancelled":0,"not_started":2},"ms":0}',
		],
	];
	for (const [event, rest] of cases) {
		const outcome = 'outcome' in event ? `, ${event.outcome},` : '';
		test(`${event.type}${outcome} is one line with its fields in order`, () => {
			assert.is(shown(event), `${head(event.at)}${rest}\n`);
		});
	}

	test('the order does not depend on how the event was made', () => {
		const event = begun(0, 'publish:a');
		const turned = Object.fromEntries(Object.entries(event).reverse()) as unknown as RunEvent;
		assert.is(shown(turned), shown(event));
	});

	test('a secret in a line is hidden and the document stays whole', () => {
		const line = JSON.parse(shown(said(0, 'a', 'Authorization: Basic "abc\\'))) as { line: string };
		assert.is(line.line, 'Authorization: [redacted]');
	});
});
