import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { TargetOf } from '../../src/tasks/deploy/adapter.ts';
import { git } from '../io/repos.ts';
import { writeFile } from '../support/fleet/repositories.ts';
import { type HerokuStandIn, startHerokuStandIn } from '../support/heroku-stand-in.ts';
import { suite } from '../support/suite.ts';
import { type DeployStage, onDeployStage, type StageOptions } from './stage.ts';

const TARGET: TargetOf<'git_push_heroku'> = {
	strategy: 'git_push_heroku',
	remote: 'heroku',
	branch: 'main',
	smokeUrl: null,
	app: 'harbor-production',
};

interface Scene extends DeployStage {
	readonly heroku: HerokuStandIn;
	/** A release of a commit, the newest from now on. */
	release(commit: string | null, status?: HerokuStandIn['releases'][number]['status'], description?: string): void;
	/** How many pushes the remote took. */
	pushes(): Promise<number>;
}

/** A platform that runs the commit before ours as v1: a remote that takes pushes, and an API that tells of releases. */
async function onHeroku(
	options: { readonly app?: string | null; readonly key?: string },
	body: (scene: Scene) => Promise<void>,
): Promise<void> {
	const heroku = await startHerokuStandIn();
	const { app = TARGET.app, key = heroku.key } = options;
	const env = { HEROKU_API_URL: heroku.url, ...(key ? { HEROKU_API_KEY: key } : {}) };
	const setUp: StageOptions['setUp'] = async ({ folder, checkout, before }) => {
		const remote = join(folder, 'heroku.git');
		await git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', remote);
		await git(checkout, 'remote', 'add', 'heroku', remote);
		await git(checkout, 'push', '--quiet', remote, `${before}:refs/heads/main`);
		writeFile(join(remote, 'hooks', 'post-receive'), '#!/bin/sh\necho taken >> pushes\n', 0o755);
	};
	const target = { ...TARGET, app };
	try {
		await onDeployStage({ target, env, setUp, timeouts: { deployMs: 2_000 } }, async (stage) => {
			const remote = join(stage.folder, 'heroku.git');
			const release: Scene['release'] = (
				commit,
				status = 'succeeded',
				description = `Deploy ${commit?.slice(0, 8)}`,
			) => {
				heroku.releases.push({ version: heroku.releases.length + 1, status, description, commit });
			};
			release(stage.before);
			const pushes = async () =>
				Number(await git(remote, '-c', 'alias.count=!cat pushes 2>/dev/null | wc -l', 'count'));
			await body({ ...stage, heroku, release, pushes });
		});
	} finally {
		await heroku.stop();
	}
}

suite('git_push_heroku: the platform has the last word', (test) => {
	test('a push whose release succeeded is live, and says which release', () =>
		onHeroku({}, async ({ ship, sha, heroku, release }) => {
			heroku.onLook(() => heroku.releases.length === 1 && release(sha));
			const settled = await ship();
			assert.is(settled.outcome, 'done', settled.reasons.join());
			assert.equal(settled.evidence, { sha, remote: 'heroku', release: 2 });
			assert.is((await ship()).outcome, 'skipped');
		}));

	test('a push that was accepted while its release failed: not done, with the release, what still runs and the way back', () =>
		onHeroku({}, async ({ ship, sha, before, release, heroku, pushes }) => {
			heroku.onLook(() => heroku.releases.length === 1 && release(sha, 'failed'));
			const { outcome, findings } = await ship();
			assert.equal([outcome, findings[0]?.code], ['failed', 'deploy-failed']);
			assert.match(findings[0]?.summary ?? '', 'release v2 of harbor-production');
			assert.match(findings[0]?.seen ?? '', `v1 still runs: ${before}`);
			assert.match(findings[0]?.hint ?? '', 'heroku rollback v1 --app harbor-production');
			assert.is(await pushes(), 1);
		}));

	test('the next push would say "Everything up-to-date": it is blocked with the failed release, not pushed, not done', () =>
		onHeroku({}, async ({ ship, look, sha, release, heroku, pushes }) => {
			heroku.onLook(() => heroku.releases.length === 1 && release(sha, 'failed'));
			await ship();
			const { state, findings } = await look();
			assert.equal([state, findings[0]?.code], ['blocked', 'deploy-failed']);
			assert.match(findings[0]?.hint ?? '', '"Everything up-to-date"');
			assert.is((await ship()).outcome, 'failed');
			assert.is(await pushes(), 1);
		}));

	test('a release phase that goes on after the push is waited for', () =>
		onHeroku({}, async ({ ship, sha, release, heroku }) => {
			let looks = 0;
			heroku.onLook(() => {
				looks += 1;
				if (looks === 1) release(sha, 'pending');
				const newest = heroku.releases.at(-1);
				if (looks === 4 && newest) newest.status = 'succeeded';
			});
			assert.is((await ship()).outcome, 'done');
			assert.ok(looks >= 4);
		}));

	test('a release that never ends is not proven', () =>
		onHeroku({}, async ({ ship, sha, release, heroku }) => {
			heroku.onLook(() => heroku.releases.length === 1 && release(sha, 'pending'));
			const { outcome, findings } = await ship();
			assert.equal([outcome, findings[0]?.code], ['failed', 'not-proven']);
		}));

	test('a changed variable makes a release of the same commit, and that is live', () =>
		onHeroku({}, async ({ ship, look, sha, release, heroku }) => {
			heroku.onLook(() => heroku.releases.length === 1 && release(sha));
			await ship();
			release(sha, 'succeeded', 'Set FOO config vars');
			assert.is((await look()).state, 'done');
		}));

	test('somebody went back meanwhile: the branch has our commit and another one runs', () =>
		onHeroku({}, async ({ ship, look, sha, before, release, heroku }) => {
			heroku.onLook(() => heroku.releases.length === 1 && release(sha));
			await ship();
			release(before, 'succeeded', 'Rollback to v1');
			const { state, findings } = await look();
			assert.is(state, 'blocked');
			assert.match(findings[0]?.seen ?? '', 'v3: Rollback to v1');
		}));

	test('without a key or without the name of the app the branch and the smoke are all there is to see', async () => {
		for (const options of [{ key: '' }, { app: null }]) {
			await onHeroku(options, async ({ ship, heroku }) => {
				assert.is((await ship()).outcome, 'done');
				assert.equal(heroku.requests, []);
			});
		}
	});

	test('a platform that does not answer is unknown; preflight tells a wrong key before anything moves', () =>
		onHeroku({ key: 'HRKU-wrongWrongWrongWrong' }, async ({ check, ship, sha, checkout, folder, look }) => {
			const { findings } = await check();
			assert.equal(
				findings.map(({ code }) => code),
				['unknown'],
			);
			assert.match(findings[0]?.seen ?? '', 'HTTP 401: Invalid credentials provided.');
			await git(checkout, 'push', '--quiet', join(folder, 'heroku.git'), `${sha}:refs/heads/main`);
			assert.is((await look()).state, 'unknown');
			assert.is((await ship()).outcome, 'failed');
		}));
});
