import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parseGemArchive } from '../../src/io/gem-archive.ts';
import { inFolder } from '../io/folder.ts';
import { type GemStandIn, startGemStandIn } from '../support/gem-stand-in.ts';
import type { Finished } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { loadToolchain } from '../support/toolchain.ts';
import {
	builtByHand,
	filesIn,
	GEM,
	gemspecText,
	LS_FILES,
	makeProject,
	type Project,
	type ProjectOptions,
	rewrite,
	versionText,
} from './project.ts';

type Options = Omit<ProjectOptions, 'dir' | 'registry'>;

interface Yard {
	readonly registry: GemStandIn;
	/** A project in a folder of that name: another machine. */
	machine(name: string, options?: Options): Promise<Project>;
}

function inYard(body: (yard: Yard) => Promise<void>): () => Promise<void> {
	return inFolder(async (folder) => {
		const registry = await startGemStandIn();
		try {
			await body({
				registry,
				machine: (name, options = {}) => makeProject({ ...options, dir: join(folder, name), registry }),
			});
		} finally {
			await registry.stop();
		}
	});
}

function all(run: Finished): string {
	return `exit ${run.code}\n${run.stdout}\n${run.stderr}`;
}

async function prepared(project: Project): Promise<Project> {
	const run = await project.run(['prepare', '--yes']);
	assert.is(run.code, 0, all(run));
	return project;
}

const LISTED = { 'cleat.gemspec': gemspecText(LS_FILES) };
const PACKED = ['README.md', 'cleat.gemspec', 'lib/cleat.rb', 'lib/cleat/version.rb', 'lib/cleat/ünïcode name.rb'];

suite('build: one commit, one gem', (test) => {
	test(
		'two machines with other folders, zones, locales, umasks and line-end settings build the same bytes',
		inYard(async ({ machine }) => {
			const one = await prepared(await machine('one', { files: LISTED }));
			const two = await prepared(
				await machine('a folder with a space/two', {
					files: LISTED,
					env: { TZ: 'Pacific/Auckland', LANG: 'C', LC_ALL: 'C' },
					umask: '077',
					gitConfig: ['[core]', '\tautocrlf = true', '\teol = crlf'],
				}),
			);
			assert.is(two.frozen().sha256, one.frozen().sha256);
			assert.ok(readFileSync(two.frozen().path).equals(readFileSync(one.frozen().path)));
		}),
	);

	test(
		'a gemspec that asks `git ls-files` is answered in our workspace as in a checkout',
		inYard(async ({ machine }) => {
			const project = await prepared(await machine('one', { files: LISTED }));
			assert.equal(await filesIn(project.frozen().path), PACKED);
			assert.equal((await parseGemArchive(await builtByHand(project), 'by hand')).files.size, PACKED.length);
		}),
	);

	test(
		'what lies about in the checkout is not in the gem',
		inYard(async ({ machine }) => {
			const project = await machine('one');
			rewrite(project.checkout, 'lib/cleat/half-a-thought.rb', 'oops\n');
			rewrite(project.checkout, 'lib/cleat.rb', 'raise\n');
			await prepared(project);
			const { files } = await parseGemArchive(readFileSync(project.frozen().path), 'frozen');
			assert.is(files.has('lib/cleat/half-a-thought.rb'), false);
			assert.equal(files, (await parseGemArchive(await builtByHand(project), 'by hand')).files);
		}),
	);

	test(
		'build_cmd makes the gem in pkg/, dated by the commit: the bytes of `gem build`',
		inYard(async ({ machine }) => {
			const script = '#!/bin/sh\nset -eu\nmkdir -p pkg\nexec gem build cleat.gemspec --output pkg/cleat.gem\n';
			const files = { ...LISTED, 'bin/package': { executable: script } };
			const plain = await prepared(await machine('plain', { files }));
			const scripted = await prepared(await machine('scripted', { files, keys: ['build_cmd: bin/package'] }));
			assert.is(scripted.frozen().file, 'cleat-0.2.0.gem');
			assert.is(scripted.frozen().sha256, plain.frozen().sha256);
		}),
	);

	test(
		'a gem for one platform is published, and found again, under its platform',
		inYard(async ({ machine, registry }) => {
			const { platform } = loadToolchain();
			const spec = gemspecText('Dir["lib/**/*.rb"]', [`spec.platform = "${platform}"`]);
			const project = await prepared(await machine('one', { files: { 'cleat.gemspec': spec } }));
			const file = `cleat-0.2.0-${platform}.gem`;
			assert.is(project.frozen().file, file);
			for (const pushes of [1, 1]) {
				const run = await project.run(['ship', '--yes']);
				assert.is(run.code, 0, all(run));
				assert.equal(registry.taken(), [file]);
				assert.is(registry.requests().filter(({ method }) => method === 'POST').length, pushes);
			}
		}),
	);
});

