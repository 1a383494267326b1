import type { TargetOf } from '../../src/tasks/deploy/adapter.ts';
import { type GitHubStandIn, type GitHubStandInOptions, startGitHubStandIn } from '../support/github-stand-in.ts';
import { type DeployStage, onDeployStage, type StageOptions } from './stage.ts';

export const TARGET: TargetOf<'github_actions'> = {
	strategy: 'github_actions',
	workflow: 'deploy.yml',
	ref: 'main',
	inputs: { environment: 'production' },
	smokeUrl: null,
};

export const REPO = 'acme/harbor';
export const RUNS = `/repos/${REPO}/actions/workflows/deploy.yml/runs`;
export const DISPATCH = `POST /repos/${REPO}/actions/workflows/deploy.yml/dispatches`;

/** A script that writes a workflow which takes these inputs. */
export function workflow(
	inputs: Readonly<Record<string, string>> = { environment: '{required: true}', sha: '{}' },
): string {
	const lines = Object.entries(inputs).map(([name, input]) => `      ${name}: ${input}`);
	const text = ['name: Deploy', 'on:', '  workflow_dispatch:', '    inputs:', ...lines, 'jobs: {}'].join('\n');
	return `mkdir -p .github/workflows; cat > .github/workflows/deploy.yml <<'YML'\n${text}\nYML`;
}

export interface GitHubStageOptions extends Partial<StageOptions> {
	readonly github?: Partial<GitHubStandInOptions>;
}

/** An app whose origin is on GitHub, and a GitHub that can be told to fail. */
export async function onGitHub(
	{ github: more, ...options }: GitHubStageOptions,
	body: (stage: DeployStage, github: GitHubStandIn) => Promise<void>,
): Promise<void> {
	let head: string | null = null;
	const github = await startGitHubStandIn({
		repositories: {
			[REPO]: { headOf: (ref) => (ref === 'main' ? head : null), workflows: { 'deploy.yml': 'active' } },
		},
		...more,
	});
	const all: StageOptions = {
		target: TARGET,
		script: workflow(),
		originUrl: 'https://github.com/acme/harbor.git',
		env: { GITHUB_API_URL: github.url, GH_TOKEN: github.token },
		...options,
	};
	try {
		await onDeployStage(all, async (stage) => {
			head = stage.sha;
			await body(stage, github);
		});
	} finally {
		await github.stop();
	}
}

/** How often a request of that kind came. */
export function times(github: GitHubStandIn, asked: string): number {
	return github.requests.filter((request) => request === asked).length;
}
