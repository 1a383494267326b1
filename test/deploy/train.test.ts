import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { pushCommit } from '../cli/colleague.ts';
import { onStage, type Stage } from '../cli/stage.ts';
import { liveFile } from '../support/fleet/layout.ts';
import type { StandInRun } from '../support/github/answers.ts';
import { type GitHubStandIn, runPage, startGitHubStandIn } from '../support/github-stand-in.ts';
import { output, startGroup } from '../support/process.ts';
import { slipwayArgv } from '../support/slipway.ts';
import { suite } from '../support/suite.ts';
import { commandsRun, deployed, originRef } from '../support/world.ts';
import { workflow } from './github-stage.ts';

const REPO = 'acme/turf';
const QA_RUN = '/repos/acme/turf/actions/workflows/deploy.yml/dispatches';

interface Scene {
	readonly stage: Stage;
	readonly github: GitHubStandIn;
	readonly env: Readonly<Record<string, string>>;
}

/** The satellite turf moves to GitHub: its origin, its workflow, and both of its targets. */
async function onGitHubFleet(body: (scene: Scene) => Promise<void>): Promise<void> {
	await onStage({ satellites: 2 }, async (stage) => {
		const { fleet } = stage;
		const { layout } = fleet;
		const heads = new Map<string, string>();
		const goLive = ({ ref, inputs }: StandInRun) => {
			const environment = inputs.environment === 'qa' ? 'qa' : 'production';
			const line = { sha: inputs.sha ?? heads.get(ref), at: new Date().toISOString() };
			appendFileSync(liveFile(layout, environment, 'turf'), `${JSON.stringify(line)}\n`);
		};
		const github = await startGitHubStandIn({
			repositories: {
				[REPO]: { headOf: (ref) => heads.get(ref) ?? 'e'.repeat(40), workflows: { 'deploy.yml': 'active' } },
			},
			onCompleted: (run) => {
				if (run.script.conclusion === 'success') goLive(run);
			},
		});
		const origin = 'https://github.com/acme/turf.git';
		await output(['git', 'remote', 'set-url', 'origin', origin], {
			cwd: join(fleet.projectsDir, 'turf'),
			env: fleet.env,
		});
		const folder = pathToFileURL(join(layout.origins, 'turf.git')).href;
		appendFileSync(join(layout.home, '.gitconfig'), `[url "${folder}"]\n\tinsteadOf = ${origin}\n`);
		const text =
			workflow()
				.split("<<'YML'\n")[1]
				?.replace(/\nYML$/, '') ?? '';
		await pushCommit(fleet, { repo: 'turf', branch: 'release', files: { '.github/workflows/deploy.yml': text } });
		retarget(stage);
		const env = { GITHUB_API_URL: github.url, GH_TOKEN: github.token };
		try {
			await body({ stage, github, env });
		} finally {
			await github.stop();
		}
	});
}

function retarget({ fleet, smoke }: Stage): void {
	const target = (environment: string, ref: string) =>
		`{strategy: github_actions, workflow: deploy.yml, ref: ${ref}, inputs: {environment: ${environment}}, smoke_url: "${smoke.url}/${environment}/turf"}`;
	const lines = readFileSync(fleet.registryFile, 'utf8').split('\n');
	const from = lines.indexOf('  turf:');
	const changed = lines.map((line, index) => {
		if (index < from || index > from + 5) return line;
		if (line.startsWith('    qa_deploy:')) return `    qa_deploy: ${target('qa', 'release')}`;
		return line.startsWith('    prod_deploy:') ? `    prod_deploy: ${target('production', 'main')}` : line;
	});
	writeFileSync(fleet.registryFile, changed.join('\n'));
}

