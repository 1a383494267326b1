import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { commandsRun, originRefs, show } from '../support/world.ts';
import { pushCommit } from './colleague.ts';
import { codesOf } from './documents.ts';
import { openStage } from './stage.ts';

/** Three apps whose frozen commits can't be shipped, each for a reason of its own; QA has nothing against them. */
async function shipWhatIsBroken() {
	const stage = await openStage();
	const { fleet } = stage;
	const file = (repo: string, path: string) => show(fleet, { repo, ref: 'release', path });
	await pushCommit(fleet, { repo: 'atoll', branch: 'release', files: { 'bin/deploy': null } });
	await pushCommit(fleet, {
		repo: 'lagoon',
		branch: 'release',
		files: { 'bin/test': (await file('lagoon', 'bin/test')) ?? '' },
	});
	const gemfile = ((await file('quay', 'Gemfile')) ?? '').replace(
		'"studio-engine", "~> 0.1"',
		'"studio-engine", "~> #{ENGINE}"',
	);
	await pushCommit(fleet, { repo: 'quay', branch: 'release', files: { Gemfile: gemfile } });
	await stage.must(0, ['prepare', '--yes']);
	const before = stage.worldDigest();
	const ran = await stage.run(['ship', '--yes']);
	const line = gemfile.split('\n').findIndex((text) => text.includes('ENGINE')) + 1;
	const facts = {
		fleet,
		ran,
		untouched: stage.worldDigest() === before,
		engine: {
			line,
			col: (gemfile.split('\n')[line - 1] ?? '').indexOf('"~>') + 1,
			text: gemfile.split('\n')[line - 1] ?? '',
		},
		tags: await originRefs(fleet, 'studio-engine'),
		released: commandsRun(fleet).filter(({ command }) => command === 'release-check'),
	};
	await stage.stop();
	return facts;
}

const seen = await shipWhatIsBroken();

suite('ship: what the frozen commits hold decides, before the first publish', (test) => {
	test('all findings come at once, and nothing is published, tagged or promoted', () => {
		assert.is(seen.ran.code, 3);
		assert.equal(codesOf(seen.ran).sort(), ['preflight', 'preflight', 'repin-refused']);
		assert.match(seen.ran.stderr, '3 errors');
		assert.ok(seen.untouched);
		assert.equal(seen.released, []);
		assert.is(seen.tags['refs/tags/v0.2.0'], undefined);
	});

	test('a bin/deploy that is missing at the frozen SHA stops the train although the checkout has one', () => {
		accessSync(join(seen.fleet.projectsDir, 'atoll', 'bin/deploy'), constants.X_OK);
		assert.match(
			seen.ran.stderr,
			/error\[preflight\]: atoll: bin\/deploy is missing at the frozen SHA [0-9a-f]{8}\nhint: commit it/,
		);
	});

	test('a command that lost its executable bit stops the train although the checkout has it', () => {
		accessSync(join(seen.fleet.projectsDir, 'lagoon', 'bin/test'), constants.X_OK);
		assert.match(seen.ran.stderr, /error\[preflight\]: lagoon: bin\/test is not executable at the frozen SHA/);
	});

	test('a Gemfile that can not be edited safely is refused with file, line, column and the line itself', () => {
		const { line, col, text } = seen.engine;
		const message = /error\[repin-refused\]: quay:[\s\S]*?\n\n/.exec(seen.ran.stderr)?.[0] ?? '';
		assert.match(message, `Gemfile:${line}:${col}`);
		assert.match(message, text);
		assert.match(message, /\^+/);
		assert.match(message, 'hint:');
	});
});
