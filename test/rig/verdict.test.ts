import * as assert from 'uvu/assert';
import { type Finished, runProcess } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { NODE, ROOT } from '../support/toolchain.ts';
import { judge } from '../support/verdict.ts';

const totals = (total: number, passed: number) =>
	`  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   0\n  Duration:  1.00ms\n`;

const finished = (more: Partial<Finished>): Finished => ({
	code: 0,
	signal: null,
	stdout: '',
	stderr: '',
	timedOut: false,
	...more,
});

suite('verdict of a test file', (test) => {
	const cases: [string, Finished, { passed: number; failed: number; broken: RegExp | null }][] = [
		['all passed', finished({ stdout: totals(3, 3) }), { passed: 3, failed: 0, broken: null }],
		['one failed', finished({ code: 1, stdout: totals(3, 2) }), { passed: 2, failed: 1, broken: null }],
		['no test ran', finished({ stdout: totals(0, 0) }), { passed: 0, failed: 1, broken: /ran no test/ }],
		['nothing was printed', finished({}), { passed: 0, failed: 1, broken: /before uvu printed/ }],
		['it crashed afterwards', finished({ code: 7, stdout: totals(2, 2) }), { passed: 2, failed: 1, broken: /exit 7/ }],
		['it was killed', finished({ code: null, signal: 'SIGKILL' }), { passed: 0, failed: 1, broken: /SIGKILL/ }],
		[
			'it hung',
			finished({ code: null, signal: 'SIGTERM', timedOut: true }),
			{ passed: 0, failed: 1, broken: /in time/ },
		],
	];
	for (const [name, run, expected] of cases) {
		test(name, () => {
			const verdict = judge(run);
			assert.is(verdict.passed, expected.passed);
			assert.is(verdict.failed, expected.failed);
			if (expected.broken) assert.match(verdict.broken ?? '', expected.broken);
			else assert.is(verdict.broken, null);
		});
	}

	test('no file matches: exit 1 and a last line of zeros', async () => {
		const run = await runProcess([NODE, `${ROOT}test/support/run.ts`, 'no-file-has-this-name']);
		assert.is(run.code, 1);
		assert.match(run.stdout, /no test file matches no-file-has-this-name\n0 passed, 0 failed\n$/);
	});
});

suite('process', (test) => {
	test('a program past its time is ended with all its children', async () => {
		// The shell ignores the polite signal, so only the hard one to its whole group ends the sleep.
		const run = await runProcess(['sh', '-c', 'trap "" TERM; echo up; sleep 60'], { timeoutMs: 200 });
		assert.is(run.timedOut, true);
		assert.is(run.signal, 'SIGKILL');
		assert.is(run.stdout, 'up\n');
	});

	test("a program that is not there rejects with the system's own words", async () => {
		const error = await runProcess(['/nowhere/program']).catch((caught: unknown) => caught);
		assert.match(String(error), 'ENOENT');
	});
});
