import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Unreadable } from '../../src/core/diagnostic.ts';
import { formatRecord } from '../../src/record/document.ts';
import { createFileStore } from '../../src/record/file-store.ts';
import { orRefuse, updateRecord } from '../../src/record/store.ts';
import { abandon, freezeMember } from '../../src/record/transitions.ts';
import { inFolder } from '../io/folder.ts';
import { suite } from '../support/suite.ts';
import { recordStoreConformance } from './conformance.ts';
import { appFreeze, LATER, sampleRecord, sha } from './sample.ts';

recordStoreConformance('file store', async () => {
	const dir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
	return {
		open: () => createFileStore(dir),
		damage: () => writeFile(join(dir, '.slipway', 'record.json'), '{"schema": "slipway.rec'),
		remove: () => rm(dir, { recursive: true, force: true }),
	};
});

function assembling(slug?: string) {
	return orRefuse(freezeMember(sampleRecord(slug), 'turf', appFreeze(sha(1))));
}

async function modeOf(path: string): Promise<string> {
	return ((await stat(path)).mode & 0o777).toString(8);
}

suite('file store: files', (test) => {
	test(
		'the folder is private, ignored by git, and holds nothing but the record',
		inFolder(async (dir) => {
			await createFileStore(dir).save(assembling(), null);
			const state = join(dir, '.slipway');
			assert.equal((await readdir(state)).sort(), ['.gitignore', 'record.json']);
			assert.is(await readFile(join(state, '.gitignore'), 'utf8'), '*\n');
			assert.equal([await modeOf(state), await modeOf(join(state, 'record.json'))], ['700', '600']);
		}),
	);
	test(
		'reading makes no folder',
		inFolder(async (dir) => {
			await createFileStore(dir).load();
			await createFileStore(dir).history();
			assert.equal(await readdir(dir), []);
		}),
	);
	test(
		'a save stamps revision and moment with the clock that was given',
		inFolder(async (dir) => {
			const saved = await createFileStore(dir, () => new Date(LATER)).save(assembling(), null);
			assert.equal([saved.revision, saved.updatedAt], [1, LATER]);
		}),
	);
	test(
		'a record that was archived and not yet replaced when the writer was killed is one record',
		inFolder(async (dir) => {
			await createFileStore(dir).save(assembling(), null);
			const over = await updateRecord(createFileStore(dir), abandon);
			await mkdir(join(dir, '.slipway', 'records'));
			await writeFile(join(dir, '.slipway', 'records', `${over.slug}.json`), formatRecord(over));
			assert.equal(await createFileStore(dir).history(), [over]);
		}),
	);
	test(
		'a record that can not be read is Unreadable, not absent',
		inFolder(async (dir) => {
			await mkdir(join(dir, '.slipway', 'record.json'), { recursive: true });
			const read = await createFileStore(dir)
				.load()
				.catch((error: unknown) => error);
			assert.instance(read, Unreadable);
		}),
	);
});
