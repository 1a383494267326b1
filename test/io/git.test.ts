import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { Sha } from '../../src/core/brand.ts';
import { Unreadable } from '../../src/core/diagnostic.ts';
import type { CommandResult } from '../../src/io/command.ts';
import { parseRefs, peeled, pushArgs, yesOrNo } from '../../src/io/git.ts';
import { suite } from '../support/suite.ts';

const A = 'a'.repeat(40) as Sha;
const B = 'b'.repeat(64) as Sha;
const isUnreadable = (error: unknown) => error instanceof Unreadable;

suite('git: arguments of a push', (test) => {
	const url = 'https://git.example.test/harbor.git';
	test('a ref moves only from where it was seen', () => {
		assert.equal(pushArgs({ url, sha: B, ref: 'refs/heads/main', expected: A }), [
			'push',
			'--porcelain',
			'--no-verify',
			`--force-with-lease=refs/heads/main:${A}`,
			'--end-of-options',
			url,
			`${B}:refs/heads/main`,
		]);
	});
	test('a ref that must not exist has an empty lease', () => {
		const args = pushArgs({ url, sha: A, ref: 'refs/tags/v0.2.0', expected: null });
		assert.ok(args.includes('--force-with-lease=refs/tags/v0.2.0:'));
	});
	test('nothing is forced, and a URL that looks like an option is none', () => {
		const args = pushArgs({ url: '--upload-pack=evil', sha: A, ref: 'refs/heads/main', expected: A });
		assert.not.ok(args.some((arg) => arg === '--force' || arg === '-f' || arg.startsWith('+')));
		assert.ok(args.indexOf('--end-of-options') < args.indexOf('--upload-pack=evil'));
	});
});

suite('git: refs of a remote', (test) => {
	test('each line is an object name and a ref; both lengths of name are read', () => {
		const refs = parseRefs(`${A}\trefs/heads/main\n${B}\trefs/tags/v1.0\n`);
		assert.equal(
			[...refs],
			[
				['refs/heads/main', A],
				['refs/tags/v1.0', B],
			],
		);
		assert.is(parseRefs('').size, 0);
	});
	for (const [what, text] of [
		['an error page', '<html>502</html>\n'],
		['an abbreviated name', 'abc1234\trefs/heads/main\n'],
		['upper case', `${'A'.repeat(40)}\trefs/heads/main\n`],
		['no ref', `${A}\n`],
		['a third column', `${A}\trefs/heads/main\tmore\n`],
		['spaces for the tab', `${A} refs/heads/main\n`],
		['a good line and then half a one', `${A}\trefs/heads/main\n${A.slice(0, 10)}`],
	] as const) {
		test(`unknown: ${what} is no list of refs`, () => assert.throws(() => parseRefs(text), isUnreadable));
	}
	test('any text is a list of refs or unreadable, never a crash and never half a list', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				try {
					assert.is(parseRefs(text).size, 0);
					assert.match(text, /^\n*$/);
				} catch (error) {
					assert.ok(isUnreadable(error), String(error));
				}
			}),
		);
	});
	test('an annotated tag stands for the commit that it names', () => {
		const commit = 'c'.repeat(40) as Sha;
		const refs = parseRefs(`${A}\trefs/tags/v1\n${commit}\trefs/tags/v1^{}\n${A}\trefs/tags/v2\n`);
		assert.equal(
			[peeled(refs, 'refs/tags/v1'), peeled(refs, 'refs/tags/v2'), peeled(refs, 'refs/tags/v3')],
			[commit, A, null],
		);
	});
});

suite('git: yes or no', (test) => {
	const ended = (exitCode: number | null) =>
		({ exitCode, ended: null, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }) as unknown as CommandResult;
	test('exit 0 is yes, exit 1 is no, and all else is no answer', () => {
		assert.equal([yesOrNo(ended(0), 'it'), yesOrNo(ended(1), 'it')], [true, false]);
		for (const code of [128, 2, null]) assert.throws(() => yesOrNo(ended(code), 'it'), isUnreadable);
	});
});
