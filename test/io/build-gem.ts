import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface GemToBuild {
	readonly name: string;
	readonly version: string;
	readonly pushHost?: string;
	readonly platform?: string;
}

/** Builds a gem with the real `gem build` in a folder; gives the name of its file there. */
export function buildGem(folder: string, { name, version, pushHost, platform }: GemToBuild): string {
	mkdirSync(join(folder, 'lib', 'ünïcode'), { recursive: true });
	writeFileSync(join(folder, 'lib', 'main.rb'), `VERSION = '${version}'\n`);
	writeFileSync(join(folder, 'lib', 'ünïcode', 'empty file.rb'), '');
	const deep = `lib/${'deep'.repeat(20)}/${'name'.repeat(20)}.rb`;
	mkdirSync(join(folder, deep, '..'), { recursive: true });
	writeFileSync(join(folder, deep), 'deep\n');
	symlinkSync('main.rb', join(folder, 'lib', 'link.rb'));
	const gemspec = join(folder, `${name}.gemspec`);
	writeFileSync(
		gemspec,
		`Gem::Specification.new do |s|
  s.name = '${name}'
  s.version = '${version}'
  s.summary = 'a gem for tests: "quoted", colon'
  s.authors = ['Slipway']
  s.homepage = 'https://slipway.test'
  s.license = 'MIT'
  s.files = Dir['lib/**/*.rb']
  ${platform ? `s.platform = '${platform}'` : ''}
  ${pushHost ? `s.metadata['allowed_push_host'] = '${pushHost}'` : ''}
  s.add_dependency 'studio-engine', '~> 0.8', '>= 0.8.10'
  s.add_dependency 'rack'
  s.add_development_dependency 'rake', '1.10'
end
`,
	);
	for (const path of ['lib/main.rb', deep, `${name}.gemspec`]) chmodSync(join(folder, path), 0o644);
	execFileSync('gem', ['build', `${name}.gemspec`], { cwd: folder, stdio: 'pipe' });
	return `${name}-${version}${platform ? `-${platform}` : ''}.gem`;
}
