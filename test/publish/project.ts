import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseGemArchive } from '../../src/io/gem-archive.ts';
import type { BuiltGem, ReleaseRecord } from '../../src/record/types.ts';
import type { CommitSpec, TreeFile } from '../support/fleet/history.ts';
import { makeCheckout, makeOrigin, writeFile } from '../support/fleet/repositories.ts';
import { describeFleet } from '../support/fleet.ts';
import { type Finished, runProcess } from '../support/process.ts';
import { slipwayArgv } from '../support/slipway.ts';

export const GEM = 'cleat';

export interface ProjectOptions {
	/** Absolute; made here. */
	readonly dir: string;
	readonly registry: { readonly url: string; readonly apiKey: string };
	/** More files of the release branch, or other ones. */
	readonly files?: Readonly<Record<string, TreeFile>>;
	/** More keys of the gem in release_repos.yml. */
	readonly keys?: readonly string[];
	/** Lines of the operator's ~/.gitconfig. */
	readonly gitConfig?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** Octal, as `umask` takes it. */
	readonly umask?: string;
}

/** One gem, its origin, a checkout, and a release_repos.yml that names nothing else. */
export interface Project {
	readonly dir: string;
	/** Folder of the registry file. */
	readonly folder: string;
	readonly checkout: string;
	readonly env: Readonly<Record<string, string>>;
	run(args: readonly string[]): Promise<Finished>;
	/** The gem as the record has it, and what is in the file that was kept of it. */
	frozen(): BuiltGem & { readonly path: string };
}

/** A gemspec whose files are `list`, an expression of Ruby. */
export function gemspecText(list: string, more: readonly string[] = []): string {
	return [
		'require_relative "lib/cleat/version"',
		'',
		'Gem::Specification.new do |spec|',
		`  spec.name = "${GEM}"`,
		'  spec.version = Cleat::VERSION',
		'  spec.summary = "Holds a rope"',
		'  spec.authors = ["Zoë Fixture"]',
		'  spec.homepage = "https://example.test/cleat"',
		'  spec.license = "MIT"',
		`  spec.files = ${list}`,
		...more.map((line) => `  ${line}`),
		'end',
		'',
	].join('\n');
}

/** What `bundle gem` writes. */
export const LS_FILES = '`git ls-files -z`.split("\\x0").reject { |file| file.start_with?("bin/") }';

export function versionText(version: string): string {
	return `module Cleat\n  VERSION = "${version}"\nend\n`;
}

function history(files: Readonly<Record<string, TreeFile>>): CommitSpec[] {
	const first = {
		'README.md': '# cleat\n',
		'lib/cleat.rb': 'require_relative "cleat/version"\n',
		'lib/cleat/ünïcode name.rb': '# Zoë\n',
		'lib/cleat/version.rb': versionText('0.1.0'),
		'cleat.gemspec': gemspecText('Dir["lib/**/*.rb"]'),
	};
	return [
		{ branch: 'main', message: 'Start cleat', files: first },
		{
			branch: 'release',
			message: 'Bump to 0.2.0',
			files: { 'lib/cleat/version.rb': versionText('0.2.0'), ...files },
		},
	];
}

export async function makeProject(options: ProjectOptions): Promise<Project> {
	const { dir, registry, files = {}, keys = [], gitConfig = [], umask = '022' } = options;
	const { layout, env: operator } = describeFleet({ dir, gemServer: registry });
	const env = { ...operator, ...options.env };
	for (const folder of [layout.tmp, layout.origins, layout.projects]) mkdirSync(folder, { recursive: true });
	writeFile(join(layout.home, '.gitconfig'), [...gitConfig, ''].join('\n'));
	writeFile(join(layout.home, '.gem', 'credentials'), `---\n${registry.url}: ${registry.apiKey}\n`, 0o600);
	const entry = ['gems:', `  ${GEM}:`, '    version_file: lib/cleat/version.rb', ...keys.map((key) => `    ${key}`)];
	const train = ['train:', `  gem_registry: ${registry.url}`, '  timeouts: {index: 2s}', ''];
	writeFile(join(layout.conductor, 'release_repos.yml'), [...train, ...entry, ''].join('\n'));
	const repos = { layout, env: operator };
	await makeOrigin(repos, { name: GEM, commits: history(files), release: true });
	await makeCheckout(repos, { name: GEM, branch: 'release', platforms: [] });
	const folder = layout.conductor;
	return {
		dir,
		folder,
		checkout: join(layout.projects, GEM),
		env,
		run: (args) => {
			const argv = ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh', ...slipwayArgv(args)];
			return runProcess(argv, { cwd: folder, env });
		},
		frozen: () => {
			const record = JSON.parse(readFileSync(join(folder, '.slipway', 'record.json'), 'utf8')) as ReleaseRecord;
			const member = record.members[GEM];
			if (!member?.gem) throw new Error('the record has no gem');
			return { ...member.gem, path: join(folder, '.slipway', 'built', `${GEM}-${member.frozen}`, member.gem.file) };
		},
	};
}

/** Paths of the files in a gem, sorted. */
export async function filesIn(path: string): Promise<string[]> {
	return [...(await parseGemArchive(readFileSync(path), path)).files.keys()].sort();
}

/** Builds the gem by hand, at another time than its commit's; gives its bytes. `change` may edit the sources first. */
export async function builtByHand(project: Project, change: (folder: string) => void = () => {}): Promise<Buffer> {
	const folder = join(project.dir, 'by-hand');
	await runProcess(['git', 'clone', '--quiet', '--branch=release', project.checkout, folder], { env: project.env });
	change(folder);
	const env = { ...project.env, SOURCE_DATE_EPOCH: '1600000000' };
	const build = await runProcess(['gem', 'build', `${GEM}.gemspec`, '--output', 'by-hand.gem'], { cwd: folder, env });
	if (build.code !== 0) throw new Error(build.stderr);
	return readFileSync(join(folder, 'by-hand.gem'));
}

/** Replaces a file of a checkout made by hand. */
export function rewrite(folder: string, path: string, text: string): void {
	writeFileSync(join(folder, path), text);
}
