import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import * as assert from 'uvu/assert';
import { Unreadable } from '../../src/core/diagnostic.ts';
import { findProgram, freeBytes, listFolder, sha256 } from '../../src/io/artifacts.ts';
import { suite } from '../support/suite.ts';
import { inFolder } from './folder.ts';

async function isUnreadable(asked: Promise<unknown>): Promise<boolean> {
	return asked.then(
		() => false,
		(error: unknown) => error instanceof Unreadable,
	);
}

suite('artifacts', (test) => {
	test('a program is the first executable file of that name on PATH: no folder, and no plain file', () =>
		inFolder(async (folder) => {
			const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => join(folder, name)) as [string, string, string, string];
			await mkdir(join(a, 'bundle'), { recursive: true });
			for (const place of [b, c, d]) {
				await mkdir(place);
				await writeFile(join(place, 'bundle'), '');
			}
			await chmod(join(c, 'bundle'), 0o755);
			await chmod(join(d, 'bundle'), 0o755);
			const path = ['', join(folder, 'absent'), a, b, c, d].join(delimiter);
			assert.is(await findProgram('bundle', path), join(c, 'bundle'));
			assert.is(await findProgram('gem', path), null);
			assert.is(await findProgram('bundle', ''), null);
		})());
	test('a folder that is not there is empty; something else in its place is unreadable', () =>
		inFolder(async (folder) => {
			await writeFile(join(folder, 'file'), '');
			assert.equal(await listFolder(folder), ['file']);
			assert.equal(await listFolder(join(folder, 'absent')), []);
			assert.ok(await isUnreadable(listFolder(join(folder, 'file'))));
		})());
	test('free space is a number of bytes, or unreadable', () =>
		inFolder(async (folder) => {
			assert.ok((await freeBytes(folder)) > 0);
			assert.ok(await isUnreadable(freeBytes(join(folder, 'absent'))));
		})());
	test('a digest is 64 hex digits', () => {
		assert.is(sha256(Buffer.from('')), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
	});
});
