import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { repin } from '../../src/gemfile/repin.ts';
import { compareVersions, pessimisticPin, satisfies } from '../../src/gemfile/version.ts';
import { suite } from '../support/suite.ts';

/** Generated Gemfiles, judged by the real Bundler: in one process, as starting Ruby is the dear part. */
const GEMFILES = 250;
const SCRIPT = fileURLToPath(new URL('declared-by-bundler.rb', import.meta.url));
const PINS = { 'studio-engine': '0.9.3', 'studio-core': '2.0.0.rc1', studio: '12.4.99' };
const OURS = Object.keys(PINS);
const OTHERS = ['rails', 'studio-engine-extras', 'puma', 'pg'];
const SOURCES = ['Git', 'Path'];

interface Declared {
	readonly name: string;
	readonly requirement: readonly string[];
	readonly source: string | null;
	readonly remote: string | null;
	readonly rest: string;
}

function declaredBy(texts: readonly string[]): (readonly Declared[] | string)[] {
	const output = execFileSync('ruby', [SCRIPT], { input: JSON.stringify(texts), encoding: 'utf8', timeout: 50_000 });
	return JSON.parse(output) as (readonly Declared[] | string)[];
}

const requirements = fc.constantFrom(
	[],
	[],
	['~> 0.8'],
	['~> 0.9'],
	['0.8.1'],
	['>= 0.8', '< 0.9'],
	['>= 0.1', '!= 0.9.2'],
);
const sources = fc.constantFrom(
	[],
	[],
	['github: "acme/x"', 'branch: "feat/#1"'],
	['path: "../é"'],
	['git: "https://example.test/x.git"', 'tag: "v1"', 'submodules: true'],
	['git: "https://example.test/x.git"', 'ref: "abc"', 'glob: "*.gemspec"'],
	['bitbucket: "a/b"'],
);
const others = fc.subarray(['require: false', 'group: [:a, :b]', 'platforms: :ruby', 'install_if: -> { true }'], {
	maxLength: 2,
});

const declaration = fc.record({
	requirements,
	sources,
	others,
	sourcesFirst: fc.boolean(),
	style: fc.constantFrom('plain', 'parentheses', 'lines', 'commented', 'braces', 'rockets', 'array', 'single'),
	suffix: fc.constantFrom('', '', ' if true', ' unless false', ' # é, "note"'),
});

type Shape = typeof declaration extends fc.Arbitrary<infer T> ? T : never;

function written(gem: string, shape: Shape): string {
	const pairs = shape.sourcesFirst ? [...shape.sources, ...shape.others] : [...shape.others, ...shape.sources];
	const quoted = [gem, ...shape.requirements].map((text) => `"${text}"`);
	const list = quoted.slice(1).join(', ');
	switch (shape.style) {
		case 'plain':
			return `gem ${[...quoted, ...pairs].join(', ')}${shape.suffix}`;
		case 'single':
			return `gem ${[...quoted, ...pairs].join(', ').replaceAll('"', "'")}${shape.suffix}`;
		case 'parentheses':
			return `gem(${[...quoted, ...pairs].join(',')})${shape.suffix}`;
		case 'lines':
			return `gem ${[...quoted, ...pairs].join(',\n    ')}${shape.suffix}`;
		case 'commented':
			return `gem(\n  ${[...quoted, ...pairs].join(', # why, "é"\n  # more\n  ')} # end\n)${shape.suffix}`;
		case 'braces':
			return `gem(${[...quoted, `{ ${pairs.join(', ')} }`].join(', ')})${shape.suffix}`;
		case 'rockets':
			return `gem ${[...quoted, ...pairs.map((pair) => pair.replace(/^(\w+):/, ':$1 =>'))].join(', ')}${shape.suffix}`;
		case 'array':
			return `gem ${[quoted[0], `[${list}]`, ...pairs].join(', ')}${shape.suffix}`;
	}
}

const wrappers = [
	'group :test do',
	'git "https://example.test/mono.git", branch: "b" do',
	'path "vendor/é" do',
	'source "https://gems.test" do',
	'github "acme/mono" do',
	'if true',
	'platforms :ruby do # ruby',
];

const gemfile = fc
	.record({
		names: fc.shuffledSubarray([...OURS, ...OTHERS], { minLength: 2 }),
		shapes: fc.array(declaration, { minLength: 7, maxLength: 7 }),
		cuts: fc.array(
			fc.record({
				wrapper: fc.option(fc.constantFrom(...wrappers), { nil: null }),
				size: fc.integer({ min: 1, max: 4 }),
			}),
			{ minLength: 7, maxLength: 7 },
		),
		eol: fc.constantFrom('\n', '\r\n'),
		lastLine: fc.boolean(),
	})
	.map(({ names, shapes, cuts, eol, lastLine }) => {
		const lines = ['# é', 'source "https://rubygems.org"', ''];
		const fromRegistry: string[] = [];
		let at = 0;
		for (const { wrapper, size } of cuts) {
			const group = names.slice(at, at + size).map((name, index) => written(name, shapes[at + index] as Shape));
			if (wrapper?.startsWith('source')) fromRegistry.push(...names.slice(at, at + size));
			at += size;
			if (group.length === 0) break;
			lines.push(...(wrapper ? [wrapper, ...group.map((text) => `  # next\n  ${text}\n`), 'end'] : group));
		}
		return { text: lines.join('\n').replaceAll('\n', eol) + (lastLine ? eol : ''), fromRegistry };
	});

/** What Bundler must say after the re-pin. A gem without its source falls back to the block around it. */
function expected(gem: Declared, fromRegistry: readonly string[]): Declared {
	const version = PINS[gem.name as keyof typeof PINS] as string | undefined;
	if (version === undefined) return gem;
	const isSourced = gem.source !== null && SOURCES.includes(gem.source);
	const written = gem.requirement.filter((text) => text !== '>= 0');
	const isPrerelease = /[a-z]/.test(version);
	const isAbove = written.some(
		(text) => /^(?:>=|~>|=) /.test(text) && compareVersions(text.replace(/^\S+ /, ''), version) > 0,
	);
	const stays = isAbove || (satisfies(version, written) && !isPrerelease);
	if (!isSourced && stays) return gem;
	const fallback = fromRegistry.includes(gem.name)
		? { source: 'Rubygems', remote: 'https://gems.test/' }
		: { source: null, remote: null };
	return { ...gem, requirement: [pessimisticPin(version)], ...(isSourced ? fallback : {}) };
}

suite('re-pin, judged by Bundler', (test) => {
	test('a re-pinned Gemfile declares the same gems, pinned where they are ours, and nothing else differs', () => {
		const seed = Number(process.env.SEED ?? Date.now() % 0x7fffffff);
		const samples = fc.sample(gemfile, { numRuns: GEMFILES, seed });
		const texts = samples.map((sample) => sample.text);
		const results = texts.map((text) => repin(text, PINS));
		const all = declaredBy([...texts, ...results.map((result) => result.text)]);
		let judged = 0;
		for (const [index, { text, fromRegistry }] of samples.entries()) {
			const before = all[index];
			if (before === undefined || typeof before === 'string') continue;
			const where = `SEED=${seed}, Gemfile:\n${text}\nre-pinned:\n${results[index]?.text}\n`;
			assert.equal(results[index]?.refusals, [], where);
			assert.equal(
				all[texts.length + index],
				before.map((gem) => expected(gem, fromRegistry)),
				where,
			);
			judged += 1;
		}
		assert.ok(judged > GEMFILES / 2, `SEED=${seed}: Bundler accepted only ${judged} of ${GEMFILES} Gemfiles`);
	});
});
