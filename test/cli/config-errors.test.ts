import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { layoutOf } from '../support/fleet/layout.ts';
import { writeFile } from '../support/fleet/repositories.ts';
import { type Finished, runProcess } from '../support/process.ts';
import { type SlipwayOptions, slipway, slipwayArgv } from '../support/slipway.ts';
import { suite } from '../support/suite.ts';
import { ROOT } from '../support/toolchain.ts';
import { codesOf } from './documents.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-cli-'));
process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
const layout = layoutOf(dir);
const env = { PATH: process.env.PATH ?? '', HOME: dir, LANG: 'C.UTF-8' };
const run = (args: readonly string[], options?: SlipwayOptions): Promise<Finished> =>
	slipway({ env, layout }, args, options);

const FILE = join(layout.conductor, 'release_repos.yml');
writeFile(FILE, 'gems:\n  studio-engine: {version_file: lib/version.rb}\napps:\n  harbor: {role: hub}\n  turf: {}\n');

/** A folder with a registry of its own, beside the good one. */
function folderWith(name: string, text: string): string {
	const folder = join(dir, name);
	writeFile(join(folder, 'release_repos.yml'), text);
	return folder;
}

const BROKEN = `train:
  gem_registry: https://rubygems.org
  concurency: 4

gems:
  studio-engine:
    version_file: ../lib/version.rb
    release_check: bin/check 'open

apps:
  harbor:
    role: hub
    prod_deploy: {strategy: git_push_herku, remote: heroku, branch: main}
  turf:
    role: hub
    needs: [harbour]
    x-note: mine
`;

const SAID = `error[unknown-key]: train: unknown key \`concurency\`
  --> release_repos.yml:3:3
  |
3 |   concurency: 4
  |   ^^^^^^^^^^
hint: did you mean \`concurrency\`?

error[path-escape]: gems.studio-engine.version_file: \`../lib/version.rb\` leaves the folder it belongs to
  --> release_repos.yml:7:19
  |
7 |     version_file: ../lib/version.rb
  |                   ^^^^^^^^^^^^^^^^^
hint: write a path relative to that folder, without \`..\`

error[bad-command]: gems.studio-engine.release_check: the command \`bin/check 'open\` has an open quote
  --> release_repos.yml:8:20
  |
8 |     release_check: bin/check 'open
  |                    ^^^^^^^^^^^^^^^
hint: close the quote (or double a last \`\\\`), or write the command as a list of texts

error[bad-strategy]: apps.harbor.prod_deploy.strategy: \`git_push_herku\` is no strategy
  --> release_repos.yml:13:29
   |
13 |     prod_deploy: {strategy: git_push_herku, remote: heroku, branch: main}
   |                             ^^^^^^^^^^^^^^
hint: did you mean \`git_push_heroku\`?

error[two-hubs]: apps.turf.role: two hubs: \`harbor\` on line 12 and \`turf\` on line 15
  --> release_repos.yml:15:11
   |
15 |     role: hub
   |           ^^^
hint: one app at most is the hub: remove one of the roles

error[unknown-repo]: apps.turf.needs[0]: no repository is named \`harbour\`
  --> release_repos.yml:16:13
   |
16 |     needs: [harbour]
   |             ^^^^^^^
hint: did you mean \`harbor\`?

6 errors
`;

suite('a bad release_repos.yml', (test) => {
	test('every error at once, each with code, place, the line itself, what is wrong in it, and a hint', async () => {
		const cwd = folderWith('broken', BROKEN);
		for (const args of [['graph'], ['status'], ['prepare'], ['ship', '--yes'], ['ship', '--dry-run']]) {
			const { code, stdout, stderr } = await run(args, { cwd });
			assert.is(stderr, SAID, args.join(' '));
			assert.is(stdout, '');
			assert.is(code, 2);
		}
	});

	test('a file that is no YAML, empty, or no mapping: a message with a place, never a stack', async () => {
		for (const [name, text] of [
			['torn', 'apps: ['],
			['empty', ''],
			['list', '- a\n'],
			['tabs', 'apps:\n\tharbor: {}\n'],
			['binary', '\u0000\u0001'],
		] as const) {
			const { code, stderr } = await run(['graph'], { cwd: folderWith(name, text) });
			assert.is(code, 2, name);
			assert.match(stderr, /^error\[[\w-]+\]: .+\n {2}--> release_repos\.yml:\d+:\d+\n/, name);
			assert.not.match(stderr, /^ {4}at /m, name);
		}
	});

	test('a cycle of needs prints the whole circle with its lines', async () => {
		const cwd = folderWith('circle', 'apps:\n  harbor: {needs: [turf]}\n  turf: {needs: [harbor]}\n');
		const { code, stderr } = await run(['graph'], { cwd });
		assert.is(code, 2);
		assert.equal(codesOf({ stderr }), ['cycle']);
		assert.match(stderr, /harbor/);
		assert.match(stderr, /line 2[\s\S]*line 3|line 3[\s\S]*line 2/);
	});
});

