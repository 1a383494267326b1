import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { type Files, withSandbox } from './sandbox.ts';
import { tool } from './tool.ts';

/** What Biome must refuse, and the rule that says so. A limit that nobody has seen at work is a wish. */
const OFFENCES: readonly (readonly [rule: string, path: string, text: string])[] = [
	['noExcessiveLinesPerFile', 'src/runner/long.ts', 'export {};\n'.repeat(301)],
	[
		'noExcessiveLinesPerFunction',
		'src/runner/long.ts',
		`export function long(): void {\n${'\tstep();\n'.repeat(61)}}\n`,
	],
	[
		'useMaxParams',
		'src/runner/wide.ts',
		'export function wide(a: 1, b: 2, c: 3, d: 4) {\n\treturn a + b + c + d;\n}\n',
	],
	['noExplicitAny', 'src/core/loose.ts', 'export const loose: any = 1;\n'],
	['noConsole', 'src/tasks/loud.ts', "console.log('published');\n"],
	['noProcessExit', 'src/commands/rash.ts', 'process.exit(1);\n'],
	['useFilenamingConvention', 'src/core/camelCase.ts', 'export const name = 1;\n'],
	['noBarrelFile', 'src/io/everything.ts', "export * from './git.ts';\n"],
	['noFloatingPromises', 'src/runner/loose.ts', 'async function go(): Promise<void> {\n\tawait null;\n}\ngo();\n'],
];

interface Report {
	readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[];
}

/** What `biome lint` reports on these files, as `rule path`. */
function lint(files: Files): readonly string[] {
	const argv = ['lint', '--reporter=json', '--max-diagnostics=none', 'src'];
	const { stdout } = withSandbox(files, (cwd) => tool('biome', argv, cwd));
	const { diagnostics } = JSON.parse(stdout) as Report;
	return diagnostics.map(({ category, location }) => `${category.split('/').at(-1)} ${location.path}`);
}

suite('tidy: lint', (test) => {
	for (const [rule, path, text] of OFFENCES) {
		test(`${rule} is refused in ${path}`, () => {
			const found = lint({ [path]: text });
			assert.ok(found.includes(`${rule} ${path}`), `biome said only: ${found.join(', ')}`);
		});
	}

	test('the command line may end the process', () => {
		assert.equal(lint({ 'src/cli.ts': 'process.exit(1);\n' }), []);
	});
});
