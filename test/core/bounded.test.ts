import * as assert from 'uvu/assert';
import { mapBounded } from '../../src/core/bounded.ts';
import { suite } from '../support/suite.ts';

suite('bounded', (test) => {
	test('gives the results in the order of the items, and never has more under way', async () => {
		let running = 0;
		let most = 0;
		const doubled = await mapBounded([5, 1, 4, 2, 3], 2, async (item) => {
			running += 1;
			most = Math.max(most, running);
			for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
			running -= 1;
			return item * 2;
		});
		assert.equal(doubled, [10, 2, 8, 4, 6]);
		assert.is(most, 2);
	});

	test('no items give no results', async () => {
		assert.equal(await mapBounded([], 4, async () => 1), []);
	});

	test('one failure rejects the whole', async () => {
		const failing = mapBounded([1, 2, 3], 2, async (item) => {
			if (item === 2) throw new Error('two');
			return item;
		});
		await failing.then(
			() => assert.unreachable('it did not reject'),
			(error: Error) => assert.is(error.message, 'two'),
		);
	});
});
