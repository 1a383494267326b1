import { readFileSync } from 'node:fs';
import { buildProgram, CommanderError } from './commands/program.ts';
import { openSession, printDiagnostics, type Session } from './commands/session.ts';
import { CODES } from './core/codes.ts';
import { Refusal, Unreadable, unreadFinding } from './core/diagnostic.ts';

/** The composition root: argv in, exit code out. Nothing else ends the process. */
async function main(argv: readonly string[]): Promise<number> {
	// Gems take the modes of files from the disk: the same commit must give the same bytes everywhere.
	process.umask(0o022);
	const { received, ...signals } = createSignals();
	const streams = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
	const open = (options: Session['options']) =>
		openSession({ options, env: process.env, streams, cwd: process.cwd(), ...signals });
	let session = open({ noColor: argv.includes('--no-color') });
	let exitCode = 0;
	const program = buildProgram({
		version: packageVersion(),
		write: (text) => process.stdout.write(text),
		writeHelp: (text) => process.stderr.write(text),
		onCommand: async (globals, run) => {
			session = open(globals);
			exitCode = await run(session);
		},
	});
	try {
		await program.parseAsync(argv, { from: 'user' });
	} catch (error) {
		exitCode = explain(error, session);
	}
	return received() ?? exitCode;
}

/** Says what went wrong, sorted by whose doing it is, and gives the exit code of 4-cli.md. */
function explain(error: unknown, session: Session): number {
	if (error instanceof Refusal) {
		printDiagnostics(session, error);
		return error.exitCode;
	}
	if (error instanceof Unreadable) return explain(new Refusal([unreadFinding(error)]), session);
	if (error instanceof CommanderError) {
		if (error.exitCode === 0) return 0;
		// No command was named: the help that was printed is the message.
		if (error.code === 'commander.help') return CODES.usage.exit;
		const [summary = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
		const near = /\(Did you mean (.+)\?\)/.exec(rest.join('\n'))?.[1];
		const hint = near ? `did you mean \`${near}\`?` : '`slipway --help` lists the commands and options';
		return explain(new Refusal([{ code: 'usage', severity: 'error', summary, hint }]), session);
	}
	const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
	const hint = 'this is a bug of Slipway; please report it with the lines above';
	printDiagnostics(session, {
		diagnostics: [{ code: 'bug', severity: 'error', summary: 'Slipway failed', seen: stack, hint }],
	});
	return CODES.bug.exit;
}

/** Signals that ask for an end, with what the shell adds to 128 for them. */
const ENDING = [
	['SIGHUP', 1],
	['SIGINT', 2],
	['SIGQUIT', 3],
	['SIGTERM', 15],
] as const;

/**
 * While somebody holds them, the first signal stops what has not begun, the second also what can be
 * undone (2-train.md §9). A terminal that hangs up says so once by itself and once by its shell, so
 * its second word adds nothing; Ctrl-\ means now, so its first word is a second one. While nobody
 * holds them, nothing is under way that could be half done, and a signal ends the process as always.
 */
function createSignals(): Pick<Session, 'stop' | 'kill' | 'holdSignals'> & { received: () => number | null } {
	const stop = new AbortController();
	const kill = new AbortController();
	let code: number | null = null;
	const answers = ENDING.map(([signal, number]) => {
		const answer = () => {
			code ??= 128 + number;
			if (signal === 'SIGQUIT' || (stop.signal.aborted && signal !== 'SIGHUP')) kill.abort();
			stop.abort();
		};
		return { signal, answer };
	});
	const holdSignals = () => {
		for (const { signal, answer } of answers) process.on(signal, answer);
		return () => {
			for (const { signal, answer } of answers) process.off(signal, answer);
		};
	};
	return { stop: stop.signal, kill: kill.signal, holdSignals, received: () => code };
}

/** package.json lies one folder above both src/ and dist/. */
function packageVersion(): string {
	const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
		version: string;
	};
	return version;
}

// A reader that went away (`slipway graph | head`), or a terminal that was closed, is no failure of
// ours; an answer that could not be written, on a full disk say, must not look like one that was.
let unwritten = false;
for (const stream of [process.stdout, process.stderr]) {
	stream.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code === 'EPIPE' || error.code === 'EIO') return;
		if (stream === process.stdout && !unwritten)
			process.stderr.write(`error[state-write]: the output could not be written: ${error.message}\n`);
		unwritten = true;
		process.exitCode = 1;
	});
}

const exitCode = await main(process.argv.slice(2));
process.exitCode = unwritten ? CODES['state-write'].exit : exitCode;
