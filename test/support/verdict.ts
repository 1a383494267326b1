import type { Finished } from './process.ts';

export interface Verdict {
	readonly passed: number;
	/** Failed tests, and one more when the file itself is broken. */
	readonly failed: number;
	/** Why the file is a failure whatever its tests said; null when it is none. */
	readonly broken: string | null;
}

/** The number behind a label of uvu's closing lines; null when the file never got to them. */
function total(stdout: string, label: string): number | null {
	const found = new RegExp(`^ {2}${label}: +(\\d+)$`, 'm').exec(stdout);
	return found ? Number(found[1]) : null;
}

function brokenBy(run: Finished, ran: number | null, failedTests: number): string | null {
	if (run.timedOut) return 'not finished in time';
	if (run.signal) return `ended by ${run.signal}`;
	if (ran === null) return `exit ${run.code} before uvu printed its totals`;
	if (ran === 0) return 'ran no test';
	if (run.code !== 0 && failedTests === 0) return `exit ${run.code} although no test failed`;
	return null;
}

/**
 * What the process of one test file proves. uvu exits 0 when a suite was never run and when a hook
 * threw (5-style.md, "uvu traps"), so its exit code alone is not believed.
 */
export function judge(run: Finished): Verdict {
	const ran = total(run.stdout, 'Total');
	const passed = total(run.stdout, 'Passed') ?? 0;
	const failedTests = (ran ?? 0) - passed - (total(run.stdout, 'Skipped') ?? 0);
	const broken = brokenBy(run, ran, failedTests);
	return { passed, failed: failedTests + (broken ? 1 : 0), broken };
}
