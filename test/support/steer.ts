import { constants } from 'node:fs';
import { type FileHandle, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fleet } from './fleet.ts';
import { output } from './process.ts';

/** A command of a fleet's repository: `test` of `harbor` (world.ts lists the commands). */
export interface Step {
	readonly command: string;
	readonly repo: string;
}

export interface Held {
	/** Resolves when the command runs and waits. */
	readonly reached: Promise<void>;
	/** Lets it go on, and lets later ones pass. */
	release(): Promise<void>;
}

function steeringFile(fleet: Fleet, step: Step, suffix: string): string {
	return join(fleet.layout.rig, `${step.repo}-${step.command}.${suffix}`);
}

/** From now on the command fails with this text, until mend(). */
export async function fail(fleet: Fleet, step: Step, text = `${step.command} was told to fail`): Promise<void> {
	await writeFile(steeringFile(fleet, step, 'fail'), `${text}\n`);
}

/** The command works again. */
export async function mend(fleet: Fleet, step: Step): Promise<void> {
	await rm(steeringFile(fleet, step, 'fail'), { force: true });
}

/**
 * Holds the next run of a command open. The two meet at a FIFO: opening it for writing succeeds at the
 * moment the command opens it for reading, so nothing polls and nothing sleeps.
 */
export async function hold(fleet: Fleet, step: Step): Promise<Held> {
	const fifo = steeringFile(fleet, step, 'hold');
	await output(['mkfifo', fifo]);
	const writer: Promise<FileHandle> = open(fifo, 'w');
	return {
		reached: writer.then(() => {}),
		async release() {
			// Reading without waiting lets our own writer through when no command ever came.
			const reader = await open(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
			await rm(fifo);
			await (await writer).close();
			await reader.close();
		},
	};
}
