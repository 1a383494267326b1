import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { repin } from '../../src/gemfile/repin.ts';
import { suite } from '../support/suite.ts';

interface Case {
	readonly id: string;
	readonly why: string;
	readonly gemfile: string;
	readonly pins: Readonly<Record<string, string>>;
	readonly expect: string | null | { readonly refuse: { readonly line: number } };
	readonly whitespace?: 'free';
}

const FILE = fileURLToPath(new URL('../../../shared/cases/gemfile-repin.json', import.meta.url));

function loadCases(): readonly Case[] {
	if (!existsSync(FILE)) throw new Error(`${FILE} is absent: the shared re-pin cases are part of this test`);
	return (JSON.parse(readFileSync(FILE, 'utf8')) as { cases: Case[] }).cases;
}

suite('shared re-pin cases', (test) => {
	for (const { id, why, gemfile, pins, expect, whitespace } of loadCases()) {
		test(`${id}: ${why}`, () => {
			const result = repin(gemfile, pins);
			if (expect !== null && typeof expect === 'object') {
				assert.is(result.refusals[0]?.line, expect.refuse.line);
				assert.is(result.text, gemfile);
				return;
			}
			const shape = (text: string): string => (whitespace === 'free' ? text.replace(/\s+/g, ' ') : text);
			assert.equal(result.refusals, []);
			assert.is(shape(result.text), shape(expect ?? gemfile));
			assert.is(result.changes.length > 0, expect !== null);
		});
	}
});
