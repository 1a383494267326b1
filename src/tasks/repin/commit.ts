import { join } from 'node:path';
import type { Sha } from '../../core/brand.ts';
import { lockHolds, parseLock } from '../../gemfile/lock.ts';
import { writeFile } from '../../io/artifacts.ts';
import type { Bundle } from '../../io/bundler.ts';
import { type CommandResult, ending, lastWords } from '../../io/command.ts';
import { readIfExists } from '../../io/files.ts';
import { repoOf, type TaskContext, TaskFailure } from '../contract.ts';
import { identityAt } from '../identity.ts';
import type { RepinChange } from './decide.ts';

const FIRST_PAUSE_MS = 500;
/** A version that was just pushed may not be on every mirror yet: these answers are worth another try. */
const PROPAGATING =
	/could not (?:find|fetch|reach)|not find|checksum|network|connection|timed? ?out|HTTP|50\d|Retrying/i;

/**
 * Makes the re-pin commit in the repository's workspace, locally: same base, same versions, same
 * index, same commit name. Nothing is pushed. Throws TaskFailure `lock-not-moved` or `command-failed`.
 */
export async function makeRepinCommit(change: RepinChange, context: TaskContext): Promise<Sha> {
	const { world } = context;
	const repo = repoOf(context);
	const repository = world.repository(repo);
	const workspace = await world.workspaces.at(repository, change.base);
	world.workspaces.used(repo);
	if (change.gemfile !== null) await writeFile(join(workspace.path, 'Gemfile'), change.gemfile);
	await lockUntilHeld(workspace.path, change, context);
	const { committedAt } = await repository.parents(change.base);
	const inWorkspace = (...args: string[]) =>
		repository.git(['-C', workspace.path, ...args], { env: identityAt(committedAt) });
	const committed = await inWorkspace(
		'commit',
		'--quiet',
		'--only',
		'--no-verify',
		'-m',
		message(change),
		'--',
		'Gemfile',
		'Gemfile.lock',
	);
	if (committed.exitCode !== 0) {
		throw new TaskFailure(
			{ code: 'command-failed', summary: `git commit in ${repo} (${ending(committed)})`, seen: lastWords(committed) },
			committed,
		);
	}
	return world.workspaces.committed(repository);
}

function message(change: RepinChange): string {
	return `Pin ${change.pins.map((pin) => `${pin.gem} ${pin.version}`).join(', ')}`;
}

/** The bundle of a workspace, and which Bundler its lock names. */
export async function bundleIn(dir: string): Promise<Bundle> {
	return { dir, bundledWith: parseLock((await readIfExists(join(dir, 'Gemfile.lock'))) ?? '').bundledWith };
}

/** `bundle lock` for all gems in one call, then the lock is read back: an exit code is no proof. */
async function lockUntilHeld(dir: string, change: RepinChange, context: TaskContext): Promise<void> {
	const { setTimeout: pause } = await import('node:timers/promises');
	const { commandMs } = context.config.train.timeouts;
	const job = { ...(await bundleIn(dir)), gems: change.pins.map((pin) => pin.gem) };
	let pauseMs = FIRST_PAUSE_MS;
	for (let left = context.config.train.retries.lock; ; left -= 1) {
		const result = await context.world.bundler.lock(job, {
			timeoutMs: commandMs,
			signal: context.signal,
			onLine: context.output,
		});
		const failure = await heldOrFailure(dir, change, result);
		if (failure === null) return;
		const worthwhile = result.exitCode === 0 || PROPAGATING.test(lastWords(result, 40));
		if (left <= 0 || !worthwhile || context.signal.aborted) throw failure;
		context.output('stderr', `${failure.message}; trying again in ${pauseMs / 1000} s`);
		await pause(pauseMs, undefined, { signal: context.signal }).catch(() => undefined);
		pauseMs *= 2;
	}
}

async function heldOrFailure(dir: string, change: RepinChange, result: CommandResult): Promise<TaskFailure | null> {
	if (result.exitCode !== 0) {
		return new TaskFailure(
			{ code: 'command-failed', summary: `bundle lock failed (${ending(result)})`, seen: lastWords(result) },
			result,
		);
	}
	const gemfile = await readIfExists(join(dir, 'Gemfile'));
	if (change.gemfile !== null && gemfile !== change.gemfile) {
		return new TaskFailure({ code: 'lock-not-moved', summary: 'bundle lock changed the Gemfile' }, result);
	}
	const lock = parseLock((await readIfExists(join(dir, 'Gemfile.lock'))) ?? '');
	const missing = change.pins.flatMap((pin) => {
		const held = lockHolds(lock, pin);
		return held.ok ? [] : [`${pin.gem} ${pin.version}: ${held.seen}`];
	});
	if (missing.length === 0) return null;
	const summary = 'bundle lock ran, and Gemfile.lock does not hold what was published';
	return new TaskFailure({ code: 'lock-not-moved', summary, seen: missing.join('\n') }, result);
}
