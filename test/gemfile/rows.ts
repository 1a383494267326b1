import * as assert from 'uvu/assert';
import { repin } from '../../src/gemfile/repin.ts';
import { suite } from '../support/suite.ts';

export const PINS = { x: '0.9.3', y: '1.2.3' };

/** Rule, Gemfile, and what becomes of it. */
export type Row = readonly [rule: string, before: string, after: string];

/** A suite with one test a row. What a re-pin wrote must be left alone by the next one. */
export function rewrites(name: string, rows: readonly Row[]): void {
	suite(name, (test) => {
		for (const [rule, before, after] of rows) {
			test(rule, () => {
				const result = repin(before, PINS);
				assert.equal(result.refusals, []);
				assert.is(result.text, after);
				assert.is(result.changes.length === 0, before === after);
				const again = repin(after, PINS);
				assert.equal([again.text, again.refusals], [after, []], 'a re-pinned Gemfile needs nothing');
			});
		}
	});
}
