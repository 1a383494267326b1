import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { Unreadable } from '../../src/core/diagnostic.ts';
import { findCredential } from '../../src/io/gem-credentials.ts';
import { suite } from '../support/suite.ts';
import { inFolder } from './folder.ts';

const REGISTRY = 'https://gems.example.test';
const OLD_PLACE = '.gem/credentials';
const NEW_PLACE = '.local/share/gem/credentials';

/** What is found in a home that holds these files. */
function found(
	files: Readonly<Record<string, string>>,
	env: Readonly<Record<string, string>> = {},
): Promise<string | null> {
	let answer: string | null = null;
	return inFolder(async (home) => {
		for (const [name, content] of Object.entries(files)) {
			await mkdir(dirname(join(home, name)), { recursive: true });
			await writeFile(join(home, name), content);
		}
		answer = await findCredential(REGISTRY, { HOME: home, ...env });
	})().then(() => answer);
}

suite('gem credentials', (test) => {
	test('a key in the environment, a key in the file, or none', async () => {
		assert.is(await found({}, { GEM_HOST_API_KEY: 'key' }), 'environment');
		assert.is(await found({ [NEW_PLACE]: '---\n:rubygems_api_key: key\n' }), 'file');
		assert.is(await found({}), null);
		assert.is(await found({}, { GEM_HOST_API_KEY: '' }), null);
	});
	for (const [what, line, expected] of [
		['a key for this registry', `${REGISTRY}: key`, 'file'],
		['one in quotes', `"${REGISTRY}": key`, 'file'],
		['one with a slash at its end, which is another address to RubyGems', `${REGISTRY}/: key`, null],
		['one with a colon before it', `:${REGISTRY}: key`, null],
		['the key for all without its colon', 'rubygems_api_key: key', null],
		['the key for all', ':rubygems_api_key: key', 'file'],
		['a key for another registry', 'https://elsewhere.test: key', null],
		['a name with no key', ':rubygems_api_key:', null],
		['a comment', '# :rubygems_api_key: key', null],
	] as const) {
		test(`${what}: ${expected ?? 'none'}`, async () =>
			assert.is(await found({ [OLD_PLACE]: `---\n${line}\n` }), expected));
	}
	test('RubyGems reads only the first file that is there, and so a key in the second is none', async () => {
		assert.is(await found({ [OLD_PLACE]: '---\n', [NEW_PLACE]: ':rubygems_api_key: key\n' }), null);
	});
	test('a home of data elsewhere is looked at', () =>
		inFolder(async (folder) => {
			await mkdir(join(folder, 'gem'));
			await writeFile(join(folder, 'gem', 'credentials'), ':rubygems_api_key: key\n');
			assert.is(await findCredential(REGISTRY, { HOME: '/absent', XDG_DATA_HOME: folder }), 'file');
		})());
	test('a folder in its place is no file of keys', async () => {
		assert.is(await found({ [`${OLD_PLACE}/x`]: '' }).catch((error: unknown) => error instanceof Unreadable), null);
	});
});
