import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { ROOT } from './tree.ts';

const BIN = join(ROOT, 'node_modules/.bin');

interface ToolResult {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs a program of node_modules/.bin in `cwd`, under the Node of this project. Throws when it cannot start. */
export function tool(name: string, args: readonly string[], cwd: string): ToolResult {
	const env = { ...process.env, PATH: [BIN, process.env.PATH].join(delimiter), NO_COLOR: '1' };
	const done = spawnSync(join(BIN, name), args, { cwd, env, encoding: 'utf8' });
	if (done.error) throw done.error;
	return { code: done.status, stdout: done.stdout, stderr: done.stderr };
}
