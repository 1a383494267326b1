import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { layoutOf } from '../support/fleet/layout.ts';
import { writeFile } from '../support/fleet/repositories.ts';
import { output, runProcess } from '../support/process.ts';
import { slipway, slipwayArgv } from '../support/slipway.ts';
import { suite } from '../support/suite.ts';

const REGISTRY = `gems:
  engine: {version_file: lib/version.rb}
apps:
  harbor: {role: hub, test_cmd: bin/test}
  quay: {}
  old: {ladder: legacy}
`;

const dir = mkdtempSync(join(tmpdir(), 'slipway-cli-'));
process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
const layout = layoutOf(dir);
writeFile(join(layout.conductor, 'release_repos.yml'), REGISTRY);
const [node, cli] = slipwayArgv([]);
writeFile(join(dir, 'bin', 'slipway'), `#!/bin/sh\nexec "${node}" "${cli}" "$@"\n`, 0o755);
const env = { PATH: `${join(dir, 'bin')}:${process.env.PATH}`, HOME: dir };

const run = (args: readonly string[], cwd = layout.conductor) => slipway({ env, layout }, args, { cwd });
const values = async (...words: string[]) => {
	const { code, stdout } = await run(['complete', '--', ...words]);
	assert.is(code, 0);
	return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
};

/** What bash would insert when TAB is pressed at the end of this line: bash has broken it into words itself. */
async function pressTab(line: string, words: readonly string[]): Promise<string[]> {
	const script = `
source <(slipway completion bash) && source <(slipway completion bash)
COMP_LINE=$1 COMP_POINT=\${#1} COMP_CWORD=$(($# - 2))
shift
COMP_WORDS=("$@")
_slipway
printf '%s\\n' "\${COMPREPLY[@]}"`;
	const said = await runProcess(['bash', '--norc', '-uc', script, 'bash', line, ...words], {
		cwd: layout.conductor,
		env,
	});
	assert.is(said.stderr, '');
	return said.stdout.split('\n').filter(Boolean);
}

suite('completion', (test) => {
	test('commands and options, each with its meaning; what is hidden stays hidden', async () => {
		const { stdout } = await run(['complete', '--', '']);
		assert.match(stdout, /^ship\trun the train/m);
		assert.not.match(stdout, /^complete\t/m);
		assert.equal(await values('ship', '--de'), ['--detailed-exitcode']);
		assert.equal(await values('completion', ''), ['bash', 'zsh', 'fish']);
	});

	test('tasks, without the joins; repositories, without the parked', async () => {
		assert.equal(await values('explain', 'gate:'), ['gate:harbor', 'gate:quay']);
		assert.equal(await values('prepare', '--only', 'engine,h'), ['engine,harbor']);
		assert.equal(await values('prepare', '--only', ''), ['engine', 'harbor', 'quay']);
	});

	test('the registry is looked for where the line says', async () => {
		const { stdout } = await run(['complete', '--', '-C', layout.conductor, 'explain', 'gate:h'], dir);
		assert.is(stdout, 'gate:harbor\t\n');
	});

	test('where there is no registry nothing is offered and nothing is said', async () => {
		const { code, stdout, stderr } = await run(['complete', '--', 'explain', ''], dir);
		assert.equal([code, stdout, stderr], [0, '', '']);
	});

	test('another shell: exit 2 that names the three', async () => {
		const { code, stderr } = await run(['completion', 'tcsh']);
		assert.is(code, 2);
		assert.match(stderr, /bash, zsh, fish/);
	});
});

suite('completion in bash', (test) => {
	test('a task id has a colon, where bash breaks words: only the rest is inserted', async () => {
		assert.equal(await pressTab('slipway explain gate:', ['slipway', 'explain', 'gate', ':']), ['harbor', 'quay']);
		assert.equal(await pressTab('slipway explain gate:q', ['slipway', 'explain', 'gate', ':', 'q']), ['quay']);
		assert.equal(await pressTab('slipway explain gate:q ', ['slipway', 'explain', 'gate', ':', 'q', '']), []);
	});

	test('so does an option with its value', async () => {
		assert.equal(await pressTab('slipway prepare --only=h', ['slipway', 'prepare', '--only', '=', 'h']), ['harbor']);
	});

	test('commands and options', async () => {
		assert.equal(await pressTab('slipway unl', ['slipway', 'unl']), ['unlock']);
		assert.equal(await pressTab('slipway ship --dr', ['slipway', 'ship', '--dr']), ['--dry-run']);
	});

	test('nothing on the line is run', async () => {
		const trap = join(dir, 'trap');
		const word = `$(touch ${trap})`;
		assert.equal(await pressTab(`slipway explain ${word}`, ['slipway', 'explain', word]), []);
		assert.not.ok(existsSync(trap));
	});

	test('every script is one that its shell can read, where the shell is installed', async () => {
		for (const shell of ['bash', 'zsh', 'fish']) {
			const found = await runProcess(['sh', '-c', `command -v ${shell}`], { env });
			const { stdout } = await run(['completion', shell]);
			assert.match(stdout, /slipway complete -- /);
			if (found.code === 0) await output([shell, '-n', '-c', stdout], { env });
		}
	});
});
