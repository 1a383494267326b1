import { execFileSync } from 'node:child_process';
import * as assert from 'uvu/assert';
import { createCommandRunner } from '../../src/io/command.ts';
import { suite } from '../support/suite.ts';
import { inFolder } from './folder.ts';
import { BASE, fifoIn, linesOf, sh, stdoutOf } from './shell.ts';

suite('command: lines', (test) => {
	for (const [what, printed, expected] of [
		['LF', 'a\\nb\\n', ['a', 'b']],
		['CR LF', 'a\\r\\nb\\r\\n', ['a', 'b']],
		['CR, as progress is written', '1%%\\r2%%\\r3%%\\n', ['1%', '2%', '3%']],
		['no final end', 'a\\nb', ['a', 'b']],
		['empty lines', 'a\\n\\nb\\n', ['a', '', 'b']],
		['nothing at all', '', []],
		['half a character at the end', 'a\\303', ['a\ufffd']],
	] as const) {
		test(`lines end with ${what}`, async () => {
			assert.equal(linesOf(await sh(`printf '${printed}'`)), [...expected]);
		});
	}
	for (const [what, first, second, expected] of [
		['CR LF', 'a\\r', '\\nb\\n', ['a', 'b']],
		['a character of two bytes', 'x\\n\\303', '\\251\\n', ['x', 'é']],
		['a character of four bytes', 'x\\n\\360\\237', '\\232\\242\\n', ['x', '🚢']],
		['a word', 'x\\nhar', 'bor\\n', ['x', 'harbor']],
	] as const) {
		test(`${what} that arrives in two parts is whole`, () =>
			inFolder(async (folder) => {
				const fifo = fifoIn(folder);
				// The second part is printed only when the line of the first has arrived.
				const onLine = () =>
					execFileSync('sh', ['-c', 'test ! -p "$1" || { : > "$1"; rm "$1"; }', 'sh', fifo], { timeout: 5_000 });
				const ran = await sh(`printf '${first}'; cat "$1"; printf '${second}'`, { args: [fifo], onLine });
				assert.equal(linesOf(ran), [...expected]);
			})());
	}
	test('a line comes as soon as it is whole, not when the command has ended', () =>
		inFolder(async (folder) => {
			const fifo = fifoIn(folder);
			const onLine = (_stream: string, line: string) => {
				if (line === 'ready') execFileSync('sh', ['-c', 'echo go > "$1"', 'sh', fifo], { timeout: 5_000 });
			};
			assert.equal(linesOf(await sh('echo ready; cat "$1"', { args: [fifo], onLine })), ['ready', 'go']);
		})());
});

suite('command: memory', (test) => {
	test('the last bytes are kept, and it is said that the head was dropped', async () => {
		const ran = await sh('printf 0123456789', { keepBytes: 4 });
		assert.equal([stdoutOf(ran), ran.result.truncated], ['6789', true]);
	});
	test('exactly as much as may be kept is all there', async () => {
		const ran = await sh('printf 0123', { keepBytes: 4 });
		assert.equal([stdoutOf(ran), ran.result.truncated], ['0123', false]);
	});
	test('50 MB in lines are passed on, and no more is kept than was asked for', async () => {
		let seen = 0;
		const onLine = (_stream: string, line: string) => {
			seen += line.length + 1;
		};
		const result = await createCommandRunner(BASE).run({
			argv: ['sh', '-c', 'yes 0123456789abcde | head -c 52428800'],
			timeoutMs: 30_000,
			keepBytes: 1_000,
			onLine,
		});
		assert.equal([seen, result.stdout.length, result.truncated], [52_428_800, 1_000, true]);
	});
	test('50 MB without one line end are handed out in parts, in linear time', async () => {
		let longest = 0;
		let seen = 0;
		const result = await createCommandRunner(BASE).run({
			argv: ['sh', '-c', "head -c 52428800 /dev/zero | tr '\\0' x"],
			timeoutMs: 30_000,
			onLine: (_stream, line) => {
				longest = Math.max(longest, line.length);
				seen += line.length;
			},
		});
		assert.equal([result.exitCode, seen], [0, 52_428_800]);
		assert.ok(longest < 1024 * 1024, `${longest} characters in one line`);
	});
});