suite('usage', (test) => {
	for (const [args, said] of [
		[['shp'], "error[usage]: unknown command 'shp'\nhint: did you mean `ship`?\n"],
		[['ship', '--yess'], "error[usage]: unknown option '--yess'\nhint: did you mean `--yes`?\n"],
		[['--jsn', 'status'], "error[usage]: unknown option '--jsn'\nhint: did you mean `--json`?\n"],
		[
			['frobnicate'],
			"error[usage]: unknown command 'frobnicate'\nhint: `slipway --help` lists the commands and options\n",
		],
		[
			['graph', '--dot', '--svg'],
			'error[usage]: graph prints one format at a time\nhint: choose one of --dot, --mermaid, --svg, --json\n',
		],
	] as const) {
		test(`slipway ${args.join(' ')}: exit 2, and what was meant`, async () => {
			const { code, stdout, stderr } = await run(args);
			assert.is(stderr, said);
			assert.is(stdout, '');
			assert.is(code, 2);
		});
	}

	test('a value that does not fit names the option and what fits', async () => {
		for (const value of ['0', 'x', '1.5', '-1']) {
			const { code, stderr } = await run(['ship', `--jobs=${value}`]);
			assert.is(code, 2, value);
			assert.match(
				stderr,
				/^error\[usage\]: option '--jobs <n>' .* It must be a whole number from 1 to 1000\.$/m,
				value,
			);
		}
	});

	test('an option that would be ignored is an error', async () => {
		for (const args of [
			['ship', '--out', 'plan.json', '--yes'],
			['ship', '--detailed-exitcode', '--yes'],
		]) {
			const { code, stderr } = await run(args);
			assert.is(code, 2, args.join(' '));
			assert.equal(codesOf({ stderr }), ['usage']);
			assert.match(stderr, '--dry-run');
		}
	});

	test('no command at all prints the help on stderr and exits 2; asked for, help is data', async () => {
		const [bare, asked] = await Promise.all([run([]), run(['--help'])]);
		assert.is(bare.code, 2);
		assert.is(bare.stdout, '');
		assert.is(bare.stderr, asked.stdout);
		assert.is(asked.code, 0);
		assert.match(asked.stdout, /^Usage: slipway /);
	});

	test('--version prints the version of the package', async () => {
		const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { version: string };
		assert.is((await run(['--version'])).stdout, `${version}\n`);
	});
});

suite('where the registry is', (test) => {
	const NO_RELEASE = 'no release yet: `slipway prepare` starts one\n';

	test('any sub-folder of its folder will do', async () => {
		const cwd = join(layout.conductor, 'deep', 'er');
		mkdirSync(cwd, { recursive: true });
		const { code, stdout } = await run(['status'], { cwd });
		assert.is(code, 0);
		assert.is(stdout, NO_RELEASE);
	});

	test('-C works as if started there, before the command and after it', async () => {
		for (const args of [
			['-C', layout.conductor, 'status'],
			['status', '-C', 'projects/conductor'],
			['-C', 'projects', 'status', '--registry', 'conductor/release_repos.yml'],
		]) {
			const { code, stdout, stderr } = await run(args, { cwd: dir });
			assert.is(code, 0, stderr);
			assert.is(stdout, NO_RELEASE);
		}
	});

	test('-C into a folder that is not there is a mistake, not the folder above it', async () => {
		const { code, stderr } = await run(['-C', 'nowhere', 'status']);
		assert.is(code, 2);
		assert.equal(codesOf({ stderr }), ['usage']);
		assert.match(stderr, join(layout.conductor, 'nowhere'));
	});

	test('none anywhere above, or not where --registry says: exit 2 and how to name it', async () => {
		for (const [args, cwd] of [
			[['status'], dir],
			[['status', '--registry', 'nope.yml'], layout.conductor],
		] as const) {
			const { code, stderr } = await run(args, { cwd });
			assert.is(code, 2);
			assert.equal(codesOf({ stderr }), ['no-registry']);
			assert.match(stderr, '--registry FILE');
		}
	});
});

suite('output', (test) => {
	test('--json is one document on stdout', async () => {
		for (const [args, schema] of [
			[['status', '--json'], 'slipway.status/1'],
			[['--json', 'graph'], 'slipway.plan/1'],
		] as const) {
			const { code, stdout, stderr } = await run(args);
			assert.is(code, 0);
			assert.is(stderr, '');
			assert.is((JSON.parse(stdout) as { schema: string }).schema, schema);
		}
	});

	test('the schema of release_repos.yml knows the sections', async () => {
		const schema = JSON.parse((await run(['schema'])).stdout) as { properties: object };
		for (const section of ['train', 'gems', 'apps', 'tasks']) assert.ok(section in schema.properties, section);
	});

	test('no escape codes into a pipe, whatever the command says', async () => {
		const cwd = folderWith('plain', BROKEN);
		for (const done of [
			await run(['graph']),
			await run(['status']),
			await run(['shp']),
			await run(['graph'], { cwd }),
			await run(['--help']),
		]) {
			assert.not.match(done.stdout + done.stderr, '\u001b');
		}
	});

	test('FORCE_COLOR colours a pipe; NO_COLOR and --no-color do not', async () => {
		const forced = { FORCE_COLOR: '1' };
		assert.match((await run(['shp'], { env: forced })).stderr, '\u001b[');
		assert.match((await run(['graph'], { env: forced })).stdout, '\u001b[');
		assert.not.match((await run(['shp', '--no-color'], { env: forced })).stderr, '\u001b');
		assert.not.match((await run(['graph', '--no-color'], { env: forced })).stdout, '\u001b');
		assert.not.match((await run(['shp'], { env: { NO_COLOR: '1' } })).stderr, '\u001b');
	});

	test('a reader that goes away is no failure', async () => {
		const command = slipwayArgv(['graph', '--json'])
			.map((word) => `'${word}'`)
			.join(' ');
		const script = `${command} | true; echo "exit \${PIPESTATUS[0]}"`;
		const { stdout, stderr } = await runProcess(['bash', '-c', script], { cwd: layout.conductor, env });
		assert.is(stdout, 'exit 0\n');
		assert.is(stderr, '');
	});
});
