import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { clean } from '../../src/core/clean.ts';
import type { RunEvent } from '../../src/runner/events.ts';
import { type LiveView, liveView } from '../../src/ui/live.ts';
import { openScreen } from '../../src/ui/screen.ts';
import { suite } from '../support/suite.ts';
import { begun, failed, finished, NOON, over, PLAIN, said, started } from './fake-run.ts';
import { type TerminalStream, terminalStream } from './terminal-stream.ts';

const HIDE = '\x1b[?25l';
const SHOW = '\x1b[?25h';

const RUN = started({ 'publish:a': [], 'gate:b': ['publish:a'], record: ['gate:b'] });

function open(events: readonly RunEvent[]): { view: LiveView; terminal: TerminalStream } {
	const terminal = terminalStream(80, 24);
	const view = liveView({ stream: terminal.stream, palette: PLAIN, now: () => NOON + 10_000 });
	for (const event of events) view.sink(event);
	return { view, terminal };
}

/** What stands when all is over: the last frame, as text. */
function lastFrame(text: string): string {
	return clean(text.slice(text.lastIndexOf('\x1b[?2026h')));
}

function assertCursorIsBack(text: string): void {
	assert.ok(text.includes(HIDE), 'the cursor was hidden');
	assert.ok(text.lastIndexOf(SHOW) > text.lastIndexOf(HIDE), 'the cursor is shown again');
	assert.ok(text.lastIndexOf('\x1b[?7h') > text.lastIndexOf('\x1b[?7l'), 'lines wrap again');
	assert.ok(text.lastIndexOf('\n') > text.lastIndexOf('\x1b[?2026h'), 'the prompt gets a line of its own');
}

suite('liveView', (test) => {
	test('a whole run leaves its verdict and the cursor', async () => {
		const settled = ['publish:a', 'gate:b', 'record'].flatMap((id) => [
			begun(1, id),
			finished(id, 'done', `${id} is there`),
		]);
		const { view, terminal } = open([RUN, ...settled, over(9, 'done', { done: 3 })]);
		await view.close();
		const shown = lastFrame(terminal.written());
		assert.match(shown, /✔ done .* 3 done .* 9s/);
		assert.match(shown, 'record is there');
		assertCursorIsBack(terminal.written());
	});

	test('a verdict that comes a while after the last task is still shown', async () => {
		const settled = ['publish:a', 'gate:b', 'record'].map((id) => finished(id, 'done'));
		const { view, terminal } = open([RUN, ...settled]);
		// The runner closes its journal in between; any file work gives the view the same time to end too early.
		await readFile(import.meta.filename);
		view.sink(over(9, 'done', { done: 3 }));
		await view.close();
		assert.match(lastFrame(terminal.written()), /✔ done .* 3 done .* 9s/);
	});

	test('a failed run leaves the failure and the cursor', async () => {
		const rest = [finished('gate:b', 'not_started'), finished('record', 'not_started')];
		const { view, terminal } = open([
			RUN,
			begun(1, 'publish:a'),
			failed(3, 'publish:a', 'refused'),
			...rest,
			over(3, 'failed', {}),
		]);
		await view.close();
		assert.match(lastFrame(terminal.written()), '✖ publish:a');
		assertCursorIsBack(terminal.written());
	});

	test('closed in the middle of a run it lets go of what runs and waits, and gives the cursor back', async () => {
		const { view, terminal } = open([RUN, begun(1, 'publish:a')]);
		await view.close();
		assert.match(lastFrame(terminal.written()), 'publish:a');
		assertCursorIsBack(terminal.written());
	});

	test('a pause clears the terminal for a question, whatever happens meanwhile, and then it goes on', async () => {
		const { view, terminal } = open([RUN, begun(1, 'publish:a')]);
		const goOn = view.pause();
		assert.ok(clean(terminal.written()).includes('publish:a'));
		assert.ok(terminal.written().endsWith(SHOW));
		const paused = terminal.written();
		view.sink(said(1, 'publish:a', 'a line'));
		assert.is(terminal.written(), paused);
		goOn();
		assert.match(lastFrame(terminal.written()), 'a line');
		await view.close();
		assertCursorIsBack(terminal.written());
	});

	test('closed before a run began it has written nothing', async () => {
		const { view, terminal } = open([]);
		await view.close();
		assert.is(terminal.written(), '');
	});

	test('closing twice changes nothing', async () => {
		const { view, terminal } = open([RUN, begun(1, 'publish:a')]);
		await view.close();
		const before = terminal.written();
		await view.close();
		assert.is(terminal.written(), before);
	});

	test('ten thousand events between two frames are one frame', async () => {
		const { view, terminal } = open([RUN, begun(1, 'publish:a')]);
		for (let count = 0; count < 10_000; count += 1) view.sink(said(1, 'publish:a', `line ${count}`));
		await view.close();
		assert.ok(terminal.written().split('\x1b[?2026h').length - 1 <= 3);
		assert.match(lastFrame(terminal.written()), 'line 9999');
	});
});

suite('openScreen', (test) => {
	test('draws over its own rows and leaves the text above alone', () => {
		const terminal = terminalStream(80, 24);
		const screen = openScreen(terminal.stream);
		screen.draw(['one', 'two', 'three']);
		screen.draw(['four']);
		assert.match(terminal.written(), /\r\x1b\[2Afour\x1b\[K\x1b\[J/);
		screen.close();
	});

	test('writes nothing for a frame that is the same', () => {
		const terminal = terminalStream(80, 24);
		const screen = openScreen(terminal.stream);
		screen.draw(['one']);
		const before = terminal.written();
		screen.draw(['one']);
		assert.is(terminal.written(), before);
		screen.close();
	});

	test('counts the rows that lines take after the window became narrower', () => {
		const terminal = terminalStream(80, 24);
		const screen = openScreen(terminal.stream);
		screen.draw(['x'.repeat(70), '\x1b[31my\x1b[39m']);
		terminal.resize(20, 24);
		screen.draw(['z']);
		assert.match(terminal.written(), '\r\x1b[4Az');
		screen.close();
	});

	test('leaves no listener on the process', () => {
		const before = process.listenerCount('exit');
		const screen = openScreen(terminalStream(80, 24).stream);
		screen.close();
		assert.is(process.listenerCount('exit'), before);
	});

	test('a process that exits without closing it gives the cursor back too', () => {
		const screenFile = new URL('../../src/ui/screen.ts', import.meta.url).href;
		const code = `import { openScreen } from '${screenFile}'; openScreen(process.stderr).draw(['x']); process.exit(3);`;
		const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
		assert.is(status, 3);
		assert.ok(stderr.endsWith(SHOW));
	});
});
