import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { configReference } from '../../src/config/reference.ts';
import { suite } from '../support/suite.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Node {
	readonly [key: string]: unknown;
	readonly properties?: Readonly<Record<string, Node>>;
}

/** Every mapping of the schema, with the way to it. */
function mappings(node: unknown, path: string): { path: string; node: Node }[] {
	if (typeof node !== 'object' || node === null) return [];
	const inner = Object.entries(node).flatMap(([key, value]) => mappings(value, `${path}/${key}`));
	return 'properties' in node && 'additionalProperties' in node ? [{ path, node: node as Node }, ...inner] : inner;
}

suite('config: JSON Schema', (test) => {
	const all = mappings(configJsonSchema(), '#');

	test('it is draft-07 and holds every section', () => {
		const schema = configJsonSchema() as Node & { $schema: string };
		assert.is(schema.$schema, 'http://json-schema.org/draft-07/schema#');
		assert.equal(Object.keys(schema.properties ?? {}), ['train', 'gems', 'apps', 'tasks', 'worktrees']);
	});

	test('every key has a description', () => {
		const bare = all.flatMap(({ path, node }) =>
			Object.entries(node.properties ?? {}).flatMap(([key, value]) => (value.description ? [] : [`${path}/${key}`])),
		);
		assert.equal(bare, []);
		assert.ok(all.length >= 14, `only ${all.length} mappings`);
	});

	test('every mapping refuses unknown keys and lets x- keys pass', () => {
		for (const { path, node } of all) {
			assert.is(node.additionalProperties, false, path);
			assert.equal(node.patternProperties, { '^x-': {} }, path);
		}
	});

	test('forms and defaults are those of the file, not of the parsed values', () => {
		const train = (configJsonSchema() as Node).properties?.train?.properties ?? {};
		assert.equal([train.concurrency?.type, train.concurrency?.default], ['integer', 4]);
		const probe = train.timeouts?.properties?.probe;
		assert.equal([probe?.type, probe?.default], ['string', '30s']);
	});
});

suite('config: docs/config.md', (test) => {
	test('the page is what the schema and the example say; renew it with: npm run check -- --write', () => {
		assert.ok(
			read('docs/config.md') === configReference(read('release_repos.yml')),
			'docs/config.md is stale: run `npm run check -- --write`',
		);
	});

	test('every key of the schema has a row, and every link leads to a heading', () => {
		const page = configReference('apps: {}\n');
		for (const { node } of mappings(configJsonSchema(), '#')) {
			for (const key of Object.keys(node.properties ?? {})) assert.match(page, `\`${key}`);
		}
		const anchors = page.match(/^#+ .*/gm)?.map((heading) =>
			heading
				.replace(/^#+ /, '')
				.toLowerCase()
				.replace(/[^a-z0-9_ -]/g, ''),
		);
		for (const [, target = ''] of page.matchAll(/\(#([^)]+)\)/g)) assert.ok(anchors?.includes(target), target);
	});

	test('the example stands in it as it is', () => {
		assert.match(configReference('apps: {} # mine\n'), '```yaml\napps: {} # mine\n```');
	});
});
