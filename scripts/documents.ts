import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const ROOT = dirname(import.meta.dirname);

/**
 * Every page of docs/ that is made from the source, and how. A person edits the source, never the page.
 * Each generator loads its own source, so that one that does not load spoils one page only.
 */
const DOCUMENTS: Readonly<Record<string, () => Promise<string>>> = {
	'docs/errors.md': async () => {
		const [{ CODES }, { errorReference }] = await Promise.all([
			import('../src/core/codes.ts'),
			import('./error-reference.ts'),
		]);
		return errorReference(CODES);
	},
	'docs/config.md': async () => {
		const { configReference } = await import('../src/config/reference.ts');
		return configReference(await readFile(join(ROOT, 'release_repos.yml'), 'utf8'));
	},
	'docs/cli.md': async () => {
		const { cliReference } = await import('../src/commands/reference.ts');
		return cliReference();
	},
};

/** The generated pages that differ from their source, or are absent. Throws what a generator throws. */
export async function staleDocuments(): Promise<readonly string[]> {
	const stale = Object.entries(DOCUMENTS).map(async ([path, render]) => {
		const [written, wanted] = await Promise.all([readFile(join(ROOT, path), 'utf8').catch(() => null), render()]);
		return written === wanted ? [] : [path];
	});
	return (await Promise.all(stale)).flat();
}

/** Writes every generated page anew. */
export async function writeDocuments(): Promise<void> {
	await Promise.all(
		Object.entries(DOCUMENTS).map(async ([path, render]) => writeFile(join(ROOT, path), await render())),
	);
}
