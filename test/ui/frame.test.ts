import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { RunEvent } from '../../src/runner/events.ts';
import { frame } from '../../src/ui/frame.ts';
import { lineWidth } from '../../src/ui/frame-line.ts';
import { advance, createLiveState, type LiveState } from '../../src/ui/live-state.ts';
import { suite } from '../support/suite.ts';
import { begun, failed, finished, NOON, over, said, started } from './fake-run.ts';

function stateAfter(events: readonly RunEvent[]): LiveState {
	const state = createLiveState();
	for (const event of events) advance(state, event);
	return state;
}

function shownWhile(state: LiveState): string {
	const [header = []] = frame(state, { columns: 100, rows: 24, now: NOON + 10_000 });
	return header.map(({ text }) => text).join('');
}

function shown(
	events: readonly RunEvent[],
	size: { columns?: number; rows?: number; seconds?: number } = {},
): string[] {
	const { columns = 100, rows = 24, seconds = 10 } = size;
	const lines = frame(stateAfter(events), { columns, rows, now: NOON + seconds * 1000 });
	return lines.map((line) =>
		line
			.map(({ text }) => text)
			.join('')
			.trimEnd(),
	);
}

const TRAIN = started({
	'publish:a': [],
	'tag:a': ['publish:a'],
	'barrier:published': ['publish:a', 'publish:b'],
	'publish:b': [],
	'gate:c': ['barrier:published'],
	'deploy:c': ['gate:c'],
});

/** `count` independent tasks, the first of them settled or running as asked. */
function wide(count: number, settled: number, running: number): RunEvent[] {
	const ids = Array.from({ length: count }, (_, index) => `gate:app-${index}`);
	return [
		started(Object.fromEntries(ids.map((id) => [id, []]))),
		...ids.slice(0, settled + running).map((id) => begun(1, id)),
		...ids.slice(0, settled).map((id) => finished(id, 'done')),
	];
}

