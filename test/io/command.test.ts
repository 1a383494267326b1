import { execFileSync } from 'node:child_process';
import { closeSync, constants, createReadStream, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as assert from 'uvu/assert';
import { Unreadable } from '../../src/core/diagnostic.ts';
import { type CommandResult, createCommandRunner, ending, lastWords, outputOf } from '../../src/io/command.ts';
import { suite } from '../support/suite.ts';
import { inFolder } from './folder.ts';
import { BASE, fifoIn, sh, stdoutOf } from './shell.ts';

suite('command: how it ended', (test) => {
	for (const [script, exitCode, ended] of [
		['exit 0', 0, null],
		['exit 3', 3, null],
		['kill -KILL $$', null, 'ended by SIGKILL'],
		['kill -TERM $$', null, 'ended by SIGTERM'],
	] as const) {
		test(`\`${script}\` is a result: exit ${exitCode}, ${ended}`, async () => {
			const { result } = await sh(script);
			assert.equal([result.exitCode, result.ended], [exitCode, ended]);
		});
	}
	test('the two streams are kept apart, and so are their lines', async () => {
		const ran = await sh('echo out; echo err >&2');
		assert.equal([stdoutOf(ran), ran.result.stderr.toString()], ['out\n', 'err\n']);
		assert.equal([...ran.lines].sort(), [
			['stderr', 'err'],
			['stdout', 'out'],
		]);
	});
	test('a program that is not there, a folder that is not there, a file that is no program', () =>
		inFolder(async (folder) => {
			await writeFile(join(folder, 'plain'), 'echo hello\n');
			const run = createCommandRunner(BASE).run;
			const missing = await run({ argv: ['no-such-program'], timeoutMs: 5_000 });
			const nowhere = await run({ argv: ['true'], cwd: join(folder, 'absent'), timeoutMs: 5_000 });
			const plain = await run({ argv: [join(folder, 'plain')], timeoutMs: 5_000 });
			assert.equal([missing.exitCode, missing.ended], [null, 'program or folder not found']);
			assert.equal([nowhere.exitCode, nowhere.ended], [null, 'program or folder not found']);
			assert.equal([plain.exitCode, plain.ended], [null, 'permission denied']);
		})());
	test('the result says what ran and where', () =>
		inFolder(async (folder) => {
			const { result } = await sh('pwd', { cwd: folder });
			assert.equal([result.cwd, result.argv.slice(0, 3)], [folder, ['sh', '-c', 'pwd']]);
		})());
	test('every process is counted by its program', async () => {
		const { run, started } = createCommandRunner(BASE);
		await Promise.all([run({ argv: ['true'], timeoutMs: 5_000 }), run({ argv: ['true'], timeoutMs: 5_000 })]);
		await run({ argv: ['no-such-program'], timeoutMs: 5_000 });
		assert.equal(
			[...started],
			[
				['true', 2],
				['no-such-program', 1],
			],
		);
	});
});

/** Holds the FIFO, as do a child and a grandchild, says so, and never ends by itself. */
const HOLD = 'exec 3> "$1"; sh -c "sleep 1000; :" & sleep 1000 & echo started; wait';

suite('command: time and cancellation', (test) => {
	test('a timeout ends the whole process group, grandchildren too', () =>
		inFolder(async (folder) => {
			const fifo = fifoIn(folder);
			const released = text(createReadStream(fifo));
			const { result } = await sh(HOLD, { args: [fifo], timeoutMs: 1_000 });
			assert.equal([result.exitCode, result.ended], [null, 'timed out after 1 s']);
			assert.is(await released, '');
		})());
	test('a process that ignores SIGTERM is ended all the same', () =>
		inFolder(async (folder) => {
			const fifo = fifoIn(folder);
			const released = text(createReadStream(fifo));
			const script = 'trap "" TERM; exec 3> "$1"; while :; do sleep 1000; done';
			const { result } = await sh(script, { args: [fifo], timeoutMs: 1_000 });
			assert.is(result.ended, 'timed out after 1 s');
			assert.is(await released, '');
		})());
	test('a cancelled command ends with its whole group', () =>
		inFolder(async (folder) => {
			const fifo = fifoIn(folder);
			const released = text(createReadStream(fifo));
			const cancel = new AbortController();
			const { result } = await sh(HOLD, { args: [fifo], signal: cancel.signal, onLine: () => cancel.abort() });
			assert.equal([result.exitCode, result.ended], [null, 'cancelled']);
			assert.is(await released, '');
		})());
	test('what was cancelled before it began is not begun', () =>
		inFolder(async (folder) => {
			const { result } = await sh('touch begun', { cwd: folder, signal: AbortSignal.abort() });
			assert.equal([result.exitCode, result.ended], [null, 'cancelled']);
			assert.is(execFileSync('ls', [folder]).toString(), '');
		})());
	for (const [how, script, timeoutMs, expected] of [
		['that left its group', 'setsid cat "$1" & wait', 500, [null, 'timed out after 0.5 s']],
		['that was left in the background', 'cat "$1" & exit 3', 30_000, [3, null]],
	] as const) {
		test(`a child ${how} and holds the output does not hang the command`, () =>
			inFolder(async (folder) => {
				const fifo = fifoIn(folder);
				const { result } = await sh(script, { args: [fifo], timeoutMs });
				assert.equal([result.exitCode, result.ended], [...expected]);
				assert.ok(result.ms < 5_000, `${result.ms} ms`);
				// It still reads: opening the other end for writing would fail otherwise.
				closeSync(openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK));
			})());
	}
});

