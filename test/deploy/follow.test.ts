import * as assert from 'uvu/assert';
import { Unreadable } from '../../src/core/diagnostic.ts';
import { createGitHub, Unanswered } from '../../src/io/github.ts';
import type { WorkflowRun } from '../../src/io/github-answers.ts';
import { type Clock, followRun } from '../../src/tasks/deploy/github-actions/follow.ts';
import type { RunStatus } from '../support/github/answers.ts';
import { type GitHubStandIn, startGitHubStandIn } from '../support/github-stand-in.ts';
import { suite } from '../support/suite.ts';

const HOUR_MS = 3_600_000;
const PATIENCE_MS = HOUR_MS / 6;
const PLACE = { host: 'github.com', owner: 'acme', repo: 'harbor' };

/** A clock that goes on by what is waited for, at once. */
function quickClock(): Clock & { readonly pauses: number[] } {
	const pauses: number[] = [];
	let now = 0;
	return {
		pauses,
		now: () => now,
		pause: async (ms) => {
			pauses.push(ms);
			now += ms;
		},
	};
}

interface Followed {
	readonly clock: ReturnType<typeof quickClock>;
	readonly said: readonly string[];
	readonly end: WorkflowRun | Error;
}

/** Follows one run of a stand-in by the real client, on a quick clock. */
async function follow(
	states: readonly RunStatus[],
	trouble: (github: GitHubStandIn) => void = () => undefined,
): Promise<Followed> {
	const github = await startGitHubStandIn({ repositories: { 'acme/harbor': { headOf: () => null, workflows: {} } } });
	const script = { states, conclusion: 'success' } as const;
	const run = github.add({ repo: 'acme/harbor', workflow: 'deploy.yml', ref: 'main', headSha: 'a'.repeat(40), script });
	trouble(github);
	const env = { GITHUB_API_URL: github.url, GH_TOKEN: github.token };
	const client = createGitHub({ env, timeoutMs: 5_000, retries: 0 });
	const clock = quickClock();
	const said: string[] = [];
	const read = () => client.run(PLACE, String(run.id));
	const tell = (line: string) => said.push(line);
	const end = await followRun({ read, patienceMs: PATIENCE_MS, clock, tell }).catch((error: Error) => error);
	await github.stop();
	return { clock, said, end };
}

const on = 'GET /repos/acme/harbor/actions/runs/';

suite('github_actions: hours', (test) => {
	test('a run of nine hours is followed to its end, with few questions and one line for each state', async () => {
		const clock = quickClock();
		const said: string[] = [];
		const read = async (): Promise<WorkflowRun> => {
			const status = clock.now() < HOUR_MS ? 'waiting' : clock.now() < 9 * HOUR_MS ? 'in_progress' : 'completed';
			const conclusion = status === 'completed' ? 'success' : null;
			return { id: '1', status, conclusion, branch: 'main', headSha: '', title: '', url: 'https://github.com/1' };
		};
		const tell = (line: string) => said.push(line);
		const end = await followRun({ read, patienceMs: PATIENCE_MS, clock, tell });
		assert.is(end.conclusion, 'success');
		assert.equal(said, ['waiting: https://github.com/1', 'in progress: https://github.com/1']);
		assert.ok(clock.pauses.length < 3_300 && Math.max(...clock.pauses) <= 10_000);
	});

	test('a lost connection that comes back within its patience is no verdict', async () => {
		const { clock, said, end } = await follow(['in_progress'], (github) => github.fault({ on, answer: 'cut' }, 40));
		assert.ok(!(end instanceof Error));
		assert.ok(clock.now() < PATIENCE_MS);
		assert.equal(
			said.map((line) => line.split(':')[0]),
			['GitHub is out of reach', 'in progress'],
		);
	});

	test('a silence longer than that is unknown, and the run is not called failed', async () => {
		const { clock, end } = await follow([], (github) => github.fault({ on, answer: 'cut' }, 90));
		assert.instance(end, Unanswered);
		assert.ok(clock.now() > PATIENCE_MS);
	});

	test('a rate limit is waited for as long as the server says', async () => {
		const headers = { 'retry-after': '1800' };
		const answer = { status: 429, message: 'You have exceeded a secondary rate limit', headers };
		const { clock, end } = await follow(['in_progress'], (github) => github.fault({ on, answer }));
		assert.ok(!(end instanceof Error));
		assert.is(clock.pauses[0], 1_800_000);
	});

	test('a token that was revoked meanwhile is told at once', async () => {
		const answer = { status: 401, message: 'Bad credentials' };
		const { clock, end } = await follow(['in_progress'], (github) => github.fault({ on, answer }));
		assert.instance(end, Unreadable);
		assert.not(end instanceof Unanswered);
		assert.equal(clock.pauses, []);
	});
});
