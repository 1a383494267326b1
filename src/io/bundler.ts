import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Argv } from '../core/argv.ts';
import { findProgram } from './artifacts.ts';
import { BUNDLER_PROGRAM } from './bundler-program.ts';
import type { CommandResult, CommandRunner, Conversation } from './command.ts';
import { readIfExists } from './files.ts';

export interface LockOptions {
	readonly timeoutMs: number;
	readonly signal: AbortSignal;
	readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
}

/** A folder with a Gemfile and its lock. */
export interface Bundle {
	readonly dir: string;
	/** `BUNDLED WITH` of the lock as it is: locks of one Bundler share its start. */
	readonly bundledWith: string | null;
}

export interface LockJob extends Bundle {
	readonly gems: readonly string[];
}

export interface Bundler {
	/**
	 * Moves the lock file in `dir` to the newest admitted versions of `gems`, and of nothing else that
	 * does not have to follow. The Bundler that runs is the one that the lock names.
	 */
	lock(job: LockJob, options: LockOptions): Promise<CommandResult>;
	/** Starts now what a lock there will need. */
	warm(bundle: Bundle): Promise<void>;
	/** Ends what was started for all locks. */
	close(): void;
}

/**
 * Real `bundle lock`, with Bundler's own configuration for sources and credentials. Starting Ruby and
 * loading Bundler is most of a lock's time, so it is done once for all locks of one Bundler; where
 * that can't be (a Ruby without fork, a host that died) Bundler is started as usual.
 */
export function createBundler(commands: CommandRunner, searchPath: string): Bundler {
	const hosts = new Map<string, Promise<Host | null>>();
	const hostFor = async (job: Bundle): Promise<Host | null> => {
		const key = await hostKey(job);
		const opened = hosts.get(key) ?? openHost(commands, job);
		hosts.set(key, opened);
		return opened;
	};
	return {
		lock: async (job, options) => {
			const program = await findProgram('bundle', searchPath);
			const host = program === null ? null : await hostFor(job);
			const shared = host && program ? await host.run(job, { ...options, program }) : null;
			return shared ?? commands.run({ argv: argvOf(job), cwd: job.dir, env: envOf(job), ...options });
		},
		warm: async (bundle) => {
			await hostFor(bundle);
		},
		close: () => {
			for (const host of hosts.values()) void host.then((open) => open?.close());
		},
	};
}

/** Files by which version managers choose a Ruby for a folder: another Ruby is another host. */
const RUBY_CHOICES = ['.ruby-version', '.tool-versions', 'mise.toml', '.mise.toml'];

async function hostKey({ dir, bundledWith }: Bundle): Promise<string> {
	const choices = await Promise.all(RUBY_CHOICES.map((name) => readIfExists(join(dir, name))));
	return JSON.stringify([bundledWith, ...choices]);
}

function argvOf({ gems }: LockJob): Argv {
	return ['bundle', 'lock', '--conservative', '--update', ...gems];
}

function envOf({ dir }: Bundle): Record<string, string> {
	return { BUNDLE_GEMFILE: `${dir}/Gemfile`, BUNDLE_FROZEN: 'false', BUNDLE_DEPLOYMENT: 'false' };
}

interface Host {
	/** Null when the host ended before it answered: then nothing is known of the job, and it may run again. */
	run(job: LockJob, options: LockOptions & { readonly program: string }): Promise<CommandResult | null>;
	close(): void;
}

interface Answer {
	readonly ready?: true;
	readonly id?: number;
	readonly stream?: 'stdout' | 'stderr';
	readonly line?: string;
	readonly exit?: number | null;
	readonly signal?: number | null;
}

interface Pending {
	readonly onLine: LockOptions['onLine'];
	readonly said: { stdout: string; stderr: string };
	readonly settle: (answer: Answer | null) => void;
}

async function openHost(commands: CommandRunner, first: Bundle): Promise<Host | null> {
	const conversation = await commands.converse({
		argv: ['ruby', '-e', BUNDLER_PROGRAM],
		cwd: first.dir,
		env: envOf(first),
	});
	const pending = new Map<number, Pending>();
	const isReady = await listen(conversation, pending);
	if (!isReady) return null;
	let jobs = 0;
	return {
		run: (job, options) => {
			jobs += 1;
			return converse(conversation, pending, { id: jobs, job, options });
		},
		close: () => conversation.end(),
	};
}

/** Hands each answer to the job it is about; gives whether the host came up at all. */
function listen(conversation: Conversation, pending: Map<number, Pending>): Promise<boolean> {
	return new Promise((resolve) => {
		createInterface({ input: conversation.stdout }).on('line', (text) => {
			const answer = JSON.parse(text) as Answer;
			if (answer.ready) resolve(true);
			const job = pending.get(answer.id ?? 0);
			if (!job) return;
			if (answer.stream === undefined) return job.settle(answer);
			job.said[answer.stream] += `${answer.line ?? ''}\n`;
			job.onLine(answer.stream, answer.line ?? '');
		});
		void conversation.closed.then(() => {
			resolve(false);
			for (const job of pending.values()) job.settle(null);
		});
	});
}

interface Started {
	readonly id: number;
	readonly job: LockJob;
	readonly options: LockOptions & { readonly program: string };
}

async function converse(
	{ stdin }: Conversation,
	pending: Map<number, Pending>,
	{ id, job, options }: Started,
): Promise<CommandResult | null> {
	const startedAt = performance.now();
	const said = { stdout: '', stderr: '' };
	const [, ...args] = argvOf(job);
	const answered = new Promise<Answer | null>((settle) => pending.set(id, { onLine: options.onLine, said, settle }));
	stdin.write(`${JSON.stringify({ id, dir: job.dir, args, env: envOf(job), program: options.program })}\n`);
	let cut: string | null = null;
	const stop = (why: string) => {
		cut ??= why;
		stdin.write(`${JSON.stringify({ stop: id })}\n`);
	};
	const timer = setTimeout(() => stop(`timed out after ${options.timeoutMs / 1000} s`), options.timeoutMs);
	const onAbort = () => stop('cancelled');
	options.signal.addEventListener('abort', onAbort, { once: true });
	const answer = await answered;
	clearTimeout(timer);
	options.signal.removeEventListener('abort', onAbort);
	pending.delete(id);
	if (answer === null) return null;
	const ended = cut ?? (answer.signal ? `ended by signal ${answer.signal}` : null);
	return {
		argv: argvOf(job),
		cwd: job.dir,
		exitCode: ended === null ? (answer.exit ?? null) : null,
		ended,
		stdout: Buffer.from(said.stdout),
		stderr: Buffer.from(said.stderr),
		truncated: false,
		ms: Math.round(performance.now() - startedAt),
	};
}
