import type { App, Config, Deploy, Gem } from '../../src/config/types.ts';
import { type RepoName, repoName, type Sha } from '../../src/core/brand.ts';
import type { SourceSpan } from '../../src/core/diagnostic.ts';
import type { DerivedNeed, Member, TrainInput } from '../../src/graph/types.ts';

/** A line of the file that these configs stand for. */
export function line(number: number): SourceSpan {
	return { file: '/fleet/release_repos.yml', line: number, col: 5, endCol: 20, excerpt: '    needs: [other]' };
}

export function sha(digit: string): Sha {
	return digit.repeat(40).slice(0, 40) as Sha;
}

type GemParts = Partial<Omit<Gem, 'name' | 'type'>>;
type AppParts = Partial<Omit<App, 'name' | 'type'>>;

export function gem(name: string, parts: GemParts = {}): Gem {
	return {
		type: 'gem',
		name: repoName(name),
		path: `/fleet/${name}`,
		url: null,
		needs: [],
		parked: null,
		at: line(3),
		versionFile: 'lib/version.rb',
		gemspec: `${name}.gemspec`,
		gemName: name,
		releaseCheck: ['bin/release-check'],
		buildCmd: null,
		registry: 'https://gems.example.test',
		...parts,
	};
}

export function app(name: string, parts: AppParts = {}): App {
	return {
		type: 'app',
		name: repoName(name),
		path: `/fleet/${name}`,
		url: null,
		needs: [],
		parked: null,
		at: line(9),
		role: 'satellite',
		testCmd: ['bin/test'],
		qaTestCmd: null,
		qaDeploy: { strategy: 'none' },
		prodDeploy: heroku(name),
		postDeployCmd: null,
		worktree: null,
		...parts,
	};
}

export function heroku(name: string): Deploy {
	return {
		strategy: 'git_push_heroku',
		remote: 'heroku',
		branch: 'main',
		smokeUrl: `https://${name}.example.test`,
		app: null,
	};
}

export function script(command: string): Deploy {
	return { strategy: 'repo_script', command, args: ['production'], liveCmd: null, revisionUrl: null };
}

/** Declared needs, on the lines 40, 41, … of the file. */
export function needs(...repos: string[]): readonly { repo: RepoName; at: SourceSpan }[] {
	return repos.map((repo, i) => ({ repo: repoName(repo), at: line(40 + i) }));
}

export function config(parts: {
	gems?: readonly Gem[];
	apps?: readonly App[];
	gates?: Config['train']['gates'];
}): Config {
	return {
		file: '/fleet/release_repos.yml',
		dir: '/fleet',
		train: {
			projectsDir: '/',
			mainBranch: 'main',
			releaseBranch: 'release',
			gemRegistry: 'https://gems.example.test',
			concurrency: 4,
			gates: parts.gates ?? 'before_any_deploy',
			record: { store: 'file' },
			notify: [],
			timeouts: { probeMs: 1, commandMs: 1, deployMs: 1, smokeMs: 1, indexMs: 1 },
			retries: { probe: 0, lock: 0 },
		},
		gems: parts.gems ?? [],
		apps: parts.apps ?? [],
		tasks: [],
		worktrees: { redis: { url: 'redis://127.0.0.1', firstDb: 1, floor: 1, step: 1, physicalTarget: 16 } },
	};
}

/** Two gems, a hub and four satellites: one of each way to deploy. */
export function exampleConfig(): Config {
	return config({
		gems: [gem('studio-auth'), gem('studio-engine')],
		apps: [
			app('hub-app', { role: 'hub', qaDeploy: heroku('hub-app-qa'), qaTestCmd: ['bin/qa'] }),
			app('billing', { postDeployCmd: ['bin/warm-cache'], qaDeploy: heroku('billing-qa') }),
			app('catalog', { prodDeploy: script('bin/deploy') }),
			app('reports', {
				needs: needs('billing'),
				prodDeploy: {
					strategy: 'github_actions',
					workflow: 'deploy.yml',
					ref: 'main',
					inputs: {},
					smokeUrl: 'https://reports.example.test',
				},
			}),
			app('handbook', { testCmd: null, prodDeploy: { strategy: 'none' } }),
		],
	});
}

/** A train of every repository of the config, in the given order of members. */
export function trainInput(of: Config, derived: readonly DerivedNeed[] = []): TrainInput {
	const members: Member[] = [
		...of.gems.map(({ name }) => ({ repo: name, frozen: sha('a'), version: '1.2.0' })),
		...of.apps.map(({ name }) => ({ repo: name, frozen: sha('b'), version: null })),
	];
	return { slug: 'rel-20261120-ab12cd', members, derived };
}

export function uses(repo: string, gemRepo: string): DerivedNeed {
	return { repo: repoName(repo), uses: repoName(gemRepo), source: 'Gemfile:12 at 1a2b3c4d' };
}

export function exampleInput(): TrainInput {
	return trainInput(exampleConfig(), [
		uses('studio-engine', 'studio-auth'),
		uses('hub-app', 'studio-auth'),
		uses('hub-app', 'studio-engine'),
		uses('billing', 'studio-engine'),
	]);
}
