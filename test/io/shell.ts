import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type CommandResult, type CommandSpec, createCommandRunner } from '../../src/io/command.ts';

/** All that the environment of a command is, besides what is added. */
export const BASE = { PATH: process.env.PATH ?? '', BASE: 'from the base' };

type Line = readonly ['stdout' | 'stderr', string];
export interface Ran {
	readonly result: CommandResult;
	readonly lines: readonly Line[];
}

/** Runs a script for sh with arguments $1, $2, …; `onLine` may steer it while it runs. */
export async function sh(
	script: string,
	more: Partial<CommandSpec> & { readonly args?: readonly string[] } = {},
): Promise<Ran> {
	const { args = [], onLine, ...spec } = more;
	const lines: Line[] = [];
	const result = await createCommandRunner(BASE).run({
		argv: ['sh', '-c', script, 'sh', ...args],
		timeoutMs: 30_000,
		onLine: (stream, line) => {
			lines.push([stream, line]);
			onLine?.(stream, line);
		},
		...spec,
	});
	return { result, lines };
}

export const stdoutOf = ({ result }: Ran) => result.stdout.toString('utf8');
export const linesOf = ({ lines }: Ran) => lines.map(([, line]) => line);

/** A pipe with a name: reading it ends when the last process that holds it for writing has ended. */
export function fifoIn(folder: string, name = 'fifo'): string {
	const path = join(folder, name);
	execFileSync('mkfifo', [path]);
	return path;
}
