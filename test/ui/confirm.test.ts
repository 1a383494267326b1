import { PassThrough } from 'node:stream';
import * as assert from 'uvu/assert';
import { confirmTrain } from '../../src/ui/confirm.ts';
import { suite } from '../support/suite.ts';
import { terminalStream } from './terminal-stream.ts';

interface Asked {
	readonly answer: boolean;
	readonly shown: string;
}

async function answerTo(keys: string, { isTTY }: { readonly isTTY: boolean }): Promise<Asked> {
	const keyboard = Object.assign(new PassThrough(), { isTTY, setRawMode: () => keyboard });
	const terminal = terminalStream(80, 24);
	const question = 'Ship rel-1?';
	const input = keyboard as unknown as NodeJS.ReadStream;
	const answering = confirmTrain({ question, input, output: terminal.stream });
	keyboard.write(keys);
	return { answer: await answering, shown: terminal.written() };
}

suite('confirmTrain', (test) => {
	const keys: readonly (readonly [name: string, keys: string, answer: boolean])[] = [
		['y is a yes', 'y', true],
		['n is a no', 'n', false],
		['Enter alone is a no', '\r', false],
		['Ctrl-C is a no', '\x03', false],
		['choosing yes and pressing Enter is a yes', '\x1b[D\r', true],
	];
	for (const [name, pressed, answer] of keys) {
		test(name, async () => {
			const asked = await answerTo(pressed, { isTTY: true });
			assert.is(asked.answer, answer);
			assert.match(asked.shown, 'Ship rel-1?');
			assert.ok(asked.shown.lastIndexOf('\x1b[?25h') > asked.shown.lastIndexOf('\x1b[?25l'), 'the cursor is back');
		});
	}

	test('without a terminal nothing is asked and the answer is no', async () => {
		assert.equal(await answerTo('y', { isTTY: false }), { answer: false, shown: '' });
	});

	test('a signal takes the question back: the answer is no, and the cursor is back', async () => {
		const keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => keyboard });
		const terminal = terminalStream(80, 24);
		const stop = new AbortController();
		const input = keyboard as unknown as NodeJS.ReadStream;
		const answering = confirmTrain({ question: 'Ship rel-1?', input, output: terminal.stream, signal: stop.signal });
		stop.abort();
		assert.is(await answering, false);
		const shown = terminal.written();
		assert.ok(shown.lastIndexOf('\x1b[?25h') > shown.lastIndexOf('\x1b[?25l'));
	});
});
