import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './tree.ts';

/** Files by path, relative to the root of the project. */
export type Files = Readonly<Record<string, string>>;

/**
 * Calls `use` with a folder that has the settings and libraries of this project and only these
 * source files, and removes it afterwards.
 */
export function withSandbox<T>(files: Files, use: (dir: string) => T): T {
	const dir = mkdtempSync(join(tmpdir(), 'slipway-tidy-'));
	try {
		for (const shared of ['node_modules', 'package.json', 'biome.json', '.dependency-cruiser.mjs']) {
			symlinkSync(join(ROOT, shared), join(dir, shared));
		}
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(dir, path)), { recursive: true });
			writeFileSync(join(dir, path), text);
		}
		return use(dir);
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}
