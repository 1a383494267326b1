import type { CommitSpec, TreeFile } from './history.ts';
import type { Layout } from './layout.ts';
import { checkScript } from './scripts.ts';

export const ENGINE = 'studio-engine';
export const UI = 'studio-ui';
/** Gems of the train, producers first. */
export const GEMS = [ENGINE, UI] as const;

/** What is live, and what the release branches bump to. */
export interface GemVersions {
	/** Null: the gems were never published. */
	readonly live: string | null;
	readonly next: string;
}

/** Somebody else's gem, in two versions: a re-pin that moves it moved too much. */
export const OTHER_GEM = 'tack';
export const OTHER_GEM_VERSIONS = ['1.0.0', '1.1.0'] as const;

function moduleName(gem: string): string {
	return gem.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

export function versionFile(gem: string): string {
	return `lib/${gem.replaceAll('-', '_')}/version.rb`;
}

/** `"~> 0.2"` for 0.2.0: what one gem of the train asks of another. */
export function majorMinor(version: string): string {
	return `~> ${version.split('.').slice(0, 2).join('.')}`;
}

function versionText(gem: string, version: string): string {
	return `module ${moduleName(gem)}\n  VERSION = "${version}"\nend\n`;
}

/** Gems of the train that a gem needs, each with its requirement. */
export function gemNeeds(gem: string, version: string): Record<string, string> {
	return gem === UI ? { [ENGINE]: majorMinor(version) } : {};
}

function gemspecText(gem: string, version: string): string {
	const needs = Object.entries(gemNeeds(gem, version)).map(
		([name, requirement]) => `  spec.add_dependency "${name}", "${requirement}"\n`,
	);
	return `require_relative "${versionFile(gem).replace(/\.rb$/, '')}"

Gem::Specification.new do |spec|
  spec.name = "${gem}"
  spec.version = ${moduleName(gem)}::VERSION
  spec.summary = "Parts that every app of the fleet shares"
  spec.authors = ["Fleet Fixture"]
  spec.homepage = "https://example.test/${gem}"
  spec.license = "MIT"
  spec.required_ruby_version = ">= 3.0"
  spec.files = Dir["lib/**/*.rb"]
${needs.join('')}end
`;
}

/** Every file that a gem is built from, at one version. */
export function gemSources(gem: string, version: string): Record<string, string> {
	const file = versionFile(gem);
	return {
		[`${gem}.gemspec`]: gemspecText(gem, version),
		[`lib/${gem.replaceAll('-', '_')}.rb`]: `require_relative "${file.replace(/^lib\/|\.rb$/g, '')}"\n`,
		[file]: versionText(gem, version),
	};
}

/** History of a gem: main at the live version, release with a feature and a bump. */
export function gemHistory(layout: Layout, gem: string, versions: GemVersions): CommitSpec[] {
	const first = versions.live ?? '0.0.0';
	const scaffold: Record<string, TreeFile> = {
		'README.md': `# ${gem}\n`,
		'bin/release-check': { executable: checkScript(layout, 'release-check', gem) },
	};
	return [
		{
			branch: 'main',
			message: `Release ${first}`,
			files: { ...scaffold, ...gemSources(gem, first) },
			...(versions.live ? { tag: `v${versions.live}` } : {}),
		},
		{
			branch: 'release',
			message: `Add a greeting to ${gem}`,
			files: {
				[`lib/${gem.replaceAll('-', '_')}/greeting.rb`]: `module ${moduleName(gem)}\n  GREETING = "hello"\nend\n`,
			},
		},
		{ branch: 'release', message: `Bump to ${versions.next}`, files: gemSources(gem, versions.next) },
	];
}
