import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a test body in a folder of its own, which is removed afterwards. */
export function inFolder(body: (folder: string) => Promise<void>): () => Promise<void> {
	return async () => {
		const folder = await mkdtemp(join(tmpdir(), 'slipway-test-'));
		try {
			await body(folder);
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	};
}
