import { homedir } from 'node:os';
import { ROOT } from './tree.ts';

/**
 * What the house asks of its files and no linter can see (docs/TESTING.md, "Tidy"). Each rule carries
 * an example that breaks it: a rule that cannot fail guards nothing.
 */
export interface TidyRule {
	readonly name: string;
	/** What to do instead; the person who broke the rule reads this. */
	readonly instead: string;
	readonly applies: (path: string) => boolean;
	/** Where the text breaks the rule, in its own words. */
	readonly find: (path: string, text: string) => readonly string[];
	readonly example: { readonly path: string; readonly text: string };
}

const PURE =
	/^src\/(?:core|graph|config|gemfile)\/|^src\/(?:record\/transitions|runner\/schedule|tasks\/[^/]+\/decide)\.ts$/;

const isCode = (path: string) => /\.(?:ts|mjs)$/.test(path);
const isProduct = (path: string) => path.startsWith('src/');
const isTest = (path: string) => path.endsWith('.test.ts');

/** The lines that hold a match, with their numbers. */
function linesWith(pattern: RegExp): TidyRule['find'] {
	return (_path, text) =>
		text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`line ${index + 1}: ${line.trim()}`] : []));
}

export const RULES: readonly TidyRule[] = [
	{
		name: 'no path of the machine that it was written on',
		instead: 'Build the path from import.meta.dirname, os.tmpdir() or an argument.',
		applies: () => true,
		find: (path, text) => [
			...linesWith(new RegExp([ROOT, homedir()].map((folder) => `${RegExp.escape(folder)}/\\w`).join('|')))(path, text),
			...(path.startsWith('test/') ? [] : linesWith(/["'`\s(]\/(?:home|Users|root)\/\w/)(path, text)),
		],
		example: { path: 'test/io/files.test.ts', text: `const here = '${ROOT}/release_repos.yml';` },
	},
	{
		name: 'a name says what is inside',
		instead: 'Name the file or folder after the question it answers: width.ts, retry.ts, span-label.ts.',
		applies: () => true,
		find: (path) => path.match(/(?:^|\/)(?:utils?|helpers?|common|misc|managers?|lib|index)(?=\/|\.\w+$)/g) ?? [],
		example: { path: 'src/utils/index.ts', text: '' },
	},
	{
		name: 'folders are kebab-case',
		instead: 'Use lower-case words with hyphens, as files do.',
		applies: (path) => /^(?:src|test|scripts|bench|docs)\//.test(path),
		find: (path) =>
			path
				.split('/')
				.slice(0, -1)
				.filter((folder) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(folder)),
		example: { path: 'src/gemFile/lock.ts', text: '' },
	},
	{
		name: 'no promise of later work',
		instead: 'Do it now, or leave it out and say in docs/ARCHITECTURE.md that it is absent.',
		applies: isCode,
		find: linesWith(new RegExp(`\\b(?:TO${'DO'}|FIX${'ME'}|XX${'X'}|HA${'CK'})\\b`)),
		example: { path: 'src/cli.ts', text: `// TO${'DO'}: later` },
	},
	{
		name: 'no boolean positional parameter',
		instead: 'Take an options object, or write two functions: f(x, true) tells its reader nothing.',
		applies: isProduct,
		find: (_path, text) =>
			[...text.matchAll(/function\s+(\w+)\s*(?:<[^>]*>)?\(([^)]*)\)/g)]
				.filter(([, , parameters]) => /(?:^|,)\s*\w+\??:\s*boolean\s*(?:,|=|$)/.test(withoutBraces(parameters ?? '')))
				.map(([, name]) => `function ${name}`),
		example: { path: 'src/ui/frame.ts', text: 'function frame(rows: number, wide: boolean): string {' },
	},
	{
		name: 'pure files know no clock, chance or environment',
		instead: 'Take the time, the random bytes or the environment as an argument; src/commands reads them once.',
		applies: (path) => PURE.test(path),
		find: linesWith(/\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bprocess\.(?:env|cwd|argv)\b/),
		example: { path: 'src/graph/draft.ts', text: 'const at = Date.now();' },
	},
	{
		name: 'tests go through the wrapper',
		instead:
			"Declare tests with suite() of test/support/suite.ts and import only 'uvu/assert': uvu is green on no tests.",
		applies: (path) => path.startsWith('test/') && path !== 'test/support/suite.ts',
		find: linesWith(/^import .* from 'uvu'/),
		example: { path: 'test/core/brand.test.ts', text: `import { test } from ${"'uvu'"};` },
	},
	{
		name: 'tests do not sleep',
		instead: 'Wait for what should happen: an event, a file, an answer, a command that the test holds open.',
		applies: isTest,
		find: linesWith(/timers\/promises|setTimeout\(\s*(?:resolve|r|ok|done)\b|\bsleep\(|Atomics\.wait\(/),
		example: { path: 'test/runner/run.test.ts', text: `await new Promise((resolve) => ${'set'}Timeout(resolve, 50));` },
	},
];

/** Parameters without the members of the object types among them. */
function withoutBraces(parameters: string): string {
	return parameters.replaceAll(/\{[^{}]*\}/g, 'object');
}
