import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type Finished, runProcess } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { NODE, ROOT } from '../support/toolchain.ts';

/** A machine of stand-ins: a PATH on which every program only notes how it was called. */
interface Machine {
	readonly dir: string;
	/** Runs ensureToolchain with the stamp that an earlier run left, and prints the new one. */
	ensure(stamp?: unknown): Promise<Finished>;
	calls(): string[];
	install(program: string, script: string): void;
}

const RUBY = 'case "$*" in *Platform*) printf "ruby-3.1.0 x86_64-linux";; *) printf "$DIR/include/ruby.h";; esac';
const GEM = 'mkdir -p "$GEM_HOME/gems"; echo "$*" > "$GEM_HOME/gems/$$"';
const PROGRAM = `
import { ensureToolchain, Missing } from ${JSON.stringify(`${ROOT}scripts/toolchain.mjs`)};
const stamp = JSON.parse(process.argv[1]);
try {
	const changed = ensureToolchain(stamp);
	console.log(JSON.stringify({ changed, stamp }));
} catch (error) {
	if (!(error instanceof Missing)) throw error;
	console.error(error.message);
	process.exit(1);
}`;

async function onMachine(body: (machine: Machine) => Promise<void>): Promise<void> {
	const dir = mkdtempSync(join(tmpdir(), 'slipway-machine-'));
	const bin = join(dir, 'bin');
	const install = (program: string, script: string) => {
		writeFileSync(join(bin, program), `#!/bin/sh\nDIR=${dir}\necho "${program} $*" >> ${dir}/calls\n${script}\n`);
		chmodSync(join(bin, program), 0o755);
	};
	try {
		mkdirSync(bin);
		mkdirSync(join(dir, 'include'));
		writeFileSync(join(dir, 'include', 'ruby.h'), '');
		for (const tool of ['mkdir', 'sh']) symlinkSync(`/bin/${tool}`, join(bin, tool));
		for (const program of ['git', 'redis-server', 'make', 'cc']) install(program, '');
		install('ruby', RUBY);
		install('bundle', 'echo "Bundler version 2.3.15"');
		install('gem', GEM);
		await body({
			dir,
			install,
			calls: () =>
				existsSync(join(dir, 'calls')) ? readFileSync(join(dir, 'calls'), 'utf8').trimEnd().split('\n') : [],
			ensure: (stamp = {}) =>
				runProcess([NODE, '--input-type=module', '-e', PROGRAM, JSON.stringify(stamp)], {
					env: { PATH: bin, HOME: dir, XDG_CACHE_HOME: join(dir, 'cache') },
				}),
		});
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

const cached = (machine: Machine) => readdirSync(join(machine.dir, 'cache', 'slipway'));

suite('bootstrap: programs and gem home', (test) => {
	test('the first run makes the gem home, the second starts nothing', () =>
		onMachine(async (machine) => {
			const first = JSON.parse((await machine.ensure()).stdout);
			assert.is(first.changed, true);
			assert.is(first.stamp.toolchain.bundler, '2.3.15');
			assert.equal(readdirSync(first.stamp.toolchain.gemHome).sort(), ['bundler', 'server']);
			const before = machine.calls();
			assert.ok(before.some((call) => /^gem install .*geminabox:4\.0\.1 puma:8/.test(call)));
			const second = JSON.parse((await machine.ensure(first.stamp)).stdout);
			assert.is(second.changed, false);
			assert.equal(machine.calls(), before);
		}));

	test('two bootstraps at once both find one whole gem home', () =>
		onMachine(async (machine) => {
			const runs = await Promise.all([machine.ensure(), machine.ensure(), machine.ensure()]);
			const homes = new Set(runs.map((run) => JSON.parse(run.stdout).stamp.toolchain.gemHome));
			assert.is(homes.size, 1);
			assert.is(cached(machine).length, 1);
		}));

	test('a gem home that could not be made leaves nothing behind and says what to run', () =>
		onMachine(async (machine) => {
			machine.install('gem', 'exit 2');
			const run = await machine.ensure();
			assert.is(run.code, 1);
			assert.match(run.stderr, /By hand: gem install/);
			assert.equal(cached(machine), []);
		}));

	test('a program that is missing is installed with apt-get', () =>
		onMachine(async (machine) => {
			rmSync(join(machine.dir, 'bin', 'redis-server'));
			machine.install('sudo', '"$@"');
			machine.install('apt-get', '');
			const run = await machine.ensure();
			assert.is(run.code, 0, run.stderr);
			assert.match(run.stderr, 'missing: redis-server');
			const wanted = 'apt-get install -y -qq --no-install-recommends redis-server';
			assert.ok(machine.calls().includes(wanted), machine.calls().join('\n'));
		}));

	test('without a package manager the message holds the command', () =>
		onMachine(async (machine) => {
			for (const program of ['ruby', 'bundle']) rmSync(join(machine.dir, 'bin', program));
			const run = await machine.ensure();
			assert.is(run.code, 1);
			assert.match(run.stderr, /could not install ruby, bundle\. Install it by hand/);
			assert.match(run.stderr, /apt-get install .*ruby bundler ruby-dev build-essential/);
		}));
});

suite('bootstrap: command line', (test) => {
	for (const args of [[], ['constructor'], ['deploy']]) {
		test(`${args[0] ?? 'no target'}: usage, exit 2`, async () => {
			const run = await runProcess([NODE, `${ROOT}scripts/bootstrap.mjs`, ...args]);
			assert.is(run.code, 2);
			assert.match(run.stderr, 'usage: node scripts/bootstrap.mjs demo|test|check');
		});
	}
});
