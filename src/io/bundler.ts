import type { CommandResult, CommandRunner } from './command.ts';

export interface LockOptions {
	readonly timeoutMs: number;
	readonly signal: AbortSignal;
	readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
}

export interface Bundler {
	/**
	 * Moves the lock file in `dir` to the newest admitted versions of `gems`, and of nothing else that
	 * does not have to follow. The Bundler that runs is the one that the lock names.
	 */
	lock(dir: string, gems: readonly string[], options: LockOptions): Promise<CommandResult>;
}

/** Real `bundle lock`, with Bundler's own configuration for sources and credentials. */
export function createBundler(commands: CommandRunner): Bundler {
	return {
		lock: (dir, gems, options) =>
			commands.run({
				argv: ['bundle', 'lock', '--conservative', '--update', ...gems],
				cwd: dir,
				env: { BUNDLE_GEMFILE: `${dir}/Gemfile`, BUNDLE_FROZEN: 'false', BUNDLE_DEPLOYMENT: 'false' },
				...options,
			}),
	};
}
