import * as assert from 'uvu/assert';
import { createReadings } from '../../src/io/readings.ts';
import { suite } from '../support/suite.ts';

const MAX_AGE = 100;

/** Readings with a clock that the test moves, and a read that counts itself. */
function setting() {
	let now = 0;
	let reads = 0;
	const readings = createReadings(MAX_AGE, () => now);
	const take = async () => {
		reads += 1;
		return reads;
	};
	return { readings, take, at: (time: number) => (now = time), read: () => readings.read('origin', 'main', take) };
}

suite('readings', (test) => {
	test('questions of one moment share one read, and those of a later moment do not', async () => {
		const { read, at } = setting();
		assert.equal(await Promise.all([read(), read()]), [1, 1]);
		at(MAX_AGE);
		assert.is(await read(), 1);
		at(MAX_AGE + 1);
		assert.is(await read(), 2);
	});
	test('places and what is asked there are told apart', async () => {
		const { readings, take } = setting();
		const asked = [readings.read('a', 'b c', take), readings.read('a b', 'c', take), readings.read('a', 'b', take)];
		assert.equal(await Promise.all(asked), [1, 2, 3]);
	});
	test('an effect on a place ends all that was read from it, and nothing else', async () => {
		const { readings, take, read } = setting();
		await read();
		await readings.read('elsewhere', 'main', take);
		readings.forget('origin');
		assert.equal([await read(), await readings.read('elsewhere', 'main', take)], [3, 2]);
		readings.forget();
		assert.is(await readings.read('elsewhere', 'main', take), 4);
	});
	test('a read that began before the effect is not kept when it ends after it', async () => {
		const { readings, take } = setting();
		const slow = Promise.withResolvers<string>();
		const early = readings.read<string | number>('origin', 'main', () => slow.promise);
		readings.forget('origin');
		const late = await readings.read<string | number>('origin', 'main', take);
		slow.resolve('before');
		assert.equal([await early, late, await readings.read('origin', 'main', take)], ['before', 1, 1]);
	});
	test('a failure is not kept, and an old one does not end a newer reading', async () => {
		const { readings, take, read } = setting();
		const slow = Promise.withResolvers<never>();
		const early = readings.read('origin', 'main', () => slow.promise);
		readings.forget('origin');
		assert.is(await read(), 1);
		slow.reject(new Error('timed out'));
		assert.is(await early.catch((error: Error) => error.message), 'timed out');
		assert.is(await read(), 1);
		const failed = readings.read('b', 'main', () => Promise.reject(new Error('no')));
		assert.is(await failed.catch((error: Error) => error.message), 'no');
		assert.is(await readings.read('b', 'main', take), 2);
	});
});
