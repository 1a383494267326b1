import { hostname, userInfo } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import type { Config } from '../config/types.ts';
import { Refusal, refuse } from '../core/diagnostic.ts';
import { createRedactor, redactJson } from '../core/redact.ts';
import { folderExists, readIfExists } from '../io/files.ts';
import { loadKeys } from '../io/gem-credentials.ts';
import { createPalette, type Palette } from '../ui/colour.ts';
import { renderDiagnostics } from '../ui/diagnostics.ts';

/** The options that every command takes (4-cli.md). */
export interface GlobalOptions {
	readonly dir?: string;
	readonly registry?: string;
	readonly json?: boolean;
	readonly quiet?: boolean;
	readonly verbose?: boolean;
	readonly noColor?: boolean;
}

export interface Streams {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly stderr: NodeJS.WriteStream;
}

/** What a command works with before it knows the world: options, terminal, environment. */
export interface Session {
	readonly options: GlobalOptions;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly streams: Streams;
	readonly cwd: string;
	/** Of stdout, for data; and of stderr, for everything else. */
	readonly palette: Palette;
	readonly errPalette: Palette;
	readonly redact: (text: string) => string;
	/** `user@host`. */
	readonly by: string;
	/** Aborted by the first signal, and by the second. */
	readonly stop: AbortSignal;
	readonly kill: AbortSignal;
	/** From now on a signal aborts these instead of ending the process; what is returned gives that up. */
	readonly holdSignals: () => () => void;
}

const FILE = 'release_repos.yml';
/** Variables whose values are secrets, whatever they look like; Bundler's credentials for a host are BUNDLE_GEMS__EXAMPLE__COM. */
const SECRET = /API_?KEY|TOKEN|SECRET|PASSWORD|PASSWD|OTP|CREDENTIAL|WEBHOOK|^BUNDLE_(?!LOCAL__|BUILD__|MIRROR__).*__/i;

export function openSession(
	input: Pick<Session, 'options' | 'env' | 'streams' | 'cwd' | 'stop' | 'kill' | 'holdSignals'>,
): Session {
	const { options, env, streams } = input;
	const noColor = options.noColor ?? false;
	const secrets = Object.entries(env).flatMap(([name, value]) =>
		value && SECRET.test(name) && value.length > 5 ? [value] : [],
	);
	return {
		...input,
		palette: createPalette({ noColor, env, isTTY: streams.stdout.isTTY === true }),
		errPalette: createPalette({ noColor, env, isTTY: streams.stderr.isTTY === true }),
		redact: createRedactor([...secrets, ...loadKeys(env)]),
		by: `${userInfo().username}@${hostname()}`,
	};
}

/** Data: the answer of a command. */
export function print(session: Session, text: string): void {
	session.streams.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** One JSON document on stdout. */
export function printJson(session: Session, document: object): void {
	print(session, JSON.stringify(redactJson(document, session.redact), null, 2));
}

/** A line for the person at the terminal; nothing with --quiet. */
export function say(session: Session, text: string): void {
	if (!session.options.quiet) session.streams.stderr.write(`${session.redact(text)}\n`);
}

export function printDiagnostics(session: Session, refusal: Pick<Refusal, 'diagnostics'>): void {
	session.streams.stderr.write(session.redact(renderDiagnostics(refusal.diagnostics, session.errPalette)));
}

/** Finds and reads release_repos.yml; throws Refusal with all of the file's errors. Warnings are printed. */
export async function loadConfig(session: Session): Promise<Config> {
	const file = await findRegistry(session);
	const text = await readIfExists(file);
	if (text === null) refuse('no-registry', `there is no ${file}`, { hint: 'give its path with --registry FILE' });
	const { parseConfig } = await import('../config/parse.ts');
	const display = relative(session.cwd, file);
	const { config, diagnostics } = parseConfig(text, {
		file,
		display: display.startsWith('../../') ? file : display,
		env: session.env,
	});
	if (config === null) throw new Refusal(diagnostics);
	if (diagnostics.length > 0) printDiagnostics(session, { diagnostics });
	return config;
}

/** --registry, else the nearest release_repos.yml in the folder or above it. */
async function findRegistry(session: Session): Promise<string> {
	const { dir, registry } = session.options;
	const start = resolve(session.cwd, dir ?? '.');
	if (!(await folderExists(start)))
		refuse('usage', `there is no folder ${start}`, { hint: 'correct the folder after -C' });
	if (registry !== undefined) return resolve(start, registry);
	for (let folder = start; ; folder = dirname(folder)) {
		const file = join(folder, FILE);
		if ((await readIfExists(file)) !== null) return file;
		if (dirname(folder) === folder) break;
	}
	refuse('no-registry', `there is no ${FILE} in ${start} or above it`, {
		hint: 'go to the folder that has it, or give its path with --registry FILE',
	});
}
