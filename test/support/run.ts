/**
 * Runs the tests: every test/**\/*.test.ts in a process of its own, a few at a time.
 * Arguments are sub-strings; a file runs when its path holds one of them. The last line is
 * `N passed, N failed`; exit 1 when any failed or none ran.
 */
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { runProcess } from './process.ts';
import { NODE, ROOT } from './toolchain.ts';
import { judge, type Verdict } from './verdict.ts';

const FILE_TIMEOUT_MS = 300_000;
const JOBS = Math.min(4, Math.max(2, availableParallelism()));

interface FileResult extends Verdict {
	readonly file: string;
	readonly output: string;
	readonly seconds: string;
}

async function runFile(file: string): Promise<FileResult> {
	const startedAt = performance.now();
	const env = { ...process.env, NO_COLOR: '1' };
	const run = await runProcess([NODE, file], { cwd: ROOT, env, timeoutMs: FILE_TIMEOUT_MS });
	const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
	return { file, seconds, output: run.stdout + run.stderr, ...judge(run) };
}

function report(result: FileResult): void {
	const count = `${result.passed} passed${result.failed ? `, ${result.failed} failed` : ''}`;
	console.log(`${result.failed ? 'FAIL' : 'ok  '} ${result.file}  ${count}  ${result.seconds} s`);
	if (result.failed) console.log(`${result.output.trimEnd()}\n${result.broken ? `  ${result.broken}\n` : ''}`);
}

async function runAll(files: readonly string[]): Promise<FileResult[]> {
	const waiting = [...files];
	const results: FileResult[] = [];
	const worker = async () => {
		for (let file = waiting.shift(); file; file = waiting.shift()) {
			const result = await runFile(file);
			results.push(result);
			report(result);
		}
	};
	await Promise.all(Array.from({ length: JOBS }, worker));
	return results;
}

/** Files that start servers and real trains take longest: first, so that none is alone at the end. */
function slowestFirst(a: string, b: string): number {
	const rank = (file: string) => (/^test\/(?:cli|kill|rig)\//.test(file) ? 0 : 1);
	return rank(a) - rank(b) || (a < b ? -1 : 1);
}

const wanted = process.argv.slice(2);
const files = globSync('test/**/*.test.ts', { cwd: ROOT })
	.filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
	.sort(slowestFirst);
const results = await runAll(files);
const sum = (pick: (result: FileResult) => number) => results.reduce((count, result) => count + pick(result), 0);
const [passed, failed] = [sum((result) => result.passed), sum((result) => result.failed)];
if (files.length === 0) console.log(`no test file matches ${wanted.join(', ') || 'test/**/*.test.ts'}`);
for (const result of results) if (result.failed) console.log(`failed: ${result.file}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