/** Every file that Slipway keeps, as one text. */
function stateOf({ fleet }: Stage): string {
	const state = join(fleet.layout.conductor, '.slipway');
	const files = readdirSync(state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');
}

/** Ships until GitHub was told to deploy, and is killed at that moment with all its children. */
async function shipAndDie({ stage: { fleet }, github, env }: Scene): Promise<void> {
	const ship = startGroup(slipwayArgv(['ship', '--yes']), {
		cwd: fleet.layout.conductor,
		env: { ...fleet.env, ...env },
	});
	ship.stdout.resume();
	ship.stderr.resume();
	const ended = new Promise<NodeJS.Signals | null>((resolve) => ship.once('close', (_code, signal) => resolve(signal)));
	github.fault({
		on: `POST ${QA_RUN}`,
		answer: 'cut',
		take: true,
		meanwhile: () => process.kill(-(ship.pid ?? 0), 'SIGKILL'),
	});
	assert.is(await ended, 'SIGKILL');
}

suite('github_actions: a whole train', (test) => {
	test('QA and production are dispatched once each, at their own SHA, through a kill, a failed run and a second ship', () =>
		onGitHubFleet(async (scene) => {
			const { stage, github, env } = scene;
			await stage.must(0, ['prepare', '--yes'], { env });
			const frozen = await originRef(stage.fleet, 'turf', 'refs/heads/release');
			const [qa] = github.runs;
			assert.equal([qa?.ref, qa?.inputs], ['release', { environment: 'qa', sha: frozen }]);

			github.script({
				states: ['queued', 'in_progress'],
				conclusion: 'failure',
				failing: [{ job: 'rollout', step: 'Migrate' }],
			});
			await shipAndDie(scene);
			const ship = await originRef(stage.fleet, 'turf', 'refs/heads/main');
			assert.equal(github.runs.length, 2);
			assert.equal(github.runs[1]?.inputs, { environment: 'production', sha: ship });
			assert.is.not(ship, frozen);

			github.script({ states: ['queued', 'waiting', 'in_progress'], conclusion: 'success' });
			const failed = await stage.must(1, ['ship', '--yes'], { env });
			assert.is(github.runs.length, 2, 'the run of the killed ship was followed, and none dispatched beside it');
			const said = failed.stdout + failed.stderr;
			assert.match(said, github.runs[1] ? runPage(github, github.runs[1]) : 'a page');
			assert.match(said, 'job rollout: failure in Migrate');
			assert.equal(deployed(stage.fleet, 'turf'), []);

			await stage.must(0, ['ship', '--yes'], { env });
			assert.is(github.runs.length, 3);
			assert.equal(
				deployed(stage.fleet, 'turf')
					.map(({ sha }) => sha)
					.filter((sha, i, all) => all.indexOf(sha) === i),
				[ship],
			);

			const world = stage.worldDigest();
			const again = await stage.must(0, ['ship', '--yes'], { env });
			assert.match(again.stdout, /nothing|skipped/);
			assert.equal([github.runs.length, stage.worldDigest()], [3, world]);
			assert.not.match(stateOf(stage), github.token);
			assert.not.match(said + again.stdout + again.stderr, github.token);
		}));

	test('preflight: a token that is missing and a workflow that is not in the tree stop the train before anything', () =>
		onGitHubFleet(async ({ stage, github, env }) => {
			await stage.must(0, ['prepare', '--yes'], { env });
			const before = stage.worldDigest();
			const { stderr } = await stage.must(3, ['ship', '--yes']);
			assert.match(stderr, 'there is no token to dispatch deploy.yml at github.com');
			const text = readFileSync(stage.fleet.registryFile, 'utf8');
			writeFileSync(stage.fleet.registryFile, text.replaceAll('deploy.yml', 'release.yml'));
			const misspelt = await stage.must(3, ['ship', '--yes'], { env });
			assert.match(misspelt.stderr, '.github/workflows/release.yml is missing at');
			assert.equal([stage.worldDigest(), github.runs.length], [before, 1]);
			assert.is(commandsRun(stage.fleet).filter(({ command }) => command === 'release-check').length, 0);
		}));
});
