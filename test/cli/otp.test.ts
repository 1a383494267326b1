import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { start, until } from '../kill/running.ts';
import { startGemServer } from '../support/gem-server.ts';
import { slipwayArgv } from '../support/slipway.ts';
import { suite } from '../support/suite.ts';
import { onStage, type Stage } from './stage.ts';

const RIGHT = '135790';
const WRONG = '975310';
/** Two versions of somebody else's gem, and one of each gem of the train. */
const PUSHED_BEFORE = 4;
const MOST_CODES = 4;

/** A prepared train whose registry wants a one-time password from now on, which only the live server has. */
function prepared(body: (stage: Stage) => Promise<void>): () => Promise<void> {
	return () =>
		onStage({ satellites: 0 }, async (stage) => {
			await stage.must(0, ['prepare', '--yes']);
			const { dir, port, apiKey } = stage.server;
			await stage.server.stop();
			const server = await startGemServer({ dir, port, apiKey, otp: RIGHT });
			try {
				await body({ ...stage, server });
			} finally {
				await server.stop();
			}
		});
}

/** The CLI on a terminal of its own, as `script` makes one. */
function onTerminal(
	{ fleet }: Stage,
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): ReturnType<typeof start> {
	const command = slipwayArgv(args)
		.map((word) => `'${word}'`)
		.join(' ');
	const argv = ['script', '--quiet', '--return', '--command', `stty cols 160 rows 30; exec ${command}`, '/dev/null'];
	return start(fleet, [], { argv, env: { TERM: 'xterm-256color', NO_COLOR: '1', SHELL: '/bin/sh', ...env } });
}

/** Types an answer once it was asked for. */
async function answer(terminal: ReturnType<typeof start>, question: string, keys: string): Promise<void> {
	await until(question, () => terminal.output().includes(question));
	terminal.stdin.write(keys);
}

/** How many questions were put so far, where no live view hides the cursor as well. */
function questions(terminal: ReturnType<typeof start>): number {
	return terminal.output().split('\x1b[?25l').length - 1;
}

/** Every file below a folder, as one text. */
function textUnder(dir: string): string {
	const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')).join('\n');
}

suite('one-time passwords', (test) => {
	test(
		'asked for when the push wants one, again when it was wrong, and not again for the next gem; kept nowhere',
		prepared(async (stage) => {
			const terminal = onTerminal(stage, ['ship', '--yes']);
			const asked = `One-time password for ${stage.server.url}, to push studio-engine-0.2.0.gem`;
			await answer(terminal, asked, `${WRONG}\r`);
			await answer(terminal, `The code was not accepted. ${asked}`, `${RIGHT.slice(0, 3)} ${RIGHT.slice(3)}\r`);
			const ended = await terminal.ended;
			assert.is(ended.code, 0, ended.stdout);
			assert.match(ended.stdout, 'up to 2 one-time passwords may be asked for');
			assert.not.match(ended.stdout, 'to push studio-ui');
			assert.is(stage.server.pushes().length, PUSHED_BEFORE + 2);
			for (const code of [RIGHT, WRONG]) {
				assert.not.match(ended.stdout, code);
				assert.not.match(textUnder(join(stage.fleet.layout.conductor, '.slipway')), code);
			}
			const cursor = ended.stdout.lastIndexOf('\x1b[?25h');
			assert.ok(cursor > ended.stdout.lastIndexOf('\x1b[?25l'), 'the cursor is back');
		}),
	);

	test(
		'the one of the environment is tried first; a wrong one is asked for on a terminal, a few times at most',
		prepared(async (stage) => {
			const terminal = onTerminal(stage, ['ship', '--yes'], { GEM_HOST_OTP_CODE: WRONG, CI: '1' });
			for (let tries = 1; tries <= MOST_CODES; tries += 1) {
				await until(`question ${tries}`, () => questions(terminal) === tries);
				terminal.stdin.write(`${WRONG}\r`);
			}
			const ended = await terminal.ended;
			assert.is(ended.code, 1, ended.stdout);
			assert.match(ended.stdout, 'GEM_HOST_OTP_CODE is tried first; up to 2 one-time passwords');
			assert.match(ended.stdout, 'did not accept the one-time password');
			assert.is(questions(terminal), MOST_CODES);
		}),
	);

	test(
		'Ctrl-C at the question stops the train, and nothing was pushed',
		prepared(async (stage) => {
			const pushed = stage.server.pushes().length;
			const terminal = onTerminal(stage, ['ship', '--yes']);
			await answer(terminal, 'One-time password for', '\x03');
			const ended = await terminal.ended;
			assert.is(ended.code, 1, ended.stdout);
			assert.match(ended.stdout, 'asks for a one-time password');
			assert.match(ended.stdout, 'Resume  slipway ship');
			assert.is(stage.server.pushes().length, pushed);
		}),
	);

	test(
		'a signal takes the question back',
		prepared(async (stage) => {
			const terminal = onTerminal(stage, ['ship', '--yes']);
			await until('the question', () => terminal.output().includes('One-time password for'));
			const lock = join(stage.fleet.layout.conductor, '.slipway', 'train.lock.json');
			process.kill(JSON.parse(readFileSync(lock, 'utf8')).pid, 'SIGTERM');
			const ended = await terminal.ended;
			assert.is(ended.code, 143, ended.stdout);
			assert.is(existsSync(lock), false);
		}),
	);

	test(
		'without a terminal nothing is asked or announced, and the failure says what to do',
		prepared(async (stage) => {
			const { stdout, stderr } = await stage.must(1, ['ship', '--yes']);
			assert.not.match(stderr, 'may be asked for');
			assert.match(stdout, 'asks for a one-time password');
			assert.match(stdout, 'GEM_HOST_OTP_CODE');
		}),
	);
});
