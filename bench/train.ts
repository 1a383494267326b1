/**
 * `node bench/train.ts [--satellites=1,10,50] [--rounds=3]`: how long a ship takes, beside a plain
 * sequential script that runs the same git, gem and bundle commands and checks nothing. Each round
 * builds two equal fleets with a gem server each, prepares both, and times one by Slipway and one by
 * the script, in turn, the order reversed every other round; medians are printed as ratios.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildFleet, type Fleet } from '../test/support/fleet.ts';
import { type GemServer, startGemServer } from '../test/support/gem-server.ts';
import { slipway } from '../test/support/slipway.ts';
import { type SmokeServer, startSmokeServer } from '../test/support/smoke-server.ts';
import { longestPathMs, type TimedTask } from './critical-path.ts';
import { plainScript } from './plain-script.ts';

interface Sandbox {
	readonly fleet: Fleet;
	readonly gemServer: GemServer;
	readonly smoke: SmokeServer;
	readonly dir: string;
}

interface Timed {
	readonly shipMs: number;
	readonly criticalMs: number;
	readonly processes: string;
	readonly scriptMs: number;
}

async function openSandbox(satellites: number): Promise<Sandbox> {
	const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
	const gemServer = await startGemServer({ dir: join(dir, 'gems') });
	const smoke = await startSmokeServer(join(dir, 'fleet'));
	const fleet = await buildFleet({ dir: join(dir, 'fleet'), gemServer, smokeUrl: smoke.url, satellites });
	await expectOk(fleet, ['prepare', '--yes', '--quiet']);
	return { fleet, gemServer, smoke, dir };
}

async function closeSandbox({ gemServer, smoke, dir }: Sandbox): Promise<void> {
	await gemServer.stop();
	await smoke.stop();
	rmSync(dir, { recursive: true, force: true });
}

async function expectOk(fleet: Fleet, args: readonly string[]): Promise<string> {
	const { code, stdout, stderr } = await slipway(fleet, args);
	if (code !== 0) throw new Error(`slipway ${args.join(' ')} exited ${code}\n${stdout}${stderr}`);
	return stderr;
}

async function timeShip({ fleet }: Sandbox): Promise<Pick<Timed, 'shipMs' | 'criticalMs' | 'processes'>> {
	const startedAt = performance.now();
	const stderr = await expectOk(fleet, ['ship', '--yes', '--verbose']);
	const shipMs = performance.now() - startedAt;
	const processes = /processes started: (.*)/.exec(stderr)?.[1] ?? '';
	return { shipMs, criticalMs: longestPathMs(await timedTasks(fleet)), processes };
}

/** The needs of each task from the graph, its duration from the journal of the newest run. */
async function timedTasks(fleet: Fleet): Promise<TimedTask[]> {
	const runs = join(fleet.layout.conductor, '.slipway', 'runs');
	const newest = readdirSync(runs).sort().at(-1) ?? '';
	const lines = readFileSync(join(runs, newest, 'journal.ndjson'), 'utf8')
		.trimEnd()
		.split('\n');
	const took = new Map<string, number>();
	for (const line of lines) {
		const { task, data } = JSON.parse(line) as { task?: string; data: { ms?: number } };
		if (task !== undefined && data.ms !== undefined) took.set(task, data.ms);
	}
	const { stdout } = await slipway(fleet, ['graph', '--json']);
	const { nodes } = JSON.parse(stdout) as { nodes: { id: string; needs: string[] }[] };
	return nodes.map(({ id, needs }) => ({ id, needs, ms: took.get(id) ?? 0 }));
}

function timeScript({ fleet }: Sandbox): number {
	const file = join(fleet.dir, 'ship.sh');
	writeFileSync(file, plainScript(fleet));
	const startedAt = performance.now();
	const { status, stderr } = spawnSync('/bin/sh', ['-eu', file], {
		env: { ...fleet.env },
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const ms = performance.now() - startedAt;
	if (status !== 0) throw new Error(`the script exited ${status}\n${stderr.toString()}`);
	return ms;
}

async function oneRound(satellites: number, scriptFirst: boolean): Promise<Timed> {
	const [byScript, byShip] = [await openSandbox(satellites), await openSandbox(satellites)];
	try {
		const before = scriptFirst ? timeScript(byScript) : null;
		const ship = await timeShip(byShip);
		return { ...ship, scriptMs: before ?? timeScript(byScript) };
	} finally {
		await closeSandbox(byScript);
		await closeSandbox(byShip);
	}
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const { values } = parseArgs({
	options: { satellites: { type: 'string', default: '1,10,50' }, rounds: { type: 'string', default: '3' } },
});
const cores = cpus().length;
console.log(
	`${cores} cores, ${cpus()[0]?.model.trim()}; medians of ${values.rounds} rounds; limit = the script's commands spread over all cores\n`,
);
console.log('| satellites | script s | limit s | slipway s | ÷ script | ÷ limit | critical path s | ÷ critical path |');
console.log('|---|---|---|---|---|---|---|---|');
const started: string[] = [];
for (const satellites of values.satellites.split(',').map(Number)) {
	const rounds: Timed[] = [];
	for (let round = 0; round < Number(values.rounds); round++) rounds.push(await oneRound(satellites, round % 2 === 0));
	const of = (pick: (timed: Timed) => number) => median(rounds.map(pick)) / 1000;
	const [script, ship, critical] = [of((t) => t.scriptMs), of((t) => t.shipMs), of((t) => t.criticalMs)];
	const limit = script / cores;
	const cells = [
		satellites,
		script.toFixed(2),
		limit.toFixed(2),
		ship.toFixed(2),
		(ship / script).toFixed(2),
		(ship / limit).toFixed(2),
		critical.toFixed(2),
		(ship / critical).toFixed(2),
	];
	console.log(`| ${cells.join(' | ')} |`);
	started.push(`${satellites} satellites, processes started by one ship: ${rounds[0]?.processes}`);
}
console.log(`\n${started.join('\n')}`);