suite('frame', (test) => {
	test('a signal that was taken is told at once, until the outcome is', () => {
		const state = stateAfter([TRAIN, begun(1, 'publish:a')]);
		state.stopping = true;
		assert.match(shownWhile(state), /^⊘ stopping/);
		advance(state, over(2, 'cancelled', { not_started: 5 }));
		assert.match(shownWhile(state), /^⊘ cancelled/);
	});

	test('every section, in its order', () => {
		const lines = shown([
			TRAIN,
			begun(0, 'publish:a'),
			begun(1, 'publish:b'),
			finished('publish:a', 'done', 'a 0.2.0'),
			finished('tag:a', 'skipped', 'v0.2.0 is there'),
			said(3, 'publish:b', 'Pushing gem'),
			said(3, 'publish:b', ' '),
		]);
		assert.equal(lines, [
			'━━━━━━━━━━──────────────────────  1 done · 1 running · 3 waiting · 0 failed · 1 skipped         10s',
			'✔ publish:a       2s  a 0.2.0',
			'↷ tag:a               v0.2.0 is there',
			'⠋ publish:b       9s  Pushing gem',
			'· gate:c              needs published (1 left)',
			'· deploy:c            needs gate:c',
		]);
	});

	test('a task that only wants a free place is ready, and comes before those that wait for others', () => {
		const lines = shown([started({ 'gate:a': [], 'deploy:a': ['gate:a'], 'gate:b': [] })]);
		assert.equal(lines.slice(1), [
			'· gate:a             ready',
			'· gate:b             ready',
			'· deploy:a           needs gate:a',
		]);
	});

	test('a failure stays in sight with its reason', () => {
		const lines = shown([TRAIN, begun(0, 'publish:a'), failed(3, 'publish:a', 'push refused')]);
		assert.is(lines[1], '✖ publish:a       3s  push refused');
		assert.match(lines[0] ?? '', '1 failed');
	});

	test('a failure is never rounded out of the bar', () => {
		const events = [...wide(1000, 0, 1), failed(3, 'gate:app-0', 'exit 1')];
		const bar = frame(stateAfter(events), { columns: 100, rows: 24, now: NOON })[0];
		assert.is(bar?.find(({ tone }) => tone === 'failed')?.text, '━');
	});

	test('the end leaves a verdict and says what was not started', () => {
		const events = [TRAIN, begun(0, 'publish:a'), failed(3, 'publish:a', 'push refused')];
		const rest = ['tag:a', 'barrier:published', 'publish:b', 'gate:c', 'deploy:c'].map((id) =>
			finished(id, 'not_started'),
		);
		const lines = shown([...events, ...rest, over(3, 'failed', {})], { seconds: 99 });
		assert.equal(lines, [
			'✖ failed  ━━━━━━──────────────────────────  0 done · 1 failed · 0 skipped · 5 not started        3s',
			'✖ publish:a       3s  push refused',
		]);
	});

	test('a cancelled run says so', () => {
		const lines = shown([TRAIN, begun(0, 'publish:a'), finished('publish:a', 'cancelled'), over(1, 'cancelled', {})]);
		assert.match(lines[0] ?? '', /^⊘ cancelled .* 1 cancelled/);
		assert.is(lines[1], '⊘ publish:a       2s  cancelled');
	});

	test('300 tasks on 30 rows: the latest settled, all running, the next waiting', () => {
		const lines = shown(wide(300, 100, 4), { rows: 30 });
		assert.is(lines.filter((line) => line.startsWith('✔')).length, 8);
		assert.match(lines[8] ?? '', 'gate:app-99');
		assert.is(lines.filter((line) => line.startsWith('⠋')).length, 4);
		assert.is(lines.filter((line) => line.startsWith('·')).length, 5);
	});

	test('8 rows of 40 columns: what fails and what runs goes first, with context on both sides', () => {
		const lines = shown([...wide(300, 100, 4), failed(5, 'gate:app-100', 'exit 1')], { columns: 40, rows: 8 });
		assert.is(lines[0], '━━━━──────  ✔100 ▸3 ·196 ✖1         10s');
		assert.equal(
			lines.slice(1).map((line) => line.slice(0, 1)),
			['✔', '✖', '⠋', '⠋', '⠋', '·'],
		);
	});

	test('more running tasks than rows: the counts tell the rest', () => {
		const lines = shown(wide(300, 10, 64), { rows: 10 });
		assert.is(lines.filter((line) => line.startsWith('⠋')).length, 6);
		assert.match(lines[0] ?? '', '64 running');
	});

	test('output is cleaned: a tool cannot move the cursor or print a token', () => {
		const token = `rubygems_${'0'.repeat(48)}`;
		const lines = shown([TRAIN, begun(0, 'publish:a'), said(1, 'publish:a', `\x1b[2Jkey\r\x1b[1mkey ${token}`)]);
		assert.is(lines[1], '⠋ publish:a      10s  key [redacted]');
	});

	test('property: never more rows or columns than the terminal has, and always a first line', () => {
		const outcome = fc.constantFrom('done', 'skipped', 'failed', 'cancelled', 'not_started', 'running', 'waiting');
		const task = fc.record({ name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), outcome });
		const canvas = fc.record({ columns: fc.integer({ min: 1, max: 200 }), rows: fc.integer({ min: 1, max: 60 }) });
		return fc.assert(
			fc.property(fc.array(task, { maxLength: 60 }), canvas, fc.boolean(), (tasks, size, isOver) => {
				const lines = frame(stateAfter(eventsOf(tasks, isOver)), { ...size, now: NOON + 5000 });
				assert.ok(lines.length >= 1 && lines.length <= Math.max(1, size.rows - 1));
				for (const line of lines) assert.ok(lineWidth(line) < size.columns);
			}),
		);
	});

	test('a frame of 1 000 tasks costs a small part of its tenth of a second', () => {
		const state = stateAfter(wide(1000, 400, 8));
		const before = performance.now();
		for (let turn = 0; turn < 100; turn += 1) frame(state, { columns: 120, rows: 40, now: NOON + turn });
		assert.ok((performance.now() - before) / 100 < 10);
	});
});

function eventsOf(tasks: readonly { name: string; outcome: string }[], isOver: boolean): RunEvent[] {
	const named = tasks.map(({ name, outcome }, index) => ({ id: `gate:${name}-${index}`, outcome }));
	const moves = named.flatMap(({ id, outcome }) => {
		if (outcome === 'waiting') return [];
		const begin = [begun(1, id), said(2, id, id.repeat(4))];
		return outcome === 'running' ? begin : [...begin, finished(id, outcome as 'done', id)];
	});
	const end = isOver ? [over(4, 'failed', {})] : [];
	return [started(Object.fromEntries(named.map(({ id }) => [id, []]))), ...moves, ...end];
}
