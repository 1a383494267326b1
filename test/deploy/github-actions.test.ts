import * as assert from 'uvu/assert';
import { runPage } from '../support/github-stand-in.ts';
import { suite } from '../support/suite.ts';
import { DISPATCH, onGitHub, REPO, RUNS, TARGET, times, workflow } from './github-stage.ts';

const FAILURE = {
	states: ['queued', 'in_progress'],
	conclusion: 'failure',
	failing: [{ job: 'rollout', step: 'Migrate' }],
} as const;

suite('github_actions: dispatch and follow', (test) => {
	test('our run is the one that GitHub names, it gets the ship SHA, and it is done when it succeeded', () =>
		onGitHub({}, async ({ ship, sha, evidence }, github) => {
			const settled = await ship();
			assert.is(settled.outcome, 'done', settled.reasons.join());
			const [run] = github.runs;
			assert.equal(run?.inputs, { environment: 'production', sha });
			assert.equal(settled.evidence, { sha, run: String(run?.id), url: run && runPage(github, run) });
			assert.is(evidence()?.run, '9007199254740993');
			assert.is(times(github, `GET ${RUNS}`), 1);
		}));

	test('what succeeded is not dispatched again', () =>
		onGitHub({}, async ({ ship }, github) => {
			await ship();
			assert.is((await ship()).outcome, 'skipped');
			assert.is(times(github, DISPATCH), 1);
		}));

	test('the run is found among the others where GitHub does not name it', () =>
		onGitHub({ github: { details: 'ignored' } }, async ({ ship, sha }, github) => {
			github.add({ repo: REPO, workflow: 'deploy.yml', ref: 'main', headSha: sha });
			github.lagList(2);
			const settled = await ship();
			assert.is(settled.outcome, 'done', settled.reasons.join());
			assert.is(settled.evidence?.run, String(github.runs[1]?.id));
			assert.is(times(github, DISPATCH), 1);
		}));

	test('a server that refuses `return_run_details` is asked without it: what it refused it did not run', () =>
		onGitHub({ github: { details: 'refused' } }, async ({ ship }, github) => {
			assert.is((await ship()).outcome, 'done');
			assert.is(github.runs.length, 1);
		}));

	test('any status but `completed` is alive: a run that waits, is pending and goes on for hours is followed', () =>
		onGitHub({}, async ({ ship, said }, github) => {
			github.script({ states: ['requested', 'waiting', 'pending', 'queued', 'in_progress'], conclusion: 'success' });
			assert.is((await ship()).outcome, 'done');
			const words = said.map((line) => /^run \d+ ([a-z ]+): http/.exec(line)?.[1]);
			assert.equal(words, ['requested', 'waiting', 'pending', 'queued', 'in progress']);
		}));

	test('completed and not success fails at once, with the page of the run and the step that failed', () =>
		onGitHub({}, async ({ ship }, github) => {
			github.script(FAILURE);
			const { outcome, findings } = await ship();
			const [run] = github.runs;
			assert.is(outcome, 'failed');
			assert.is(findings[0]?.code, 'deploy-failed');
			assert.is(findings[0]?.seen, `${run && runPage(github, run)}\njob rollout: failure in Migrate`);
			assert.is(times(github, `GET /repos/${REPO}/actions/runs/${run?.id}`), 3);
		}));

	test('a run that failed is followed by a new one, and never taken for live', () =>
		onGitHub({}, async ({ ship }, github) => {
			github.script(FAILURE);
			await ship();
			github.script({ states: [], conclusion: 'success' });
			const settled = await ship();
			assert.is(settled.outcome, 'done');
			assert.is(settled.evidence?.run, String(github.runs[1]?.id));
		}));

	for (const conclusion of ['cancelled', 'timed_out', 'action_required', 'stale', 'skipped'] as const) {
		test(`${conclusion} is no success`, () =>
			onGitHub({}, async ({ ship }, github) => {
				github.script({ states: [], conclusion });
				const { outcome, findings } = await ship();
				assert.is(outcome, 'failed');
				assert.match(findings[0]?.summary ?? '', `ended in ${conclusion}`);
			}));
	}
});

