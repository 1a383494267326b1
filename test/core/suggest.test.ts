import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { closest, didYouMean, editDistance } from '../../src/core/suggest.ts';
import { suite } from '../support/suite.ts';

suite('suggest', (test) => {
	const distances: readonly (readonly [from: string, to: string, distance: number])[] = [
		['', '', 0],
		['', 'abc', 3],
		['gates', 'gate', 1],
		['tset', 'test', 1],
		['kitten', 'sitting', 3],
		['abc', 'xyz', 3],
	];
	for (const [from, to, distance] of distances) {
		test(`"${from}" to "${to}" takes ${distance}`, () => {
			assert.is(editDistance(from, to), distance);
		});
	}

	const guesses: readonly (readonly [word: string, choices: readonly string[], guess: string | null])[] = [
		['tset_cmd', ['qa_test_cmd', 'test_cmd'], 'test_cmd'],
		['Hub', ['hub', 'satellite'], 'hub'],
		['zzz', ['hub', 'satellite'], null],
		['ab', ['cd'], null],
		['gate', [], null],
		['aaa', ['aab', 'aac'], 'aab'],
		['x'.repeat(100_000), ['x'.repeat(100_000)], null],
	];
	for (const [word, choices, guess] of guesses) {
		test(`"${word.slice(0, 20)}" among [${choices.map((one) => one.slice(0, 20)).join(', ')}] means ${guess}`, () => {
			assert.is(closest(word, choices), guess);
		});
	}

	test('the fallback sentence stands where nothing is near', () => {
		assert.is(didYouMean('gate', ['gates'], 'See the list.'), 'did you mean `gates`?');
		assert.is(didYouMean('qqqq', ['gates'], 'See the list.'), 'See the list.');
	});

	test('the distance is symmetric, zero only for equal texts, and bounded by the longer one', () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
				const distance = editDistance(a, b);
				assert.is(distance, editDistance(b, a));
				assert.is(distance === 0, a === b);
				assert.ok(distance <= Math.max(a.length, b.length));
			}),
		);
	});
});
