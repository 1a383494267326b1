import * as assert from 'uvu/assert';
import { Unreadable } from '../../src/core/diagnostic.ts';
import { parseWorkflow } from '../../src/io/workflow-file.ts';
import { suite } from '../support/suite.ts';

const PATH = '.github/workflows/deploy.yml';
const parse = (text: string) => parseWorkflow(text, PATH);

suite('workflow file', (test) => {
	test('the three ways to say that it can be dispatched', () => {
		for (const on of ['on: workflow_dispatch', 'on: [push, workflow_dispatch]', 'on:\n  workflow_dispatch:\n  push:']) {
			assert.equal(parse(`${on}\njobs: {}\n`), new Map(), on);
		}
	});
	test('one that only others start takes no dispatch', () => {
		for (const text of ['on: push', 'on: [push]', 'on:\n  push:', 'jobs: {}', '', '- on'])
			assert.is(parse(text), null, text);
	});
	test('`on` is a word here, and no truth value', () => {
		assert.equal(parse('"on": workflow_dispatch'), new Map());
	});
	test('an input is needed when it is required and has no default', () => {
		const inputs = '{one: {required: true}, two: {required: true, default: x}, three: {type: string}, four: }';
		const read = parse(`on:\n  workflow_dispatch:\n    inputs: ${inputs}\n`);
		assert.equal(
			[...(read ?? [])].map(([name, { isNeeded }]) => [name, isNeeded]),
			[
				['one', true],
				['two', false],
				['three', false],
				['four', false],
			],
		);
	});
	test('what is no YAML is unreadable, an alias bomb too', () => {
		const bomb = [
			'a: &a [x, x]',
			...'bcdefghij'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefghij'[i]}, `.repeat(9)}]`),
		];
		for (const text of ['on: [', bomb.join('\n')]) {
			assert.throws(
				() => parse(text),
				(error: unknown) => error instanceof Unreadable && error.what === PATH,
			);
		}
	});
});
