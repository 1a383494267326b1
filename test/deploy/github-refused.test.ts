import * as assert from 'uvu/assert';
import { commit, git } from '../io/repos.ts';
import { suite } from '../support/suite.ts';
import { DISPATCH, onGitHub, REPO, times, workflow } from './github-stage.ts';

suite('github_actions: what would deploy something else is not dispatched', (test) => {
	test('a workflow that takes no SHA deploys the head of its ref: right when that is the ship SHA', () =>
		onGitHub({ script: workflow({ environment: '{}' }) }, async ({ ship, sha }, github) => {
			const settled = await ship();
			assert.is(settled.outcome, 'done', settled.reasons.join());
			assert.equal([github.runs[0]?.inputs, github.runs[0]?.headSha], [{ environment: 'production' }, sha]);
		}));

	test('a workflow that takes no SHA, on a ref that has moved on, is refused', () =>
		onGitHub({ script: workflow({ environment: '{}' }) }, async ({ ship, checkout, origin }, github) => {
			await commit(checkout);
			await git(checkout, 'push', '--quiet', origin, 'main');
			const { outcome, findings } = await ship();
			assert.equal([outcome, findings[0]?.code], ['failed', 'blocked']);
			assert.match(findings[0]?.hint ?? '', 'an input named `sha`');
			assert.is(times(github, DISPATCH), 0);
		}));

	test('a run that was told no commit and took another one is not ours to call done', () =>
		onGitHub({ script: workflow({ environment: '{}' }) }, async ({ ship, before, setEvidence, sha }, github) => {
			const run = github.add({ repo: REPO, workflow: 'deploy.yml', ref: 'main', headSha: before });
			const at = new Date().toISOString();
			const note = { word: 'slipway-12345678', after: '0', told: false, at, run: String(run.id) };
			setEvidence({ dispatched: sha, workflow: 'deploy.yml', ref: 'main', ...note });
			run.shown = run.script.states.length;
			const settled = await ship();
			assert.is(settled.evidence?.run, String(github.runs[1]?.id));
			assert.is(times(github, DISPATCH), 1);
		}));

	test('a dispatch that GitHub refuses fails in its own words, and leaves nothing to look for', () =>
		onGitHub({}, async ({ ship, look }, github) => {
			github.fault({ on: DISPATCH, answer: { status: 422, message: 'No ref found for: main' } });
			const { outcome, findings } = await ship();
			assert.equal([outcome, findings[0]?.code], ['failed', 'deploy-failed']);
			assert.match(findings[0]?.seen ?? '', 'No ref found for: main');
			assert.match((await look()).reasons[0] ?? '', 'no run of deploy.yml has deployed');
		}));
});

suite('github_actions: preflight', (test) => {
	const told = async (check: () => Promise<{ findings: readonly { summary: string; hint?: string }[] }>) => {
		const { findings } = await check();
		for (const { hint, summary } of findings) assert.ok(hint, summary);
		return findings.map(({ summary }) => summary);
	};
	test('a workflow at the SHA, a token and an answer: nothing to say, and nothing dispatched', () =>
		onGitHub({}, async ({ check }, github) => {
			assert.equal(await told(check), []);
			assert.is(github.runs.length, 0);
		}));
	test('a workflow file that is missing at the commit that ships', () =>
		onGitHub({ script: 'true' }, async ({ check, look, sha }) => {
			assert.equal(await told(check), [
				`.github/workflows/deploy.yml is missing at ${sha.slice(0, 8)}, or has no workflow_dispatch`,
			]);
			assert.is((await look()).state, 'blocked');
		}));
	test('inputs that the workflow does not declare, or needs and does not get', () =>
		onGitHub({ script: workflow({ region: '{required: true}', sha: '{}' }) }, async ({ check }) => {
			assert.equal(await told(check), [
				'deploy.yml declares no input `environment`',
				'deploy.yml needs the input `region`',
			]);
		}));
	test('no token; a token that GitHub refuses', async () => {
		await onGitHub({ env: {} }, async ({ check }) => {
			assert.equal(await told(check), ['there is no token to dispatch deploy.yml at github.com']);
		});
		await onGitHub({}, async ({ check }, github) => {
			github.fault({ on: `GET /repos/${REPO}`, answer: { status: 401, message: 'Bad credentials' } });
			const { findings } = await check();
			assert.equal(
				findings.map(({ code, seen }) => [code, seen?.split(' - ')[0]]),
				[['unknown', 'HTTP 401: Bad credentials']],
			);
		});
	});
	test('a repository that GitHub does not show, a workflow that is disabled, an origin elsewhere', async () => {
		await onGitHub({ github: { repositories: {} } }, async ({ check }) => {
			assert.equal(await told(check), ['github.com shows no acme/harbor to this token']);
		});
		const repositories = { [REPO]: { headOf: () => null, workflows: { 'deploy.yml': 'disabled_manually' } } } as const;
		await onGitHub({ github: { repositories } }, async ({ check }) => {
			assert.equal(await told(check), ['deploy.yml of acme/harbor is disabled_manually']);
		});
		await onGitHub({ originUrl: 'file:///srv/harbor.git' }, async ({ check }) => {
			assert.equal(await told(check), ['file:///srv/harbor.git is on no GitHub server']);
		});
	});
	test('a workflow that GitHub does not know yet comes to main with this train', () => {
		const repositories = { [REPO]: { headOf: () => null, workflows: {} } };
		return onGitHub({ github: { repositories } }, async ({ check }) => {
			assert.equal(await told(check), []);
		});
	});
});