suite('command: what it is given', (test) => {
	test('input arrives whole, and its end too', async () => {
		const input = 'é\n'.repeat(100_000);
		const ran = await sh('cat', { input, keepBytes: 1024 * 1024 });
		assert.is(stdoutOf(ran), input);
	});
	test('a command that does not read its input ends as it wants', async () => {
		const { result } = await sh('exit 4', { input: 'x'.repeat(1024 * 1024) });
		assert.equal([result.exitCode, result.ended], [4, null]);
	});
	test('without input, standard input is empty: nothing waits for a person', async () => {
		assert.is(stdoutOf(await sh('cat; echo end')), 'end\n');
	});
	test('the environment is the base and what is added, and nothing of this process', async () => {
		process.env.SLIPWAY_TEST_LEAK = 'leaked';
		try {
			const ran = await sh('echo "$BASE|$MORE|$SLIPWAY_TEST_LEAK"', { env: { MORE: 'added' } });
			assert.is(stdoutOf(ran), 'from the base|added|\n');
			assert.is(stdoutOf(await sh('echo "$BASE"', { env: { BASE: 'replaced' } })), 'replaced\n');
		} finally {
			delete process.env.SLIPWAY_TEST_LEAK;
		}
	});
	test('arguments are not read by a shell', async () => {
		const argv = ['printf', '%s\n', '$HOME; `id` "x" *'] as const;
		const result = await createCommandRunner(BASE).run({ argv, timeoutMs: 5_000 });
		assert.is(result.stdout.toString(), '$HOME; `id` "x" *\n');
	});
});

suite('command: conversation', (test) => {
	test('what is said is answered, and the end of it ends the process', async () => {
		const peer = await createCommandRunner(BASE).converse({ argv: ['cat'] });
		peer.stdin.write('ahoy\n');
		const [answer] = await new Promise<Buffer[]>((resolve) => {
			peer.stdout.once('data', (chunk: Buffer) => resolve([chunk]));
		});
		assert.is(answer?.toString(), 'ahoy\n');
		peer.end();
		assert.is(await peer.closed, 'exit 0');
	});
	test('the last words of a process that ended are its own', async () => {
		const peer = await createCommandRunner(BASE).converse({ argv: ['sh', '-c', 'echo "fatal: no" >&2; exit 128'] });
		assert.is(await peer.closed, 'fatal: no');
	});
	test('a program that is not there has ended', async () => {
		const peer = await createCommandRunner(BASE).converse({ argv: ['no-such-program'] });
		assert.is(await peer.closed, 'program or folder not found');
	});
});

function result(over: Partial<CommandResult>): CommandResult {
	const nothing = Buffer.alloc(0);
	return {
		argv: ['git'],
		cwd: '/',
		exitCode: 0,
		ended: null,
		stdout: nothing,
		stderr: nothing,
		truncated: false,
		ms: 1,
		...over,
	};
}

suite('command: reading a result', (test) => {
	test('the last words are those of stderr, else of stdout, else how it ended', () => {
		const [stdout, stderr] = [Buffer.from('out\n'), Buffer.from('one\n\n  \ntwo\r\nthree')];
		assert.is(lastWords(result({ stdout, stderr }), 2), 'two\nthree');
		assert.is(lastWords(result({ stdout, stderr: Buffer.from(' \n') })), 'out');
		assert.is(lastWords(result({ exitCode: 9 })), 'exit 9');
		assert.is(ending(result({ exitCode: null, ended: 'cancelled' })), 'cancelled');
	});
	test('unknown: a read that did not succeed, or that is not whole, is no answer', () => {
		assert.is(outputOf(result({ stdout: Buffer.from('é') }), 'it'), 'é');
		for (const bad of [
			result({ exitCode: 128, stderr: Buffer.from('fatal: no such repository') }),
			result({ exitCode: null, ended: 'timed out after 1 s' }),
			result({ truncated: true, stdout: Buffer.from('half') }),
		]) {
			assert.throws(
				() => outputOf(bad, 'git ls-remote'),
				(error: unknown) => error instanceof Unreadable && error.what === 'git ls-remote' && error.seen !== '',
			);
		}
	});
});
