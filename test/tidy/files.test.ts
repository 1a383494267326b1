import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { RULES } from './rules.ts';
import { projectFiles, read } from './tree.ts';

const FILES = projectFiles().filter((path) => /\.(?:ts|mjs|md|ya?ml|json)$/.test(path) && path !== 'package-lock.json');

suite('tidy: files', (test) => {
	test('the tree is seen: a list without src/core/codes.ts would pass every rule', () => {
		assert.ok(FILES.includes('src/core/codes.ts'));
	});
	for (const { name, instead, applies, find, example } of RULES) {
		test(`${name}: the rule sees its own example`, () => {
			assert.ok(applies(example.path), `${example.path} is outside the rule`);
			assert.ok(find(example.path, example.text).length > 0, 'the example passes');
		});
		test(`${name}: holds in every file`, () => {
			const found = FILES.filter(applies).flatMap((path) => find(path, read(path)).map((what) => `${path}: ${what}`));
			assert.equal(found, [], `${instead}\n${found.join('\n')}`);
		});
	}
});
