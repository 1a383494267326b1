/**
 * `node scripts/build.ts [--types]`: src/ → dist/. With --types also the declarations of the library
 * entries (dist/types), which only a published package needs.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { bundle } from './bundle.ts';

const ROOT = dirname(import.meta.dirname);
const DIST = join(ROOT, 'dist');

/** A `slipway` that starts during the build must find whole files, so each one is renamed into place. */
function place(path: string, code: string, mode: number): void {
	mkdirSync(dirname(path), { recursive: true });
	const temporary = `${path}.${process.pid}`;
	writeFileSync(temporary, code, { mode });
	renameSync(temporary, path);
}

/** Chunks carry a hash in their name: those of an earlier build would stay for ever. */
function removeStale(kept: ReadonlySet<string>): void {
	for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
		const path = join(entry.parentPath, entry.name);
		const name = relative(DIST, path);
		if (entry.isFile() && !name.startsWith('types') && !kept.has(name)) rmSync(path, { force: true });
	}
}

async function emitBundle(): Promise<void> {
	const chunks = await bundle(ROOT);
	for (const chunk of chunks) {
		const isCli = chunk.fileName === 'cli.js';
		place(join(DIST, chunk.fileName), isCli ? `#!/usr/bin/env node\n${chunk.code}` : chunk.code, isCli ? 0o755 : 0o644);
	}
	removeStale(new Set(chunks.map((chunk) => chunk.fileName)));
}

function emitTypes(): void {
	rmSync(join(DIST, 'types'), { recursive: true, force: true });
	const tsc = join(ROOT, 'node_modules/.bin/tsc');
	execFileSync(tsc, ['-p', join(ROOT, 'tsconfig.build.json')], { stdio: 'inherit' });
}

await emitBundle();
if (process.argv.includes('--types')) emitTypes();
