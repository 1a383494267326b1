import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { packTar, unpackTar } from 'modern-tar';
import * as assert from 'uvu/assert';
import { Unreadable } from '../../src/core/diagnostic.ts';
import { loadGemArchive, parseGemArchive } from '../../src/io/gem-archive.ts';
import { suite } from '../support/suite.ts';
import { buildGem } from './build-gem.ts';
import { inFolder } from './folder.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

async function unreadable(promise: Promise<unknown>): Promise<string> {
	const error = await promise.then(
		(value) => value,
		(reason: unknown) => reason,
	);
	if (!(error instanceof Unreadable)) throw new Error(`not Unreadable: ${JSON.stringify(error)}`);
	return error.message;
}

suite('gem archive', (test) => {
	test(
		'what the real `gem build` made is read in full: versions stay text, long and unusual paths whole',
		inFolder(async (folder) => {
			const file = buildGem(folder, { name: 'studio-ui', version: '1.10', pushHost: 'https://gems.studio.test' });
			const gem = await loadGemArchive(join(folder, file));
			assert.equal([gem.name, gem.version, gem.platform], ['studio-ui', '1.10', 'ruby']);
			assert.is(gem.allowedPushHost, 'https://gems.studio.test');
			assert.equal(gem.dependencies, [
				{ name: 'studio-engine', requirement: '~> 0.8, >= 0.8.10', type: 'runtime' },
				{ name: 'rack', requirement: '>= 0', type: 'runtime' },
				{ name: 'rake', requirement: '= 1.10', type: 'development' },
			]);
			const deep = `lib/${'deep'.repeat(20)}/${'name'.repeat(20)}.rb`;
			assert.equal(
				new Map([...gem.files].sort()),
				new Map([
					[deep, digest('deep\n')],
					['lib/link.rb', digest('-> main.rb')],
					['lib/main.rb', digest("VERSION = '1.10'\n")],
					['lib/ünïcode/empty file.rb', digest('')],
				]),
			);
		}),
	);
	test(
		'a gem for a platform says so, and one without a push host has none',
		inFolder(async (folder) => {
			const file = buildGem(folder, { name: 'studio-ui', version: '0.1.0.rc1', platform: 'x86_64-linux' });
			const gem = await loadGemArchive(join(folder, file));
			assert.equal([gem.version, gem.platform, gem.allowedPushHost], ['0.1.0.rc1', 'x86_64-linux', null]);
		}),
	);
	test(
		'a gem that is cut, altered or something else is Unreadable',
		inFolder(async (folder) => {
			const whole = await readFile(join(folder, buildGem(folder, { name: 'studio-ui', version: '0.1.0' })));
			for (const part of [0, 100, 511, 512, 1_000, Math.floor(whole.length / 2)]) {
				await unreadable(parseGemArchive(whole.subarray(0, part), 'cut.gem'));
			}
			await unreadable(parseGemArchive(Buffer.from('<html>not a gem</html>'), 'page.gem'));
			assert.match(await unreadable(loadGemArchive(join(folder, 'absent.gem'))), 'there is no such file');
			await writeFile(join(folder, 'empty.gem'), '');
			await unreadable(loadGemArchive(join(folder, 'empty.gem')));
		}),
	);
	test(
		'a part that is not the one of the checksums is noticed',
		inFolder(async (folder) => {
			const whole = await readFile(join(folder, buildGem(folder, { name: 'studio-ui', version: '0.1.0' })));
			const other = gzipSync(await packTar([{ header: { name: 'lib/evil.rb', size: 4 }, body: 'evil' }]));
			const entries = (await unpackTar(whole)).map(({ header, data }) =>
				header.name === 'data.tar.gz'
					? { header: { ...header, size: other.length }, body: other }
					: { header, ...(data ? { body: data } : {}) },
			);
			const said = await unreadable(parseGemArchive(Buffer.from(await packTar(entries)), 'altered.gem'));
			assert.match(said, 'data.tar.gz is not the one of checksums.yaml.gz');
		}),
	);
	test(
		'any damaged byte of a gem gives the same gem or Unreadable, never a crash and never other files',
		inFolder(async (folder) => {
			const whole = await readFile(join(folder, buildGem(folder, { name: 'studio-ui', version: '0.1.0' })));
			const { files } = await parseGemArchive(whole, 'whole.gem');
			const damage = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }));
			await fc.assert(
				fc.asyncProperty(damage, async ([at, flip]) => {
					const bytes = Buffer.from(whole);
					bytes[at] = (bytes[at] ?? 0) ^ flip;
					const read = await parseGemArchive(bytes, 'damaged.gem').catch((error: unknown) => error);
					if (read instanceof Unreadable) return;
					assert.equal((read as { files: unknown }).files, files);
				}),
			);
		}),
	);
});
