import { join } from 'node:path';
import { type OutputChunk, rolldown } from 'rolldown';

/** What package.json exports, by the name of the file in dist/. */
const ENTRIES = {
	cli: 'src/cli.ts',
	graph: 'src/graph/api.ts',
	config: 'src/config/api.ts',
	gemfile: 'src/gemfile/api.ts',
	runner: 'src/runner/api.ts',
};

/** They find their WebAssembly beside their own code, so they stay in node_modules. */
const EXTERNAL = [/^@ruby\/prism(?:\/|$)/, /^@viz-js\/viz(?:\/|$)/];

/**
 * Bundles the command line and the library entries of the project at `root`, in memory.
 * Code behind a dynamic import gets a chunk of its own, so that `slipway --version` pays for no
 * library that it does not use. Throws rolldown's own error for a module that does not resolve.
 */
export async function bundle(root: string): Promise<readonly OutputChunk[]> {
	const build = await rolldown({
		cwd: root,
		input: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, join(root, file)])),
		platform: 'node',
		external: EXTERNAL,
		tsconfig: false,
		transform: { target: 'node22' },
	});
	try {
		const { output } = await build.generate({
			format: 'esm',
			entryFileNames: '[name].js',
			chunkFileNames: 'chunks/[name]-[hash].js',
			comments: { legal: true },
		});
		return output.filter((file) => file.type === 'chunk');
	} finally {
		await build.close();
	}
}

/** The modules that node loads before the first line of the entry `fileName` runs, as paths and package names. */
export function loadedAtStart(chunks: readonly OutputChunk[], fileName: string): readonly string[] {
	const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
	const seen = new Set<string>();
	const modules: string[] = [];
	const waiting = [fileName];
	for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
		if (seen.has(name)) continue;
		seen.add(name);
		const chunk = byName.get(name);
		if (!chunk) modules.push(name);
		else {
			modules.push(...chunk.moduleIds);
			waiting.push(...chunk.imports);
		}
	}
	return modules;
}
