import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ExecaError, Result } from 'execa';
import type { Argv } from '../core/argv.ts';
import { Unreadable } from '../core/diagnostic.ts';
import { collectOutput } from './output-tail.ts';

/** One process to start: an argv array, never a shell line (5-style.md, "Habits"). */
export interface CommandSpec {
	readonly argv: Argv;
	readonly cwd?: string;
	/** Added to the base environment of the runner. */
	readonly env?: Readonly<Record<string, string>>;
	readonly input?: string;
	readonly timeoutMs: number;
	readonly signal?: AbortSignal;
	/** Called with each finished line of output, as it comes. */
	readonly onLine?: (stream: 'stdout' | 'stderr', line: string) => void;
	/** Bytes kept of each stream: the last ones. Reads that need it all say how much that may be. */
	readonly keepBytes?: number;
}

export interface CommandResult {
	readonly argv: Argv;
	readonly cwd: string;
	/** Null when the process did not exit by itself, or never started. */
	readonly exitCode: number | null;
	/** Why there is no exit code: `timed out after 30 s`, `SIGKILL`, `command not found`. */
	readonly ended: string | null;
	readonly stdout: Buffer;
	readonly stderr: Buffer;
	/** True when `keepBytes` dropped the head of stdout. */
	readonly truncated: boolean;
	readonly ms: number;
}

export interface CommandRunner {
	run(spec: CommandSpec): Promise<CommandResult>;
	/** Starts a process that is spoken to over its pipes for the whole run. */
	converse(spec: Pick<CommandSpec, 'argv' | 'cwd' | 'env'>): Promise<Conversation>;
	/** How many processes were started, by program: what a run costs. */
	readonly started: ReadonlyMap<string, number>;
}

export interface Conversation {
	readonly stdin: NodeJS.WritableStream;
	readonly stdout: Readable;
	/** Resolves when the process has ended, with its last words. */
	readonly closed: Promise<string>;
	end(): void;
}

const DEFAULT_KEEP_BYTES = 256 * 1024;
const GRACE_MS = 2_000;
/** How long the output of a process that has exited may still come, from children that it left behind. */
const DRAIN_MS = 1_000;

/**
 * The sole importer of execa. Never rejects for what a command did: exit codes, signals, timeouts
 * and missing programs are all results.
 */
export function createCommandRunner(baseEnv: Readonly<Record<string, string>>): CommandRunner {
	const started = new Map<string, number>();
	const count = (argv: Argv) => started.set(argv[0], (started.get(argv[0]) ?? 0) + 1);
	return {
		started,
		run: (spec) => {
			count(spec.argv);
			return runOnce(spec, baseEnv);
		},
		converse: (spec) => {
			count(spec.argv);
			return startConversation(spec, baseEnv);
		},
	};
}

async function runOnce(spec: CommandSpec, baseEnv: Readonly<Record<string, string>>): Promise<CommandResult> {
	const { execa } = await import('execa');
	const startedAt = performance.now();
	const cwd = spec.cwd ?? process.cwd();
	const nothing = Buffer.alloc(0);
	if (spec.signal?.aborted) {
		return {
			argv: spec.argv,
			cwd,
			exitCode: null,
			ended: 'cancelled',
			stdout: nothing,
			stderr: nothing,
			truncated: false,
			ms: 0,
		};
	}
	const [file, ...args] = spec.argv;
	const child = execa(file, args, {
		...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
		...(spec.input === undefined ? { stdin: 'ignore' as const } : { input: spec.input }),
		...(spec.signal === undefined ? {} : { cancelSignal: spec.signal }),
		env: { ...baseEnv, ...spec.env },
		extendEnv: false,
		reject: false,
		buffer: false,
		encoding: 'buffer',
		timeout: spec.timeoutMs,
		killDescendants: true,
		forceKillAfterDelay: GRACE_MS,
	});
	const keep = spec.keepBytes ?? DEFAULT_KEEP_BYTES;
	const out = collectOutput(child.stdout, keep, (line) => spec.onLine?.('stdout', line));
	const err = collectOutput(child.stderr, keep, (line) => spec.onLine?.('stderr', line));
	closeAfterExit(child);
	const ended = await settled(child, spec.timeoutMs);
	if (ended.exitCode === null) endGroup(child.pid);
	out.finish();
	err.finish();
	return {
		argv: spec.argv,
		cwd,
		exitCode: ended.exitCode,
		ended: ended.reason,
		stdout: out.bytes(),
		stderr: err.bytes(),
		truncated: out.truncated(),
		ms: Math.round(performance.now() - startedAt),
	};
}

