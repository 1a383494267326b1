import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { clean } from '../../src/core/clean.ts';
import { formatDuration, safe, safeLine } from '../../src/ui/terminal.ts';
import { displayWidth, pad, truncate } from '../../src/ui/width.ts';
import { suite } from '../support/suite.ts';

suite('clean', (test) => {
	const cases: readonly (readonly [name: string, text: string, shown: string])[] = [
		['colour goes', '\x1b[1;32mok\x1b[0m', 'ok'],
		['cursor movement and erasing go', 'a\x1b[2J\x1b[1;1Hb\x1b[K', 'ab'],
		['a window title goes whole, either way it ends', '\x1b]0;pwned\x07a\x1b]0;pwned\x1b\\b', 'ab'],
		['a link keeps its text', '\x1b]8;;https://a.test\x1b\\text\x1b]8;;\x1b\\', 'text'],
		['eight-bit controls go', 'a\x9b31mb\x85c', 'abc'],
		['an unfinished sequence hides nothing after it', '\x1b]0;title\nnext', '0;title\nnext'],
		['bell, backspace, null and delete go', 'a\x07b\x08c\0d\x7f', 'abcd'],
		['line feeds stay', 'a\nb\r\nc', 'a\nb\nc'],
		['a tab becomes spaces', 'a\tb', 'a    b'],
		['a rewritten line keeps its last state', '10%\r50%\r100%\r', '100%'],
		['marks that reorder a line go', 'safe\u202egpj.exe', 'safegpj.exe'],
		['a lone surrogate becomes the replacement character', 'a\ud800b', 'a\ufffdb'],
		['other scripts stay', 'Ünïcode 資産 🚢', 'Ünïcode 資産 🚢'],
	];
	for (const [name, text, shown] of cases) test(name, () => assert.is(clean(text), shown));

	test('property: nothing that moves a cursor survives, and cleaning twice changes nothing', () => {
		const piece = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.constantFrom('\x1b', '\x1b[', '\x1b]0;', '\x9b', '\r', '\x07', '[31m'),
		);
		return fc.assert(
			fc.property(fc.array(piece), (pieces) => {
				const shown = clean(pieces.join(''));
				assert.not.match(shown, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
				assert.is(clean(shown), shown);
			}),
		);
	});

	test('reads a hundred kilobytes of hostile text in linear time', () => {
		for (const part of ['\x1b]', '\x9d', '\x1b[', 'a\r', '\x1b ']) {
			const started = performance.now();
			clean(part.repeat(50_000));
			assert.ok(performance.now() - started < 1000, JSON.stringify(part));
		}
	});

	test('safe: a control sequence inside a token does not hide it', () => {
		assert.is(safe('ghp_aaaaaaaaaa\x1b[0maaaaaaaaaaaaaaa'), '[redacted]');
	});

	test('safeLine: text of several lines becomes one', () => assert.is(safeLine(' a\nb\n'), 'a b'));
});

suite('formatDuration', (test) => {
	const cases: readonly (readonly [ms: number, shown: string])[] = [
		[0, '0s'],
		[-5, '0s'],
		[340.6, '340ms'],
		[999, '999ms'],
		[1999, '1s'],
		[59_999, '59s'],
		[60_000, '1m 00s'],
		[245_000, '4m 05s'],
		[7_380_000, '2h 03m'],
		[90_000_000, '25h 00m'],
	];
	for (const [ms, shown] of cases) test(`${ms} ms is ${shown}`, () => assert.is(formatDuration(ms), shown));
});

suite('width', (test) => {
	const widths: readonly (readonly [text: string, columns: number])[] = [
		['', 0],
		['abc', 3],
		['資産', 4],
		['한국', 4],
		['ｆｕｌｌ', 8],
		['e\u0301', 1],
		['🚢', 2],
		['👩‍🚀', 2],
		['❤️', 2],
		['━✔↷', 3],
		['a\u200bb', 2],
	];
	for (const [text, columns] of widths) {
		test(`${JSON.stringify(text)} takes ${columns}`, () => assert.is(displayWidth(text), columns));
	}

	const cuts: readonly (readonly [text: string, columns: number, shown: string])[] = [
		['abc', 3, 'abc'],
		['abcd', 3, 'ab…'],
		['abcd', 1, '…'],
		['abcd', 0, ''],
		['資産資', 6, '資産資'],
		['資産資', 5, '資産…'],
		['資産資', 4, '資…'],
		['e\u0301e\u0301', 2, 'e\u0301e\u0301'],
	];
	for (const [text, columns, shown] of cuts) {
		test(`${JSON.stringify(text)} cut to ${columns} is ${shown}`, () => assert.is(truncate(text, columns), shown));
	}

	test('property: a cut text fits, a padded one fits exactly, and what fits is not touched', () => {
		const text = fc.string({ unit: fc.constantFrom('a', ' ', '資', '🚢', 'e\u0301', 'é', '👩‍🚀') });
		return fc.assert(
			fc.property(text, fc.nat(30), (whole, columns) => {
				assert.ok(displayWidth(truncate(whole, columns)) <= columns);
				assert.is(displayWidth(pad(whole, columns)), columns);
				assert.is(truncate(whole, displayWidth(whole)), whole);
			}),
		);
	});
});
