import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet } from '../support/fleet.ts';
import { startGroup } from '../support/process.ts';
import { slipway, slipwayArgv } from '../support/slipway.ts';
import { type Arena, openArena, stateOf } from './arena.ts';

/** A command of the CLI while it runs. */
export interface Running {
	readonly pid: number;
	/** What it printed so far, on both streams. */
	readonly output: () => string;
	readonly stdin: NodeJS.WritableStream;
	readonly ended: Promise<Ended>;
}

export interface Ended {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Starts the real CLI, to be met while it works; `argv` may be another program that starts it. */
export function start(
	fleet: Pick<Fleet, 'env' | 'layout'>,
	args: readonly string[],
	options: { readonly argv?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Running {
	const env = { ...fleet.env, ...options.env };
	const child = startGroup(options.argv ?? slipwayArgv(args), { cwd: fleet.layout.conductor, env });
	const closed = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => resolve({ code, signal }));
	});
	const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
	const ended = closed.then((end) => ({ ...end, stdout: stdout(), stderr: stderr() }));
	return { pid: child.pid ?? 0, output: () => stdout() + stderr(), stdin: child.stdin, ended };
}

function gather(stream: NodeJS.ReadableStream): () => string {
	let said = '';
	stream.setEncoding('utf8').on('data', (chunk: string) => {
		said += chunk;
	});
	return () => said;
}

/** Looks again until something is so; for what has no event to wait for. Rejects after ten seconds. */
export async function until<T>(what: string, look: () => T | null | undefined | false): Promise<T> {
	for (const end = performance.now() + 10_000; performance.now() < end; await pause(20)) {
		const seen = look();
		if (seen) return seen;
	}
	throw new Error(`waited in vain: ${what}`);
}

/** The text of the lock's owner file; null while nobody holds it. */
export function lockOwner(fleet: Fleet): { readonly id: string; readonly run: string } | null {
	const file = join(stateOf(fleet), 'train.lock.json');
	return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/**
 * Gives the tests of a suite one arena whose train is assembled, set back before each of them and closed
 * after the last.
 */
export function assembledArena(satellites = 2): (body: (arena: Arena) => Promise<void>) => () => Promise<void> {
	let opened: Promise<Arena> | null = null;
	let waiting = 0;
	const enter = async () => {
		if (opened !== null) {
			const arena = await opened;
			await arena.restore();
			return arena;
		}
		opened = openAssembled(satellites);
		return opened;
	};
	return (body) => {
		waiting += 1;
		return async () => {
			try {
				await body(await enter());
			} finally {
				waiting -= 1;
				if (waiting === 0) await (await opened)?.close();
			}
		};
	};
}

async function openAssembled(satellites: number): Promise<Arena> {
	const arena = await openArena({ satellites });
	const { code, stderr } = await slipway(arena.fleet, ['prepare', '--yes']);
	if (code !== 0) throw new Error(`prepare: exit ${code}\n${stderr}`);
	await arena.save();
	return arena;
}
