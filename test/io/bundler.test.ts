import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parseLock } from '../../src/gemfile/lock.ts';
import { createBundler, type LockJob } from '../../src/io/bundler.ts';
import { type CommandRunner, createCommandRunner } from '../../src/io/command.ts';
import { buildFleet, type Fleet } from '../support/fleet.ts';
import { type GemServer, startGemServer } from '../support/gem-server.ts';
import { suite } from '../support/suite.ts';
import { loadToolchain } from '../support/toolchain.ts';

interface Stage {
	readonly fleet: Fleet;
	readonly commands: CommandRunner;
	readonly folder: string;
}

/** Real gems on a real server; the fleet's environment finds both Bundlers. */
async function onStage(play: (stage: Stage) => Promise<void>): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'slipway-bundler-'));
	const gemServer: GemServer = await startGemServer({ dir: join(folder, 'gems') });
	try {
		const fleet = await buildFleet({ dir: join(folder, 'fleet'), gemServer, satellites: 0 });
		await play({ fleet, commands: createCommandRunner(fleet.env), folder });
	} finally {
		await gemServer.stop();
		rmSync(folder, { recursive: true, force: true });
	}
}

/** An app whose lock is behind what its Gemfile now asks for. */
function bundle({ fleet, folder }: Stage, name: string, bundledWith: string): LockJob {
	const dir = mkdtempSync(join(folder, `${name}-`));
	writeFileSync(join(dir, 'Gemfile'), `source "${fleet.gemServerUrl}"\ngem "studio-engine"\n`);
	const lock = [
		'GEM',
		`  remote: ${fleet.gemServerUrl}/`,
		'  specs:',
		'    studio-engine (0.0.1)',
		'',
		'PLATFORMS',
		'  ruby',
		'',
		'DEPENDENCIES',
		'  studio-engine',
		'',
		'BUNDLED WITH',
		`   ${bundledWith}`,
		'',
	];
	writeFileSync(join(dir, 'Gemfile.lock'), lock.join('\n'));
	return { dir, gems: ['studio-engine'], bundledWith };
}

function lockOptions(heard: string[] = [], signal = new AbortController().signal) {
	return { timeoutMs: 30_000, signal, onLine: (_stream: string, line: string) => void heard.push(line) };
}

const lockedIn = ({ dir }: LockJob) => parseLock(readFileSync(join(dir, 'Gemfile.lock'), 'utf8'));

suite('bundler: one start for many locks', (test) => {
	test('locks of one Bundler share one process, and each lock moves', () =>
		onStage(async (stage) => {
			const bundler = createBundler(stage.commands, stage.fleet.env.PATH ?? '');
			const { bundler: version } = loadToolchain();
			const jobs = ['a', 'b', 'c'].map((name) => bundle(stage, name, version));
			const heard: string[] = [];
			const results = await Promise.all(jobs.map((job) => bundler.lock(job, lockOptions(heard))));
			bundler.close();
			assert.equal(
				results.map((result) => result.exitCode),
				[0, 0, 0],
			);
			for (const job of jobs) assert.is(lockedIn(job).gems.get('studio-engine')?.[0]?.version, '0.1.0');
			assert.equal([...stage.commands.started], [['ruby', 1]]);
			assert.is(heard.filter((line) => line.startsWith('Writing lockfile')).length, 3);
		}));

	test('the Bundler that runs is the one that the lock names', () =>
		onStage(async (stage) => {
			const bundler = createBundler(stage.commands, stage.fleet.env.PATH ?? '');
			const { bundler: older, newerBundler: newer } = loadToolchain();
			const [old, young] = [bundle(stage, 'old', older), bundle(stage, 'young', newer)];
			await Promise.all([bundler.lock(old, lockOptions()), bundler.lock(young, lockOptions())]);
			bundler.close();
			assert.is(lockedIn(old).bundledWith, older);
			assert.is(lockedIn(young).bundledWith, newer);
			assert.is(stage.commands.started.get('ruby'), 2);
		}));

	test('what Bundler says and how it ends is what a plain start gives', () =>
		onStage(async (stage) => {
			const bundler = createBundler(stage.commands, stage.fleet.env.PATH ?? '');
			const job = bundle(stage, 'app', loadToolchain().bundler);
			writeFileSync(join(job.dir, 'Gemfile'), `source "${stage.fleet.gemServerUrl}"\ngem "no-such-gem"\n`);
			const shared = await bundler.lock({ ...job, gems: ['no-such-gem'] }, lockOptions());
			bundler.close();
			const env = { BUNDLE_GEMFILE: join(job.dir, 'Gemfile') };
			const argv = ['bundle', 'lock', '--conservative', '--update', 'no-such-gem'] as const;
			const plain = await stage.commands.run({ argv, cwd: job.dir, env, timeoutMs: 30_000 });
			assert.is.not(shared.exitCode, 0);
			assert.is(shared.exitCode, plain.exitCode);
			assert.is(shared.stderr.toString(), plain.stderr.toString());
			assert.equal(shared.argv, argv);
		}));

	test('a Ruby that can not host it starts Bundler as usual', () =>
		onStage(async (stage) => {
			const bin = mkdtempSync(join(stage.folder, 'bin-'));
			writeFileSync(join(bin, 'ruby'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
			const path = `${bin}:${stage.fleet.env.PATH}`;
			const commands = createCommandRunner({ ...stage.fleet.env, PATH: path });
			const job = bundle(stage, 'app', loadToolchain().bundler);
			const result = await createBundler(commands, path).lock(job, lockOptions());
			assert.is(result.exitCode, 0);
			assert.is(lockedIn(job).gems.get('studio-engine')?.[0]?.version, '0.1.0');
			assert.is(commands.started.get('bundle'), 1);
		}));

	test('a cancelled lock is stopped and says so', () =>
		onStage(async (stage) => {
			const bundler = createBundler(stage.commands, stage.fleet.env.PATH ?? '');
			const job = bundle(stage, 'app', loadToolchain().bundler);
			const reached = join(job.dir, 'reached');
			// The Gemfile is Ruby: this one says that it was reached, and then waits until it is stopped.
			writeFileSync(
				join(job.dir, 'Gemfile'),
				`File.write(${JSON.stringify(reached)}, ""); puts "reached"; $stdout.flush; sleep\n`,
			);
			const cancel = new AbortController();
			const options = { ...lockOptions([], cancel.signal), onLine: () => cancel.abort() };
			const result = await bundler.lock(job, options);
			bundler.close();
			assert.ok(existsSync(reached));
			assert.is(result.exitCode, null);
			assert.is(result.ended, 'cancelled');
		}));
});
