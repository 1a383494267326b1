import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import * as assert from 'uvu/assert';
import { staleDocuments } from '../../scripts/documents.ts';
import { errorReference } from '../../scripts/error-reference.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { CODES } from '../../src/core/codes.ts';
import { suite } from '../support/suite.ts';
import { readPage } from './markdown.ts';
import { projectFiles, ROOT, read } from './tree.ts';

const PAGES = projectFiles().filter((path) => path.endsWith('.md'));
const README_LINES = 60;
/** A path of this repository in the running text; patterns such as `test/<folder>/` are none. */
const SOURCE_PATH = /`((?:src|test|scripts|docs)\/[\w./-]+)`/g;

/** The product's words, each with one meaning (docs/GLOSSARY.md). */
const WORDS = [
	...['train', 'registry', 'gem registry', 'producer', 'consumer', 'hub', 'satellite', 'task', 'kind', 'probe'],
	...[
		'decide',
		'run',
		'verify',
		'evidence',
		'frozen SHA',
		'ship SHA',
		'record',
		'journal',
		'workspace',
		'band',
		'slot',
	],
];

/** Why the link `target` of the page `from` leads nowhere, or nothing. */
function brokenLink(from: string, target: string): readonly string[] {
	if (/^[a-z]+:/.test(target)) return [];
	const [path = '', anchor] = target.split('#');
	const file = path === '' ? from : normalize(join(dirname(from), path));
	if (!existsSync(join(ROOT, file))) return [`${from}: ${target}: there is no ${file}`];
	if (anchor === undefined || readPage(read(file)).anchors.has(anchor)) return [];
	return [`${from}: ${target}: ${file} has no heading #${anchor}`];
}

suite('tidy: documents', (test) => {
	test('links and anchors lead somewhere', () => {
		const broken = PAGES.flatMap((page) => readPage(read(page)).links.flatMap((target) => brokenLink(page, target)));
		assert.equal(broken, [], broken.join('\n'));
	});

	test('a file that a page names is there', () => {
		const named = PAGES.flatMap((page) =>
			[...read(page).matchAll(SOURCE_PATH)].map(([, path = '']) => ({ page, path })),
		);
		const gone = named.filter(({ path }) => !existsSync(join(ROOT, path))).map(({ page, path }) => `${page}: ${path}`);
		assert.ok(named.length > 0);
		assert.equal(gone, [], `correct the page:\n${gone.join('\n')}`);
	});

	test('links: a page, an anchor and a link in a code block are told apart', () => {
		const page = readPage('# A `b` c!\n## Same\n## Same\n[x](y.md#z)\n```md\n[no](no.md)\n# no\n```\n`[no](no.md)`');
		assert.equal(page.links, ['y.md#z']);
		assert.equal([...page.anchors], ['a-b-c', 'same', 'same-1']);
		assert.equal(brokenLink('README.md', 'package.json'), []);
		assert.is(brokenLink('README.md', 'absent.md').length, 1);
		assert.is(brokenLink('docs/GLOSSARY.md', '#no-such-heading').length, 1);
	});

	test('generated pages agree with their source', async () => {
		const stale = await staleDocuments();
		assert.equal(stale, [], `npm run check -- --write renews ${stale.join(', ')}`);
	});

	test('errors: a code with an exit status that no section tells about is refused', () => {
		assert.throws(() => errorReference({ odd: { exit: 99, meaning: 'Nobody knows.' } }), /odd/);
	});

	test('errors: every code is said somewhere in src', () => {
		const sources = projectFiles().filter((path) => /^src\/.*\.ts$/.test(path) && path !== 'src/core/codes.ts');
		const text = sources.map(read).join('\n');
		const silent = Object.keys(CODES).filter((code) => !text.includes(`'${code}'`));
		assert.equal(silent, [], `no source says them; delete them from src/core/codes.ts: ${silent.join(', ')}`);
	});

	test('glossary: holds every word of the product', () => {
		const headings = readPage(read('docs/GLOSSARY.md')).anchors;
		const missing = WORDS.filter((word) => !headings.has(word.toLowerCase().replaceAll(' ', '-')));
		assert.equal(missing, [], `give each a heading in docs/GLOSSARY.md: ${missing.join(', ')}`);
	});

	test('readme: is one screen', () => {
		const lines = read('README.md').trimEnd().split('\n').length;
		assert.ok(lines <= README_LINES, `${lines} lines, at most ${README_LINES}: move the rest to docs/ and link to it`);
	});

	test('readme: its configuration loads without a diagnostic', () => {
		const [, yaml = ''] = read('README.md').match(/```yaml\n([\s\S]*?)```/) ?? [];
		const { config, diagnostics } = parseConfig(yaml, { file: join(ROOT, 'README.md'), display: 'README.md', env: {} });
		assert.equal(diagnostics, []);
		assert.is(config?.apps.length, 2);
	});
});
