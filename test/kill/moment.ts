import { setTimeout as pause } from 'node:timers/promises';
import type { Arena } from './arena.ts';
import { kill, killTree } from './processes.ts';
import { start } from './running.ts';

/** As long as a whole train takes on a quiet machine. */
const LONGEST_MS = 3_000;

/**
 * Kills a command, mostly with all that it started, at a moment that nobody chose: the one pause of the
 * tests that waits for nothing. Tells what it did, so that a failure can be understood.
 */
export async function killSomewhere(arena: Arena, args: readonly string[], random: () => number): Promise<string> {
	const [ms, alone] = [Math.round(random() * LONGEST_MS), random() < 0.3];
	const running = start(arena.fleet, args);
	await pause(ms);
	if (alone) kill(running.pid, 'SIGKILL');
	else killTree(running.pid);
	const { code } = await running.ended;
	return `${alone ? 'the command alone' : 'everything'} after ${ms} ms${code === null ? '' : `, exit ${code}`}`;
}
