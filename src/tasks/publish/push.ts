import { Unreadable } from '../../core/diagnostic.ts';
import { createRedactor } from '../../core/redact.ts';
import { type CommandResult, lastWords } from '../../io/command.ts';
import { type TaskContext, TaskFailure } from '../contract.ts';
import { pollUntil } from '../smoke/answer.ts';
import type { Build } from '../world.ts';
import { adviceFor } from './advice.ts';
import { foreignRelease, type LiveRelease, type PublishChange } from './decide.ts';
import { readIndexed } from './live.ts';
import { type PushReply, readReply } from './reply.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** One-time passwords that are tried for one gem. */
const MOST_CODES = 4;
/** Replies after which the version should be listed sooner or later, and those that are worth another push. */
const APPEARS: ReadonlySet<PushReply> = new Set(['taken', 'exists', 'unfinished']);
const PASSING: ReadonlySet<PushReply> = new Set(['busy', 'unsent', 'lost']);

/** What the registry shows of our release at one moment. */
type Sighting =
	| { readonly type: 'listed' | 'held' | 'absent' }
	/** It did not answer as a registry does; `seen` in its own words. */
	| { readonly type: 'unreadable'; readonly seen: string };

/** One push and what came of it. */
interface Attempt {
	readonly reply: PushReply;
	readonly result: CommandResult;
	readonly sighting: Sighting;
}

/**
 * Pushes a gem and waits until the index that Bundler reads lists it. No reply is a verdict: after each
 * the registry is read, and only where it does not have the gem is the push repeated: as often as
 * the time for the index allows while it is busy, and once when the push broke off. Throws TaskFailure.
 */
export async function pushUntilListed(change: PublishChange, built: Build, context: TaskContext): Promise<void> {
	const end = performance.now() + context.config.train.timeouts.indexMs;
	let pauseMs = FIRST_PAUSE_MS;
	for (let broken = 0; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
		const { reply, result } = await pushWithOtp(change, built, context);
		const passing = PASSING.has(reply);
		if (passing) await pause(pauseMs, `the push ended as ${reply}`, context);
		const sighting = await watch(change, { built, waitsFor: waitsAfter(reply) }, context);
		if (sighting.type === 'listed') return;
		if (reply !== 'busy') broken += 1;
		const again = reply === 'busy' ? performance.now() < end : broken < 2;
		if (!(again && passing && sighting.type === 'absent')) throw failureOf({ reply, result, sighting }, change);
	}
}

/** For a gem that the registry holds already. Throws TaskFailure `not-proven` when no index lists it in time. */
export async function waitUntilListed(change: PublishChange, built: Build, context: TaskContext): Promise<void> {
	const sighting = await watch(change, { built, waitsFor: waitsAfter('taken') }, context);
	if (sighting.type === 'listed') return;
	const seen = sighting.type === 'unreadable' ? { seen: sighting.seen } : {};
	throw new TaskFailure({ code: 'not-proven', ...adviceFor('taken', change), ...seen });
}

type Pushed = Pick<Attempt, 'reply' | 'result'>;

/**
 * One push, and where the registry wants a one-time password another one for each that is given, a few times:
 * asked for only now, because it is good for half a minute, and again when it has rotated meanwhile.
 */
async function pushWithOtp(change: PublishChange, built: Build, context: TaskContext): Promise<Pushed> {
	const { otp } = context.world;
	let code = otp.last(change.registry);
	for (let given = 0; ; given += 1) {
		const pushed = await pushOnce({ change, built, code }, context);
		const isWanted = pushed.reply === 'otp-missing' || pushed.reply === 'otp-wrong';
		if (!isWanted || given === MOST_CODES) return pushed;
		const { registry, file } = change;
		const next = await otp.next({ registry, file, isAgain: pushed.reply === 'otp-wrong' }, code);
		if (next === null) return pushed;
		code = next;
	}
}

interface Pushing {
	readonly change: PublishChange;
	readonly built: Build;
	readonly code: string | null;
}

async function pushOnce({ change, built, code }: Pushing, context: TaskContext): Promise<Pushed> {
	const { world, config, signal, output } = context;
	const hide = createRedactor(code === null ? [] : [code]);
	const onLine: TaskContext['output'] = (stream, line) => output(stream, hide(line));
	const options = { timeoutMs: config.train.timeouts.commandMs, signal, onLine, otp: code };
	const result = withoutCode(await world.gemTool.push(built.path, change.registry, options), hide);
	world.readings.forget(change.registry);
	const { exitCode, ended } = result;
	const text = `${result.stdout.toString('utf8')}\n${result.stderr.toString('utf8')}`;
	return { reply: readReply({ exitCode, ended, text }), result };
}

/** Its last words go to the journal. */
function withoutCode(result: CommandResult, hide: (text: string) => string): CommandResult {
	const hidden = (bytes: Buffer) => Buffer.from(hide(bytes.toString('utf8')));
	return { ...result, stdout: hidden(result.stdout), stderr: hidden(result.stderr) };
}

async function pause(ms: number, why: string, { output, signal }: TaskContext): Promise<void> {
	const { setTimeout: delay } = await import('node:timers/promises');
	output('stderr', `${why}; looking what came of it in ${ms / 1000} s`);
	await delay(ms, undefined, { signal }).catch(() => undefined);
}

function waitsAfter(reply: PushReply): ReadonlySet<Sighting['type']> {
	if (APPEARS.has(reply)) return new Set(['held', 'absent', 'unreadable']);
	// What it holds is listed sooner or later, whatever it replied; a server that restarts answers again.
	return new Set(PASSING.has(reply) ? ['held', 'unreadable'] : ['held']);
}

interface Watched {
	readonly built: Build;
	readonly waitsFor: ReadonlySet<Sighting['type']>;
}

/** Reads until the release is listed, or shows what is not worth waiting for; bounded by `index`. */
async function watch(change: PublishChange, { built, waitsFor }: Watched, context: TaskContext): Promise<Sighting> {
	const last = await pollUntil(
		() => look(change, built, context),
		({ type }) => !waitsFor.has(type),
		{ timeoutMs: context.config.train.timeouts.indexMs, signal: context.signal },
	);
	context.world.readings.forget(change.registry);
	return last;
}

/** Throws TaskFailure when the version is there and is not ours: waiting would not change that. */
async function look(change: PublishChange, built: Build, context: TaskContext): Promise<Sighting> {
	let live: LiveRelease | null;
	try {
		live = await readIndexed(change, built, context);
	} catch (error) {
		if (error instanceof Unreadable) return { type: 'unreadable', seen: error.message };
		throw error;
	}
	if (live === null || live.state === 'yanked') return { type: 'absent' };
	const ours = live.sha256 === built.sha256 || live.differing?.length === 0;
	if (!ours) throw new TaskFailure(foreignRelease(change, live));
	return { type: live.state };
}

function failureOf({ reply, result, sighting }: Attempt, change: PublishChange): TaskFailure {
	const said = lastWords(result);
	if (sighting.type === 'unreadable') {
		const summary = `whether ${change.registry} has ${change.file} could not be read after the push`;
		const { hint } = adviceFor('lost', change);
		return new TaskFailure({ code: 'not-proven', summary, seen: `${said}\n${sighting.seen}`, hint }, result);
	}
	// What it holds was taken, whatever it replied.
	const told = sighting.type === 'held' && reply !== 'unfinished' ? 'taken' : reply;
	const code = told === 'taken' || told === 'exists' ? 'not-proven' : 'publish-refused';
	return new TaskFailure({ code, seen: said, ...adviceFor(told, change) }, result);
}
