import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { bundle, loadedAtStart } from '../../scripts/bundle.ts';
import { suite } from '../support/suite.ts';
import { ROOT, read } from './tree.ts';

/** Libraries that cost more than the answer of a short command (docs/ARCHITECTURE.md, "Start-up"). */
const HEAVY = [
	'zod',
	'yaml',
	'execa',
	'listr2',
	'ioredis',
	'@octokit/core',
	'@clack/prompts',
	'@ruby/prism',
	'@viz-js/viz',
];

interface Manifest {
	readonly bin: Readonly<Record<string, string>>;
	readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
}

suite('tidy: package', (test) => {
	const manifest = JSON.parse(read('package.json')) as Manifest;

	test('the build writes every file that package.json names, and the declarations have a source', async () => {
		const built = new Set((await bundle(ROOT)).map((chunk) => `dist/${chunk.fileName}`));
		const named = [...Object.values(manifest.bin), ...Object.values(manifest.exports).map((entry) => entry.default)];
		const unwritten = named.map((path) => path.replace(/^\.\//, '')).filter((path) => !built.has(path));
		assert.equal(unwritten, [], `add an entry to scripts/bundle.ts for: ${unwritten.join(', ')}`);
		for (const { types } of Object.values(manifest.exports)) {
			const source = types.replace('./dist/types/', 'src/').replace(/\.d\.ts$/, '.ts');
			assert.ok(existsSync(join(ROOT, source)), `${types} would be made of ${source}, which is not there`);
		}
	});

	test('no heavy library is loaded before a command needs it', async () => {
		const modules = loadedAtStart(await bundle(ROOT), 'cli.js');
		const eager = HEAVY.filter((name) =>
			modules.some((path) => path === name || path.includes(`node_modules/${name}/`)),
		);
		assert.ok(modules.some((path) => path.endsWith('src/cli.ts')));
		assert.equal(eager, [], `import them inside the command that needs them, with import(): ${eager.join(', ')}`);
	});
});
