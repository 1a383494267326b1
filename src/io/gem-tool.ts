import type { Argv } from '../core/argv.ts';
import type { CommandResult, CommandRunner } from './command.ts';

export interface GemRunOptions {
	readonly timeoutMs: number;
	readonly signal: AbortSignal;
	readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
}

export interface GemPushOptions extends GemRunOptions {
	/** A one-time password: lent to this one process by its environment, as arguments are seen by everyone. */
	readonly otp: string | null;
}

export interface GemTool {
	/** `gem build`, or the repository's own command, dated by the commit so that the bytes repeat. */
	build(dir: string, input: BuildInput, options: GemRunOptions): Promise<CommandResult>;
	/**
	 * `gem push` of one file. The key is RubyGems' own business: its environment or credentials file; so is
	 * the one-time password in GEM_HOST_OTP_CODE, where `otp` gives none. Says with `--verbose` what the server's status was.
	 */
	push(file: string, registry: string, options: GemPushOptions): Promise<CommandResult>;
}

export interface BuildInput {
	readonly gemspec: string;
	/** Seconds since 1970: the committer time of the commit (2-train.md §6, "Identity by rebuild"). */
	readonly epochSeconds: number;
	readonly command: Argv | null;
	/** Where the gem goes, when it is not `command` that decides. */
	readonly output: string;
}

/** Without it the locale decides whether a name that is not ASCII can be read. */
const UTF_8 = '-EUTF-8';

export function createGemTool(commands: CommandRunner): GemTool {
	return {
		build: (dir, input, options) =>
			commands.run({
				argv: input.command ?? ['gem', 'build', input.gemspec, '--output', input.output],
				cwd: dir,
				env: { SOURCE_DATE_EPOCH: String(input.epochSeconds), RUBYOPT: UTF_8 },
				...options,
			}),
		push: (file, registry, { otp, ...options }) =>
			commands.run({
				argv: ['gem', 'push', '--verbose', '--host', registry, file],
				env: otp === null ? {} : { GEM_HOST_OTP_CODE: otp },
				...options,
			}),
	};
}
