import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface ProcessOptions {
	readonly cwd?: string;
	/** The whole environment; that of this process when absent. */
	readonly env?: NodeJS.ProcessEnv;
	readonly input?: string | Buffer;
	readonly timeoutMs?: number;
}

export interface Finished {
	/** Null when a signal ended it. */
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
	readonly timedOut: boolean;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const GRACE_MS = 2_000;
/** Leaders of the process groups that this process started and that still run. */
const groups = new Set<number>();

process.on('exit', () => {
	for (const pid of groups) killGroup(pid, 'SIGKILL');
});
// Without these, a signal would end this process with no `exit` event, and leave its groups behind.
// A second listener is someone who decides alone what a signal means.
for (const [signal, code] of [
	['SIGINT', 130],
	['SIGTERM', 143],
] as const) {
	process.on(signal, () => {
		if (process.listenerCount(signal) === 1) process.exit(code);
	});
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(-pid, signal);
	} catch {
		// The group has ended meanwhile.
	}
}

/** Starts a program as the leader of its own process group, which never outlives this process. */
export function startGroup(
	argv: readonly string[],
	options: Pick<ProcessOptions, 'cwd' | 'env'>,
): ChildProcessWithoutNullStreams {
	const [program = '', ...args] = argv;
	const child = spawn(program, args, { ...options, detached: true });
	const { pid } = child;
	if (pid !== undefined) {
		groups.add(pid);
		child.once('exit', () => groups.delete(pid));
	}
	return child;
}

/** Asks a group to end, and ends it after two seconds. */
export function stopGroup(child: ChildProcess): void {
	const { pid } = child;
	if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
	killGroup(pid, 'SIGTERM');
	const hard = setTimeout(() => killGroup(pid, 'SIGKILL'), GRACE_MS);
	child.once('exit', () => clearTimeout(hard));
}

/**
 * Runs a program to its end, bounded. Any exit code is a result; a program that cannot be started
 * rejects with the system's own error.
 */
export async function runProcess(argv: readonly string[], options: ProcessOptions = {}): Promise<Finished> {
	const { input, timeoutMs = DEFAULT_TIMEOUT_MS, ...rest } = options;
	const child = startGroup(argv, rest);
	let timedOut = false;
	const timer = setTimeout(() => {
		timedOut = true;
		stopGroup(child);
	}, timeoutMs);
	try {
		const closed = new Promise<Pick<Finished, 'code' | 'signal'>>((resolve, reject) => {
			child.once('error', reject);
			child.once('close', (code, signal) => resolve({ code, signal }));
		});
		// A program that ends without reading its input is no failure.
		child.stdin.on('error', () => {});
		child.stdin.end(input);
		const [end, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
		return { ...end, stdout, stderr, timedOut };
	} finally {
		clearTimeout(timer);
	}
}

/** Like runProcess, for a program that must succeed: gives its stdout, or throws all it said. */
export async function output(argv: readonly string[], options: ProcessOptions = {}): Promise<string> {
	const done = await runProcess(argv, options);
	if (done.code === 0) return done.stdout;
	const how = done.timedOut ? 'timed out' : `exit ${done.code ?? done.signal}`;
	throw new Error(`${argv.join(' ')}: ${how}\n${done.stdout}${done.stderr}`);
}
