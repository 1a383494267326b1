import { existsSync } from 'node:fs';
import type { Fleet } from './fleet.ts';
import { type Finished, runProcess } from './process.ts';
import { NODE, ROOT } from './toolchain.ts';

export interface SlipwayOptions {
	/** Added to the operator's environment. */
	readonly env?: Readonly<Record<string, string>>;
	readonly input?: string;
	/** The registry's folder when absent. */
	readonly cwd?: string;
	readonly timeoutMs?: number;
}

const CLI = `${ROOT}dist/cli.js`;
const TIMEOUT_MS = 120_000;

/** The command line of the built CLI, on the project's own Node. */
export function slipwayArgv(args: readonly string[]): string[] {
	if (!existsSync(CLI)) throw new Error('dist/cli.js is not built: run `npm test`, or `npm run build`');
	return [NODE, CLI, ...args];
}

/** Runs the real CLI to its end as the operator of a fleet would; any exit code is a result. */
export function slipway(
	fleet: Pick<Fleet, 'env' | 'layout'>,
	args: readonly string[],
	options: SlipwayOptions = {},
): Promise<Finished> {
	const { env, cwd = fleet.layout.conductor, timeoutMs = TIMEOUT_MS, ...rest } = options;
	return runProcess(slipwayArgv(args), { ...rest, cwd, timeoutMs, env: { ...fleet.env, ...env } });
}
