import { join } from 'node:path';
import { ensurePrivateDir, listFiles, readIfExists, writeAtomic } from '../io/files.ts';
import { dropFileLock, type Hold, withFileLock } from '../io/lock.ts';
import { ensureStateDir, stateDir } from '../io/state-dir.ts';
import { checkRecord, formatRecord, parseRecord } from './document.ts';
import { assertMayReplace, orRefuse, type RecordStore } from './store.ts';
import type { ReleaseRecord } from './types.ts';

/**
 * The default store: `.slipway/record.json` beside the registry file holds the latest record, and
 * `.slipway/records/<slug>.json` those before it. `dir` is the registry's folder; nothing is made
 * before the first save. `now` gives the moment of a write.
 */
export function createFileStore(dir: string, now: () => Date = () => new Date()): RecordStore {
	const latest = latestFile(dir);
	const past = join(stateDir(dir), 'records');
	return {
		load: () => loadRecord(latest),
		save: async (next, expectedRevision) => {
			await ensureStateDir(dir);
			return withFileLock(latest, async (hold) => {
				const current = await loadRecord(latest);
				assertMayReplace(current, next, expectedRevision);
				const stamped = { ...next, revision: (expectedRevision ?? 0) + 1, updatedAt: now().toISOString() };
				const written = orRefuse(checkRecord(stamped, 'the record to be written'));
				// First the copy: a kill in between leaves the old record in both places, which history() knows.
				if (current !== null && current.slug !== next.slug) await archive(past, current, hold);
				hold.assertHeld();
				await writeAtomic(latest, formatRecord(written));
				return written;
			});
		},
		history: async () => {
			const current = await loadRecord(latest);
			const files = (await listFiles(past)).filter((file) => file.endsWith('.json'));
			const records = await Promise.all(files.map((file) => loadRecord(join(past, file))));
			const earlier = records.filter((record) => record !== null && record.slug !== current?.slug);
			const all = [current, ...earlier].filter((record) => record !== null);
			return all.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
		},
	};
}

function latestFile(dir: string): string {
	return join(stateDir(dir), 'record.json');
}

/**
 * For whoever took the train's lock over from a dead process: all writers of the record hold that lock,
 * so the moment that it died in the middle of a write needs not be waited out.
 */
export function dropWriterLock(dir: string): Promise<void> {
	return dropFileLock(latestFile(dir));
}

async function archive(folder: string, record: ReleaseRecord, hold: Hold): Promise<void> {
	await ensurePrivateDir(folder);
	hold.assertHeld();
	await writeAtomic(join(folder, `${record.slug}.json`), formatRecord(record));
}

async function loadRecord(path: string): Promise<ReleaseRecord | null> {
	const content = await readIfExists(path);
	return content === null ? null : orRefuse(parseRecord(content, path));
}