/**
 * A child that was left behind, or that left its process group, holds the pipes for as long as it
 * lives: the command has ended all the same.
 */
function closeAfterExit({ nodeChildProcess, stdout, stderr }: Started): void {
	const close = () => {
		stdout.destroy();
		stderr.destroy();
	};
	nodeChildProcess.once('exit', () => {
		const timer = setTimeout(close, DRAIN_MS);
		nodeChildProcess.once('close', () => clearTimeout(timer));
	});
}

/** What ignored the first request when its leader took it: nothing of a stopped command lives on. */
function endGroup(pid: number | undefined): void {
	if (pid === undefined) return;
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// The whole group has ended.
	}
}

type Started = { readonly nodeChildProcess: ChildProcess; readonly stdout: Readable; readonly stderr: Readable };

/** A process that not even SIGKILL ends at once would be waited for: the deadline is our own. */
async function settled(
	child: Promise<Result | ExecaError>,
	timeoutMs: number,
): Promise<{ exitCode: number | null; reason: string | null }> {
	let timer: NodeJS.Timeout | undefined;
	const deadline = new Promise<'deadline'>((resolve) => {
		timer = setTimeout(() => resolve('deadline'), timeoutMs + 2 * GRACE_MS);
	});
	const result = await Promise.race([child, deadline]);
	clearTimeout(timer);
	if (result === 'deadline' || result.timedOut)
		return { exitCode: null, reason: `timed out after ${timeoutMs / 1000} s` };
	if (result.isCanceled) return { exitCode: null, reason: 'cancelled' };
	if (result.signal) return { exitCode: null, reason: `ended by ${result.signal}` };
	if (result.exitCode !== undefined) return { exitCode: result.exitCode, reason: null };
	return { exitCode: null, reason: startFailure(result) };
}

function startFailure(result: Result | ExecaError): string {
	const code = 'code' in result ? result.code : undefined;
	if (code === 'ENOENT') return 'program or folder not found';
	if (code === 'EACCES') return 'permission denied';
	return 'originalMessage' in result && result.originalMessage ? result.originalMessage : 'did not start';
}

async function startConversation(
	spec: Pick<CommandSpec, 'argv' | 'cwd' | 'env'>,
	baseEnv: Readonly<Record<string, string>>,
): Promise<Conversation> {
	const { execa } = await import('execa');
	const [file, ...args] = spec.argv;
	const child = execa(file, args, {
		...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
		env: { ...baseEnv, ...spec.env },
		extendEnv: false,
		reject: false,
		buffer: false,
		encoding: 'buffer',
		stdin: 'pipe',
		// A process group of its own: a Ctrl-C in the terminal is for Slipway to deal with (2-train.md §9).
		killDescendants: true,
	});
	const err = collectOutput(child.stderr, 16 * 1024, () => undefined);
	// A peer that died shows as the end of stdout; the broken pipe of a late question is the same news.
	child.stdin.on('error', () => undefined);
	const closed = settledQuietly(child).then((reason) => err.bytes().toString('utf8').trim() || reason);
	return { stdin: child.stdin, stdout: child.stdout, closed, end: () => child.stdin.end() };
}

async function settledQuietly(child: Promise<Result | ExecaError>): Promise<string> {
	const result = await child;
	return result.exitCode === undefined ? startFailure(result) : `exit ${result.exitCode}`;
}

/** What a command said last, for an error: its stderr, else its stdout, without empty lines. */
export function lastWords(result: CommandResult, lines = 12): string {
	for (const stream of [result.stderr, result.stdout]) {
		const said = stream
			.toString('utf8')
			.split(/\r?\n|\r/)
			.filter((line) => line.trim() !== '');
		if (said.length > 0) return said.slice(-lines).join('\n');
	}
	return result.ended ?? `exit ${result.exitCode}`;
}

/** How a command ended, in a few words: `exit 1`, `timed out after 30 s`. */
export function ending(result: CommandResult): string {
	return result.ended ?? `exit ${result.exitCode}`;
}

/** For reads: the whole of stdout, or Unreadable with the tool's own words. */
export function outputOf(result: CommandResult, what: string): string {
	if (result.exitCode !== 0) throw new Unreadable(what, `${ending(result)}: ${lastWords(result)}`);
	if (result.truncated) throw new Unreadable(what, `more than ${result.stdout.length} bytes of output`);
	return result.stdout.toString('utf8');
}
