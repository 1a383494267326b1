/**
 * `npm run demo`: a whole fleet on this machine, shipped by the real CLI. Everything lives under
 * .sandbox/demo and stays there: a second run finds the train shipped and has nothing left to do.
 * `npm run demo -- --fresh` starts over.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { buildFleet, describeFleet, type Fleet } from '../test/support/fleet.ts';
import { type GemServer, startGemServer } from '../test/support/gem-server.ts';
import { slipway, slipwayArgv } from '../test/support/slipway.ts';
import { type SmokeServer, startSmokeServer } from '../test/support/smoke-server.ts';
import { ROOT } from '../test/support/toolchain.ts';
import { describeWorld } from './demo-world.ts';

const SANDBOX = join(ROOT, '.sandbox', 'demo');
const FLEET_DIR = join(SANDBOX, 'fleet');
/** Written last: a sandbox without it is half built. Ports are in lock files, so they must stay. */
const STATE_FILE = join(SANDBOX, 'demo.json');

interface DemoState {
	readonly gemPort: number;
	readonly smokePort: number;
	readonly apiKey: string;
	/** The sandbox is full of absolute paths: of no use in another folder. */
	readonly dir: string;
}

interface Sandbox {
	readonly fleet: Fleet;
	readonly gemServer: GemServer;
	readonly smoke: SmokeServer;
}

const bold = (text: string) => (process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[1m${text}\u001b[22m` : text);

async function createSandbox(): Promise<Sandbox> {
	console.log('Building a fleet in .sandbox/demo: two gems, a hub, four satellites, a gem server.');
	rmSync(SANDBOX, { recursive: true, force: true });
	const gemServer = await startGemServer({ dir: join(SANDBOX, 'gems') });
	const smoke = await startSmokeServer(FLEET_DIR);
	const fleet = await buildFleet({ dir: FLEET_DIR, gemServer, smokeUrl: smoke.url });
	const state: DemoState = { gemPort: gemServer.port, smokePort: smoke.port, apiKey: gemServer.apiKey, dir: FLEET_DIR };
	writeFileSync(STATE_FILE, JSON.stringify(state, null, '\t'), { mode: 0o600 });
	return { fleet, gemServer, smoke };
}

/** What an earlier run left; null when it was never finished, or made for another folder. */
function loadState(): DemoState | null {
	if (!existsSync(STATE_FILE)) return null;
	const state = JSON.parse(readFileSync(STATE_FILE, 'utf8')) as DemoState;
	return state.dir === FLEET_DIR ? state : null;
}

async function reopenSandbox({ gemPort, smokePort, apiKey }: DemoState): Promise<Sandbox> {
	console.log('Using the fleet in .sandbox/demo again; `npm run demo -- --fresh` builds a new one.');
	const gemServer = await startGemServer({ dir: join(SANDBOX, 'gems'), port: gemPort, apiKey });
	const smoke = await startSmokeServer(FLEET_DIR, smokePort);
	return { fleet: describeFleet({ dir: FLEET_DIR, gemServer }), gemServer, smoke };
}

function operatorEnv(fleet: Fleet): Record<string, string> {
	const shown = ['TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR', 'CI'].flatMap((name) => {
		const value = process.env[name];
		return value === undefined ? [] : [[name, value] as const];
	});
	return { ...fleet.env, ...Object.fromEntries(shown) };
}

/** Runs one command of the CLI on this very terminal, so that its live view shows; gives its exit code. */
function runStep(fleet: Fleet, args: readonly string[]): Promise<number> {
	console.log(`\n${bold(`$ slipway ${args.join(' ')}`)}`);
	const [node = '', ...rest] = slipwayArgv(args);
	const child = spawn(node, rest, { cwd: fleet.layout.conductor, env: operatorEnv(fleet), stdio: 'inherit' });
	const pass = (signal: NodeJS.Signals) => () => {
		// A terminal has sent its Ctrl-C to the child already.
		if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
	};
	const [onInterrupt, onTerminate] = [pass('SIGINT'), pass('SIGTERM')];
	process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code, signal) => {
			process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate);
			resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
		});
	});
}

/** Where an earlier run of the demo left the train: its record's state, or null before the first. */
async function recordState(fleet: Fleet): Promise<string | null> {
	const { code, stdout, stderr } = await slipway(fleet, ['status', '--json']);
	if (code !== 0) throw new Error(`slipway status --json: exit ${code}\n${stderr}`);
	return (JSON.parse(stdout) as { record: { state: string } | null }).record?.state ?? null;
}

async function plannedSteps(fleet: Fleet): Promise<string[][]> {
	const state = await recordState(fleet);
	const ready = state === 'assembled' || state === 'shipped';
	return [
		...(ready ? [] : [['init'], ['prepare', '--yes']]),
		['ship', '--dry-run'],
		['ship', '--yes'],
		['status'],
		// Everything is live now: this one changes nothing.
		['ship', '--yes'],
	];
}

async function play({ fleet, gemServer }: Sandbox): Promise<number> {
	console.log('Stop it anywhere with Ctrl-C and run it again: it goes on from what is live.');
	for (const step of await plannedSteps(fleet)) {
		const code = await runStep(fleet, step);
		if (code !== 0) return code;
	}
	console.log(`\n${bold('The world now, read from git, the gem server and the apps:')}\n`);
	console.log(await describeWorld(fleet, gemServer));
	return 0;
}

async function openSandbox(): Promise<Sandbox> {
	const state = process.argv.includes('--fresh') ? null : loadState();
	if (!state) return createSandbox();
	try {
		return await reopenSandbox(state);
	} catch (error) {
		console.error(`demo: ${error instanceof Error ? error.message.trim() : error}`);
		console.error('The sandbox needs its old ports. Free them, or start over: npm run demo -- --fresh');
		process.exit(1);
	}
}

const sandbox = await openSandbox();
try {
	process.exitCode = await play(sandbox);
} finally {
	await Promise.all([sandbox.gemServer.stop(), sandbox.smoke.stop()]);
}
