/**
 * `npm run check`: everything that can be said about the source without running it. All checks run at
 * once; each prints one line, and its whole output when it fails. `-- --write` first formats the
 * source and renews the generated pages of docs/.
 */
import { execFile } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { staleDocuments, writeDocuments } from './documents.ts';

const ROOT = dirname(import.meta.dirname);
const BIN = join(ROOT, 'node_modules/.bin');
/** The tools' own `#!/usr/bin/env node` must find the Node of this project, not an older one of the system. */
const ENV = { ...process.env, PATH: [BIN, process.env.PATH].join(delimiter), FORCE_COLOR: '0', NO_COLOR: '1' };

interface Verdict {
	readonly ok: boolean;
	readonly output: string;
}
type Check = () => Promise<Verdict>;

const CHECKS: Readonly<Record<string, Check>> = {
	types: () => tool('tsc', '-p', 'tsconfig.json'),
	'lint and format': () => tool('biome', 'check', '--error-on-warnings', '--max-diagnostics=100', '.'),
	layers: () => tool('depcruise', '--config', '.dependency-cruiser.mjs', '--output-type', 'err-long', 'src'),
	'unused code': () => tool('knip'),
	package: publishable,
	documents: freshDocuments,
};

/** Runs a tool of node_modules to its end; a tool that cannot start has failed. */
function tool(name: string, ...args: readonly string[]): Promise<Verdict> {
	return new Promise((resolve) => {
		execFile(join(BIN, name), args, { cwd: ROOT, env: ENV, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
			const words = `${stdout}${stderr}`.trim();
			resolve({ ok: error === null, output: words || (error?.message ?? '') });
		});
	});
}

async function publishable(): Promise<Verdict> {
	const built = await tool('node', join(ROOT, 'scripts/build.ts'), '--types');
	return built.ok ? tool('publint', '--strict', '.') : built;
}

async function freshDocuments(): Promise<Verdict> {
	const stale = await staleDocuments();
	const output = stale.map((path) => `${path} differs from its source: npm run check -- --write`).join('\n');
	return { ok: stale.length === 0, output };
}

/** A check that throws has failed, and the others still tell their verdicts. */
async function report(name: string, check: Check): Promise<boolean> {
	const started = performance.now();
	const { ok, output } = await check().catch((error: unknown) => ({ ok: false, output: String(error) }));
	const seconds = ((performance.now() - started) / 1000).toFixed(1);
	console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(16)} ${seconds} s`);
	if (!ok) console.log(`${output.replaceAll(/^/gm, '        ')}\n`);
	return ok;
}

async function main(): Promise<void> {
	if (process.argv.includes('--write')) {
		await writeDocuments();
		await tool('biome', 'check', '--write', '.');
	}
	const verdicts = await Promise.all(Object.entries(CHECKS).map(([name, check]) => report(name, check)));
	const failed = verdicts.filter((ok) => !ok).length;
	console.log(failed === 0 ? '\nAll checks passed.' : `\n${failed} of ${verdicts.length} checks failed.`);
	process.exitCode = failed === 0 ? 0 : 1;
}

await main();
