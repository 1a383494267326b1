import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { output } from './process.ts';

export interface Held {
	/** Resolves when the other side came and waits. */
	readonly reached: Promise<void>;
	/** Lets it go on, and lets later ones pass. */
	release(): Promise<void>;
}

/**
 * Holds whoever reads this path next. The two meet at a FIFO: opening it for writing succeeds at the
 * moment the other side opens it for reading, so nothing polls and nothing sleeps.
 */
export async function holdAt(fifo: string): Promise<Held> {
	await output(['mkfifo', fifo]);
	const writer: Promise<FileHandle> = open(fifo, 'w');
	return {
		reached: writer.then(() => {}),
		async release() {
			// Reading without waiting lets our own writer through when nobody ever came.
			const reader = await open(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
			await rm(fifo);
			await (await writer).close();
			await reader.close();
		},
	};
}