suite('github_actions: a connection that is lost is no verdict', (test) => {
	test('the run goes on while nobody hears of it: cut, 502, half a page, rate limit', () =>
		onGitHub({}, async ({ ship, said }, github) => {
			const on = `GET /repos/${REPO}/actions/runs/`;
			github.fault({ on, answer: 'cut' });
			github.fault({ on, answer: { status: 502, message: 'Server Error' } });
			github.fault({ on, answer: 'tear' });
			const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' };
			github.fault({ on, answer: { status: 403, message: 'API rate limit exceeded', headers } });
			assert.is((await ship()).outcome, 'done');
			assert.is(times(github, DISPATCH), 1);
			assert.ok(said.some((line) => line.includes('GitHub is out of reach')));
		}));

	test('an answer to the dispatch that got lost is not sent again: the list of runs decides', () =>
		onGitHub({}, async ({ ship }, github) => {
			github.fault({ on: DISPATCH, answer: 'cut', take: true });
			assert.is((await ship()).outcome, 'done');
			assert.is(github.runs.length, 1);
			assert.is(times(github, DISPATCH), 1);
		}));

	test('502 to the dispatch is not sent again', () =>
		onGitHub({}, async ({ ship }, github) => {
			github.fault({ on: DISPATCH, answer: { status: 502, message: 'Bad Gateway' }, take: true });
			assert.is((await ship()).outcome, 'done');
			assert.is(github.runs.length, 1);
		}));

	test('half an answer to the dispatch: it was taken, and the list says which run it is', () =>
		onGitHub({}, async ({ ship }, github) => {
			github.fault({ on: DISPATCH, answer: 'tear' });
			assert.is((await ship()).outcome, 'done');
			assert.is(github.runs.length, 1);
		}));

	test('a dispatch that never arrived is unknown, and the next ship sends it', () =>
		onGitHub({ timeouts: { probeMs: 300 } }, async ({ ship }, github) => {
			github.fault({ on: DISPATCH, answer: 'cut' });
			const { outcome, findings } = await ship();
			assert.equal([outcome, findings[0]?.code], ['failed', 'unknown']);
			assert.is(github.runs.length, 0);
			assert.is((await ship()).outcome, 'done');
			assert.is(github.runs.length, 1);
		}));

	test('a failed read is not "0": without the newest run nothing is dispatched', () =>
		onGitHub({}, async ({ ship }, github) => {
			github.fault({ on: `GET ${RUNS}`, answer: { status: 500, message: 'Server Error' } }, 2);
			const { outcome, findings } = await ship();
			assert.equal([outcome, findings[0]?.code], ['failed', 'unknown']);
			assert.is(times(github, DISPATCH), 0);
		}));

	test('a run that GitHub does not show any more is unknown, neither done nor to do', () =>
		onGitHub({}, async ({ ship, look }, github) => {
			await ship();
			github.fault({ on: `GET /repos/${REPO}/actions/runs/`, answer: { status: 404, message: 'Not Found' } });
			assert.is((await look()).state, 'unknown');
		}));
});

suite('github_actions: what a kill leaves behind', (test) => {
	const note = (sha: string, more: object) => ({
		...{
			dispatched: sha,
			workflow: 'deploy.yml',
			ref: 'main',
			word: 'slipway-12345678',
			after: '0',
			told: true,
			run: null,
		},
		at: new Date().toISOString(),
		...more,
	});

	test('the record knows of a dispatch before it is sent', () =>
		onGitHub({}, async ({ ship, sha, evidence }, github) => {
			let known: unknown = null;
			const meanwhile = () => {
				known = { of: evidence()?.dispatched, after: evidence()?.after, run: evidence()?.run };
			};
			github.fault({ on: DISPATCH, meanwhile });
			await ship();
			assert.equal(known, { of: sha, after: '0', run: null });
		}));

	test('killed after the dispatch and before its answer: the run is found, however late, and not dispatched twice', () =>
		onGitHub({}, async ({ ship, sha, setEvidence }, github) => {
			setEvidence(note(sha, {}));
			github.lagList(2);
			const ours = github.add({ repo: REPO, workflow: 'deploy.yml', ref: 'main', headSha: sha });
			const settled = await ship();
			assert.is(settled.outcome, 'done', settled.reasons.join());
			assert.is(settled.evidence?.run, String(ours.id));
			assert.is(times(github, DISPATCH), 0);
		}));

	test('killed while it followed: the same run is followed on', () =>
		onGitHub({}, async ({ look, ship, sha, setEvidence }, github) => {
			const ours = github.add({ repo: REPO, workflow: 'deploy.yml', ref: 'main', headSha: sha });
			setEvidence(note(sha, { run: String(ours.id) }));
			assert.match((await look()).reasons[0] ?? '', 'is queued');
			assert.is((await ship()).outcome, 'done');
			assert.is(times(github, DISPATCH), 0);
		}));

	test('killed before the dispatch was sent: nobody has a run of it, so it is sent', () =>
		onGitHub({ timeouts: { probeMs: 300 } }, async ({ ship, sha, setEvidence }, github) => {
			setEvidence(note(sha, {}));
			assert.is((await ship()).outcome, 'done');
			assert.is(times(github, DISPATCH), 1);
		}));

	test('a dispatch of another commit says nothing of this one', () =>
		onGitHub({}, async ({ ship, before, sha, setEvidence }, github) => {
			const old = github.add({ repo: REPO, workflow: 'deploy.yml', ref: 'main', headSha: before });
			setEvidence(note(before, { run: String(old.id) }));
			const settled = await ship();
			assert.is(settled.evidence?.sha, sha);
			assert.is(times(github, DISPATCH), 1);
		}));

	test('a run that is named by our word is ours, whoever else dispatches at that moment', () =>
		onGitHub(
			{
				target: { ...TARGET, inputs: { environment: 'production', title: '{train} {dispatch}' } },
				script: workflow({ environment: '{}', sha: '{}', title: '{}' }),
				github: { details: 'ignored', titleOf: ({ title = '' }) => `Deploy ${title}` },
			},
			async ({ ship, sha }, github) => {
				const other = { repo: REPO, workflow: 'deploy.yml', ref: 'main', headSha: sha };
				github.fault({ on: DISPATCH, meanwhile: () => github.add(other) });
				const settled = await ship();
				assert.is(settled.evidence?.run, String(github.runs[1]?.id));
				assert.match(github.runs[1]?.title ?? '', /^Deploy rel-20260314-a1b2c3 slipway-[0-9a-f]{8}$/);
			},
		));
});
