import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Unreadable } from '../../src/core/diagnostic.ts';
import { createCommandRunner } from '../../src/io/command.ts';
import { createObjectReader, type ObjectReader, parseTree } from '../../src/io/objects.ts';
import { suite } from '../support/suite.ts';
import { inFolder } from './folder.ts';
import { commit, ENV, git, makePair } from './repos.ts';

const MIB = 1024 * 1024;

/** Reads a checkout with the real git. */
async function reading(checkout: string, body: (objects: ObjectReader) => Promise<void>): Promise<void> {
	const { converse } = createCommandRunner(ENV);
	const objects = createObjectReader(() => converse({ argv: ['git', 'cat-file', '--batch'], cwd: checkout }));
	try {
		await body(objects);
	} finally {
		objects.close();
	}
}

/** A peer that says what it is told to, and ends. */
function peerThat(script: string): ObjectReader {
	const { converse } = createCommandRunner(ENV);
	return createObjectReader(() => converse({ argv: ['sh', '-c', script] }));
}

async function unreadable(asked: Promise<unknown>): Promise<string> {
	const thrown = await asked.then(
		() => null,
		(error: unknown) => error,
	);
	assert.instance(thrown, Unreadable);
	return (thrown as Unreadable).seen;
}

suite('objects: a real repository', (test) => {
	test('a blob is its bytes, whatever is in them', () =>
		inFolder(async (folder) => {
			const { checkout } = await makePair(folder);
			await commit(
				checkout,
				"printf 'a\\n\\nblob 3\\n\\000\\377\\n' > odd; : > empty; printf x > 'ü name with  spaces'",
			);
			await reading(checkout, async (objects) => {
				const odd = await objects.read('HEAD:odd');
				assert.equal(odd?.bytes, Buffer.from('a\n\nblob 3\n\0\xff\n', 'latin1'));
				assert.equal([odd?.type, (await objects.read('HEAD:empty'))?.bytes.length], ['blob', 0]);
				assert.is((await objects.read('HEAD:ü name with  spaces'))?.bytes.toString(), 'x');
			});
		})());
	test('what is not there is null: a path, an object, a name that could be no path at all', () =>
		inFolder(async (folder) => {
			const { checkout } = await makePair(folder);
			await reading(checkout, async (objects) => {
				for (const name of [
					'HEAD:absent',
					'HEAD:file/below',
					'0'.repeat(40),
					`${'a'.repeat(40)}:file`,
					'two\nlines',
					'',
				]) {
					assert.is(await objects.read(name), null, JSON.stringify(name));
				}
				assert.is((await objects.read('HEAD:file'))?.bytes.toString(), 'one');
			});
		})());
	for (const [format, bytes] of [
		['sha1', 20],
		['sha256', 32],
	] as const) {
		test(`a tree of a ${format} repository lists modes, names and objects`, () =>
			inFolder(async (folder) => {
				const { checkout, first } = await makePair(folder, 'harbor', format);
				assert.is(first.length, 2 * bytes);
				await reading(checkout, async (objects) => {
					const tree = await objects.read(`${first}:`);
					const entries = parseTree(tree?.bytes ?? Buffer.alloc(0), bytes);
					assert.equal(
						entries.map(({ mode, name }) => [mode, name]),
						[
							['40000', 'bin'],
							['100644', 'file'],
						],
					);
					assert.is(entries[1]?.sha, await git(checkout, 'rev-parse', 'HEAD:file'));
				});
			})());
	}
	test('a big blob comes whole, and in linear time', () =>
		inFolder(async (folder) => {
			const { checkout } = await makePair(folder);
			await commit(checkout, `head -c ${64 * MIB} /dev/zero > big`);
			await reading(checkout, async (objects) => {
				const [big, small] = await Promise.all([objects.read('HEAD:big'), objects.read('HEAD:file')]);
				assert.equal([big?.bytes.length, small?.bytes.toString()], [64 * MIB, 'one']);
			});
		})());
	test('a thousand questions at once each get their own answer', () =>
		inFolder(async (folder) => {
			const { checkout } = await makePair(folder);
			await commit(checkout, 'for i in $(seq 100); do echo "$i" > "f$i"; done');
			await reading(checkout, async (objects) => {
				const asked = Array.from({ length: 1_000 }, (_, i) => i % 110);
				const answers = await Promise.all(asked.map((i) => objects.read(`HEAD:f${i}`)));
				const wanted = asked.map((i) => (i >= 1 && i <= 100 ? `${i}\n` : undefined));
				assert.equal(
					answers.map((answer) => answer?.bytes.toString()),
					wanted,
				);
			});
		})());
});

suite('objects: git that fails', (test) => {
	test('no repository: every question is unreadable, in git’s own words, and never "missing"', () =>
		inFolder(async (folder) => {
			const { converse } = createCommandRunner({ ...ENV, GIT_CEILING_DIRECTORIES: folder });
			const argv = ['git', 'cat-file', '--batch'] as const;
			const objects = createObjectReader(() => converse({ argv, cwd: folder }));
			assert.match(await unreadable(objects.read('HEAD:file')), /not a git repository/);
			const again = await Promise.all([unreadable(objects.read('a')), unreadable(objects.read('b'))]);
			for (const seen of again) assert.match(seen, /git ended/);
		})());
	test('a folder that is not there', async () => {
		const { converse } = createCommandRunner(ENV);
		const cwd = join(import.meta.dirname, 'absent');
		const objects = createObjectReader(() => converse({ argv: ['git', 'cat-file', '--batch'], cwd }));
		assert.match(await unreadable(objects.read('HEAD')), /not found/);
	});
	test('git that dies in the middle of an answer: the answer is not taken for a whole one', async () => {
		const sha = 'a'.repeat(40);
		const objects = peerThat(`read name; printf '${sha} blob 100\\nhalf'; echo 'fatal: died' >&2; exit 128`);
		const asked = await Promise.allSettled([objects.read('one'), objects.read('two')]);
		assert.equal(
			asked.map((answer) => answer.status),
			['rejected', 'rejected'],
		);
	});
	test('the next question after a death starts a new process, and gets no stale answer', () =>
		inFolder(async (folder) => {
			const { checkout } = await makePair(folder);
			const { converse } = createCommandRunner(ENV);
			let starts = 0;
			const objects = createObjectReader(() => {
				starts += 1;
				const argv =
					starts === 1 ? (['sh', '-c', 'read name; exit 1'] as const) : (['git', 'cat-file', '--batch'] as const);
				return converse({ argv, cwd: checkout });
			});
			await unreadable(objects.read('HEAD:bin/deploy'));
			assert.is((await objects.read('HEAD:file'))?.bytes.toString(), 'one');
			objects.close();
			assert.is(starts, 2);
		})());
	test('an answer in no form that git has is unreadable, not "missing"', async () => {
		assert.match(await unreadable(peerThat('read name; echo "$name ambiguous"').read('abc')), /abc ambiguous/);
	});
	test('bytes that are no tree are unreadable', () => {
		for (const bytes of [Buffer.from('100644 name'), Buffer.from('no tree at all')]) {
			assert.throws(
				() => parseTree(bytes, 20),
				(error: unknown) => error instanceof Unreadable,
			);
		}
	});
});
