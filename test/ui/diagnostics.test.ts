import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import { renderDiagnostics } from '../../src/ui/diagnostics.ts';
import { suite } from '../support/suite.ts';
import { PLAIN } from './fake-run.ts';

const SPAN = {
	file: 'release_repos.yml',
	line: 14,
	col: 5,
	endCol: 16,
	excerpt: '    prod_deplyo: { strategy: none }',
};

function shown(...diagnostics: readonly Partial<Diagnostic>[]): string {
	const whole = diagnostics.map(
		(part) => ({ code: 'usage', severity: 'error', summary: 'it is wrong', ...part }) as const,
	);
	return renderDiagnostics(whole, PLAIN);
}

suite('renderDiagnostics', (test) => {
	test('none is nothing', () => assert.is(shown(), ''));

	test('one message has its place, excerpt, carets, what was seen and the hint', () => {
		const text = shown({
			code: 'unknown-key',
			summary: 'unknown key `prod_deplyo`',
			at: SPAN,
			seen: 'first line\nsecond line\n',
			hint: 'did you mean `prod_deploy`?',
		});
		assert.is(
			text,
			[
				'error[unknown-key]: unknown key `prod_deplyo`',
				'  --> release_repos.yml:14:5',
				'   |',
				'14 |     prod_deplyo: { strategy: none }',
				'   |     ^^^^^^^^^^^',
				'seen: first line',
				'      second line',
				'hint: did you mean `prod_deploy`?',
				'',
			].join('\n'),
		);
	});

	test('several are counted at the end', () => {
		const text = shown({}, { severity: 'warning' }, {});
		assert.is(
			text,
			'error[usage]: it is wrong\n\nwarning[usage]: it is wrong\n\nerror[usage]: it is wrong\n\n2 errors, 1 warning\n',
		);
	});

	test('the repository is named once', () => {
		assert.is(shown({ repo: 'turf' }), 'error[usage]: turf: it is wrong\n');
		assert.is(shown({ repo: 'turf', summary: 'turf is wrong' }), 'error[usage]: turf is wrong\n');
		assert.is(shown({ repo: 'turf', summary: 'the origin of turf.' }), 'error[usage]: the origin of turf.\n');
		assert.is(shown({ repo: 'a', summary: 'gems.a: no such key' }), 'error[usage]: gems.a: no such key\n');
		assert.is(shown({ repo: 'a.b', summary: 'apps.a.b.needs[0]: why' }), 'error[usage]: apps.a.b.needs[0]: why\n');
		assert.is(shown({ repo: 'a', summary: 'gems.ab: why' }), 'error[usage]: a: gems.ab: why\n');
		assert.is(shown({ repo: 'is' }), 'error[usage]: it is wrong\n');
		assert.is(shown({ repo: 'ong' }), 'error[usage]: ong: it is wrong\n');
	});

	const carets: readonly (readonly [rule: string, excerpt: string, col: number, endCol: number, shown: string])[] = [
		['a tab before the place', '\tgem: x', 2, 5, '  |     ^^^'],
		['wide characters before the place', '資産: x', 5, 6, '  |       ^'],
		['an empty span has one caret', 'gem: x', 4, 4, '  |    ^'],
		['a span that ends before it begins has one caret', 'gem: x', 4, 1, '  |    ^'],
		['a span past the end of the line', 'gem', 4, 5, '  |    ^'],
	];
	for (const [rule, excerpt, col, endCol, line] of carets) {
		test(`carets stand under ${rule}`, () => {
			const text = shown({ at: { file: 'f', line: 1, col, endCol, excerpt } });
			assert.is(text.split('\n')[4], line);
		});
	}

	test('a very long line is cut, and so are its carets', () => {
		const text = shown({ at: { file: 'f', line: 1, col: 1, endCol: 5000, excerpt: 'x'.repeat(5000) } });
		for (const line of text.split('\n')) assert.ok(line.length < 170);
	});

	test('an empty excerpt leaves the place alone', () => {
		assert.is(shown({ at: { ...SPAN, excerpt: '' } }), 'error[usage]: it is wrong\n  --> release_repos.yml:14:5\n');
	});

	test('control sequences and secrets of what was seen do not come out', () => {
		const text = shown({ seen: '\x1b[2Jfatal: https://bob:hunter2@git.test/ not found' });
		assert.is(text, 'error[usage]: it is wrong\nseen: fatal: https://[redacted]@git.test/ not found\n');
	});
});