suite('build: live, and ours or not', (test) => {
	const asked = (registry: GemStandIn) => registry.requests().filter(({ method }) => method === 'POST').length;

	test(
		'other bytes and the same files, as another RubyGems packs them: ours, nothing is pushed',
		inYard(async ({ machine, registry }) => {
			const project = await prepared(await machine('one'));
			const theirs = await builtByHand(project);
			assert.not.ok(theirs.equals(readFileSync(project.frozen().path)));
			await registry.put(theirs);
			const run = await project.run(['ship', '--yes']);
			assert.is(run.code, 0, all(run));
			assert.match(run.stderr, `with the files that`);
			assert.is(asked(registry), 0);
		}),
	);

	test(
		'another file: blocked by prepare, and by a ship that was prepared before, both naming the file',
		inYard(async ({ machine, registry }) => {
			const early = await prepared(await machine('early'));
			const late = await machine('late');
			await registry.put(await builtByHand(late, (folder) => rewrite(folder, 'lib/cleat.rb', '# theirs\n')));
			for (const run of [await late.run(['prepare', '--yes']), await early.run(['ship', '--yes'])]) {
				assert.is(run.code, 3, all(run));
				assert.match(all(run), 'lib/cleat.rb');
				assert.match(all(run), 'bump lib/cleat/version.rb');
				assert.not.match(all(run), 'ünïcode');
			}
			assert.is(asked(registry), 0);
		}),
	);

	test(
		'the same files and other dependencies: blocked, and said so',
		inYard(async ({ machine, registry }) => {
			const project = await prepared(await machine('one'));
			const needy = gemspecText('Dir["lib/**/*.rb"]', ['spec.add_dependency "rack", "~> 3.0"']);
			await registry.put(await builtByHand(project, (folder) => rewrite(folder, 'cleat.gemspec', needy)));
			const run = await project.run(['ship', '--yes']);
			assert.is(run.code, 3, all(run));
			assert.match(run.stderr, 'the dependencies in the gemspec');
		}),
	);

	test(
		'a build_cmd that builds something else each time: the build that QA saw is pushed; without it, a difference blocks',
		inYard(async ({ machine, registry }) => {
			const script = '#!/bin/sh\nset -eu\ndate +%s%N > lib/cleat/stamp.rb\nexec gem build cleat.gemspec\n';
			const options = { files: { 'bin/package': { executable: script } }, keys: ['build_cmd: bin/package'] };
			const project = await prepared(await machine('one', options));
			const { path, sha256 } = project.frozen();
			await registry.put(readFileSync(path));
			const kept = await project.run(['ship', '--dry-run']);
			assert.is(kept.code, 0, all(kept));
			assert.match(kept.stdout, /publish:cleat/);
			assert.is(project.frozen().sha256, sha256);
			rmSync(path);
			const run = await project.run(['ship', '--yes']);
			assert.is(run.code, 3, all(run));
			assert.match(run.stderr, 'lib/cleat/stamp.rb');
		}),
	);

	test(
		'a version below the newest live one is refused, with the file to bump',
		inYard(async ({ machine, registry }) => {
			const project = await machine('one');
			await registry.put(
				await builtByHand(project, (folder) => rewrite(folder, 'lib/cleat/version.rb', versionText('0.3.0'))),
			);
			const run = await project.run(['prepare', '--yes']);
			assert.is(run.code, 3, all(run));
			assert.match(all(run), '0.2.0 is not newer than 0.3.0');
			assert.match(all(run), 'bump lib/cleat/version.rb');
		}),
	);

	test(
		'a gem that was shipped and yanked rides again only with the question whether it should',
		inYard(async ({ machine, registry }) => {
			const project = await prepared(await machine('one'));
			const shipped = await project.run(['ship', '--yes']);
			assert.is(shipped.code, 0, all(shipped));
			registry.yank(`${GEM}-0.2.0.gem`);
			const run = await project.run(['prepare', '--yes']);
			assert.match(all(run), 'though v0.2.0 is tagged: was it yanked?');
			const again = await project.run(['ship', '--yes']);
			assert.is(again.code, 1, all(again));
			assert.match(again.stdout, 'version yanked: bump lib/cleat/version.rb and re-run');
		}),
	);
});
