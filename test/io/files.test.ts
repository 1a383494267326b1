import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Refusal, Unreadable } from '../../src/core/diagnostic.ts';
import {
	createAppendOnly,
	ensurePrivateDir,
	fileSha256,
	folderExists,
	listFiles,
	readIfExists,
	writeAtomic,
} from '../../src/io/files.ts';
import { suite } from '../support/suite.ts';
import { inFolder } from './folder.ts';

const caught = (promise: Promise<unknown>) =>
	promise.then(
		() => null,
		(error: unknown) => error,
	);
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

suite('files: writing', (test) => {
	test(
		'a file is replaced as a whole, private, and no temporary file stays',
		inFolder(async (folder) => {
			const path = join(folder, 'state with space ü.json');
			await writeAtomic(path, 'old');
			await writeAtomic(path, 'new');
			assert.is(await readFile(path, 'utf8'), 'new');
			assert.is(await modeOf(path), 0o600);
			assert.equal(await readdir(folder), ['state with space ü.json']);
		}),
	);
	test(
		'state-write: a write that fails leaves what was there and no temporary file',
		inFolder(async (folder) => {
			const path = join(folder, 'taken');
			await mkdir(join(path, 'inside'), { recursive: true });
			const error = await caught(writeAtomic(path, 'text'));
			assert.is(error instanceof Refusal && error.diagnostics[0]?.code, 'state-write');
			assert.equal(await readdir(folder), ['taken']);
			const absent = await caught(writeAtomic(join(folder, 'absent', 'file'), 'text'));
			assert.is(absent instanceof Refusal && absent.diagnostics[0]?.code, 'state-write');
		}),
	);
	test(
		'many writers of one file leave one of the texts, whole',
		inFolder(async (folder) => {
			const path = join(folder, 'file');
			const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(5_000));
			await Promise.all(texts.map((text) => writeAtomic(path, text)));
			assert.ok(texts.includes(await readFile(path, 'utf8')));
			assert.equal(await readdir(folder), ['file']);
		}),
	);
	test(
		'a folder is made private with what is above it, and one that is open to others is closed',
		inFolder(async (folder) => {
			await ensurePrivateDir(join(folder, 'a', 'b'));
			assert.equal([await modeOf(join(folder, 'a')), await modeOf(join(folder, 'a', 'b'))], [0o700, 0o700]);
			await chmod(join(folder, 'a'), 0o755);
			await ensurePrivateDir(join(folder, 'a'));
			assert.is(await modeOf(join(folder, 'a')), 0o700);
		}),
	);
	test(
		'an append-only file grows, and one that exists is not continued',
		inFolder(async (folder) => {
			const path = join(folder, 'log');
			const log = await createAppendOnly(path);
			await log.append('a\n');
			await log.append('b\n');
			await log.close();
			assert.is(await readFile(path, 'utf8'), 'a\nb\n');
			assert.instance(await caught(createAppendOnly(path)), Refusal);
		}),
	);
});

suite('files: reading', (test) => {
	test(
		'only an absent file is null; one that can not be read is Unreadable',
		inFolder(async (folder) => {
			await writeFile(join(folder, 'file'), 'text');
			assert.is(await readIfExists(join(folder, 'absent')), null);
			assert.is(await readIfExists(join(folder, 'file')), 'text');
			assert.instance(await caught(readIfExists(folder)), Unreadable);
			assert.instance(await caught(readIfExists(join(folder, 'file', 'below'))), Unreadable);
		}),
	);
	test(
		'a folder is listed in order; absent is empty, a file is Unreadable',
		inFolder(async (folder) => {
			await Promise.all(['b', 'a', 'c'].map((name) => writeFile(join(folder, name), '')));
			assert.equal(await listFiles(folder), ['a', 'b', 'c']);
			assert.equal(await listFiles(join(folder, 'absent')), []);
			assert.instance(await caught(listFiles(join(folder, 'a'))), Unreadable);
			assert.equal([await folderExists(folder), await folderExists(join(folder, 'a'))], [true, false]);
		}),
	);
	test(
		'the digest is SHA-256 of the bytes',
		inFolder(async (folder) => {
			await writeFile(join(folder, 'file'), 'abc');
			const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
			assert.is(await fileSha256(join(folder, 'file')), expected);
			assert.instance(await caught(fileSha256(join(folder, 'absent'))), Unreadable);
		}),
	);
});
