import * as assert from 'uvu/assert';
import { Unreadable } from '../../src/core/diagnostic.ts';
import { backoffOf, retried } from '../../src/io/retry.ts';
import { suite } from '../support/suite.ts';

/** A read that fails in turn with each error, then answers; it counts itself. */
function reader(...errors: readonly Error[]) {
	let reads = 0;
	const read = async () => {
		const error = errors[reads];
		reads += 1;
		if (error) throw error;
		return 'an answer';
	};
	return { read, reads: () => reads };
}

const away = (what: string) => new Unreadable(what, 'no answer');

async function thrownBy(asked: Promise<unknown>): Promise<unknown> {
	return asked.then(
		() => null,
		(error: unknown) => error,
	);
}

suite('retry: reads of the world', (test) => {
	test('a read that fails is repeated, and its answer is the answer', async () => {
		const { read, reads } = reader(away('first'), away('second'));
		assert.is(await retried(read, { retries: 2, backoffMs: 1 }), 'an answer');
		assert.is(reads(), 3);
	});
	test('within its bounds: then the last failure is thrown', async () => {
		const last = away('second');
		const { read, reads } = reader(away('first'), last, away('never asked'));
		assert.is(await thrownBy(retried(read, { retries: 1, backoffMs: 1 })), last);
		assert.is(reads(), 2);
	});
	test('an error that is no failed read is a bug, and passes at once', async () => {
		const bug = new TypeError('x is undefined');
		const { read, reads } = reader(bug);
		assert.is(await thrownBy(retried(read, { retries: 5, backoffMs: 1 })), bug);
		assert.is(reads(), 1);
	});
	test('an abort ends the pause, and nothing is asked again', async () => {
		const stop = new AbortController();
		const { read, reads } = reader(away('first'), away('second'));
		const asked = retried(read, { retries: 5, backoffMs: 600_000, signal: stop.signal });
		stop.abort();
		assert.instance(await thrownBy(asked), Unreadable);
		assert.is(reads(), 1);
	});
	test('pauses double, and no two trains keep step', () => {
		for (const attempt of [0, 1, 4]) {
			const pause = backoffOf(attempt, 100);
			const longest = 100 * 2 ** attempt;
			assert.ok(pause >= longest / 2 && pause <= longest, `${attempt}: ${pause}`);
		}
	});
});
