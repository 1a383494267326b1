import { createHash } from 'node:crypto';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { legacyIndexNames, matchesDigest, parseInfo } from '../../src/io/compact-index.ts';
import { suite } from '../support/suite.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

suite('compact index', (test) => {
	test('version, platform and checksum of each line; dependencies and Ruby are passed over', () => {
		const body = `created_at: 2026-03-14T09:26:53Z\n---\n0.1.0 |checksum:${A}\n1.0.0.rc1 rack:< 4&>= 2,rake:>= 0|checksum:${B},ruby:>= 3.1&< 4,rubygems:> 1.3.1\n0.2.0-x86_64-linux-musl |checksum:${A},ruby:>= 3\n0.3.0 |ruby:>= 2\n`;
		assert.equal(parseInfo(body), {
			ok: true,
			versions: [
				{ version: '0.1.0', platform: 'ruby', sha256: A, yanked: false },
				{ version: '1.0.0.rc1', platform: 'ruby', sha256: B, yanked: false },
				{ version: '0.2.0', platform: 'x86_64-linux-musl', sha256: A, yanked: false },
				{ version: '0.3.0', platform: 'ruby', sha256: null, yanked: false },
			],
		});
	});
	test('a gem of which every version was yanked has a page without lines', () => {
		assert.equal(parseInfo('---\n'), { ok: true, versions: [] });
	});
	test('a last line without its end counts only when its checksum is whole', () => {
		assert.ok(parseInfo(`---\n0.1.0 |checksum:${A}`).ok);
		assert.not.ok(parseInfo(`---\n0.1.0 |checksum:${A.slice(1)}`).ok);
		assert.not.ok(parseInfo('---\n0.1.0 |').ok);
		assert.not.ok(parseInfo('---\n0.1').ok);
	});
	test('what is no compact index is not an empty one', () => {
		const pages = [
			'',
			'\n',
			'<!DOCTYPE html>\n<html>\n',
			'null',
			`0.1.0 |checksum:${A}\n`,
			'---',
			'---\n\n',
			'---\n<html>\n',
			'---\n0.1.0 |checksum:xyz\n',
		];
		for (const page of pages) assert.not.ok(parseInfo(page).ok, JSON.stringify(page));
	});
	test('a page cut anywhere is never another set of whole versions', () => {
		const lines = [`0.1.0 |checksum:${A}`, `0.2.0 rack:>= 2|checksum:${B},ruby:>= 3.1`];
		const body = `---\n${lines.join('\n')}\n`;
		fc.assert(
			fc.property(fc.nat(body.length), (length) => {
				const page = parseInfo(body.slice(0, length));
				if (!page.ok) return;
				for (const { version, sha256 } of page.versions) assert.is(sha256, version === '0.1.0' ? A : B);
			}),
		);
	});
	test('a body that is not the one of its digest is noticed', () => {
		const body = Buffer.from('---\n');
		const digest = createHash('sha256').update(body).digest('base64');
		const named = new Headers({ 'Repr-Digest': `md5=:x:, sha-256=:${digest}:` });
		assert.ok(matchesDigest(body, named));
		assert.ok(matchesDigest(body, new Headers()));
		assert.not.ok(matchesDigest(Buffer.from('---\n0.1'), named));
	});
	test('a legacy index names a gem only by its whole name', () => {
		// Marshal of [["studio-engine", "0.1.0", "ruby"]], as far as names matter.
		const specs = Buffer.from('\u0004\b[\u0006[\bI"\u0012studio-engine\u0006:\u0006ET', 'latin1');
		assert.ok(legacyIndexNames(specs, 'studio-engine'));
		assert.not.ok(legacyIndexNames(specs, 'studio'));
		assert.not.ok(legacyIndexNames(specs, 'engine'));
	});
});
