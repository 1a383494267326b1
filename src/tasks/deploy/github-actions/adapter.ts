import { setTimeout as delay } from 'node:timers/promises';
import { shortSha } from '../../../core/brand.ts';
import type { FailedJob, WorkflowRun } from '../../../io/github-answers.ts';
import type { GitHubPlace } from '../../../io/github-place.ts';
import { type TaskContext, TaskFailure } from '../../contract.ts';
import type { DeployAdapter, Deployment, TargetOf } from '../adapter.ts';
import { recordedDeploy } from '../evidence.ts';
import { askTarget, waitForTarget } from '../smoke.ts';
import { checkActions } from './check.ts';
import { type ActionsChange, decideActions, type ObservedActions, type SeenDispatch } from './decide.ts';
import { awaitRun, dispatchOnce, keepRun, listedRun } from './dispatch.ts';
import { type DispatchNote, readNote } from './dispatch-note.ts';
import { type Clock, followRun } from './follow.ts';
import { placeOf, readWorkflow, workflowCommit } from './place.ts';

type Target = TargetOf<'github_actions'>;

const CLOCK: Clock = {
	now: () => performance.now(),
	pause: async (ms) => {
		await delay(ms);
	},
};

/** Dispatches a workflow of the app's own repository, finds our run of it and follows it to its end. */
export const githubActions: DeployAdapter<Target, ObservedActions, ActionsChange> = {
	strategy: 'github_actions',
	check: checkActions,
	probe: async (deployment, context) => {
		const { target, sha } = deployment;
		const dispatch = await readDispatch(deployment, context);
		const isDeployed = dispatch.type === 'run' && dispatch.run.conclusion === 'success';
		const commit = await workflowCommit(deployment, context);
		return {
			declared: commit && (await readWorkflow(target, commit, context)),
			train: context.world.record.current().slug,
			dispatch,
			answer: isDeployed ? await askTarget(target, sha, context) : null,
		};
	},
	decide: decideActions,
	run: async (change, deployment, context) => {
		const place = await placeOf(context);
		if (change.type !== 'wait') {
			const id = change.run ?? (await obtainRun({ change, deployment, place }, context));
			await followToSuccess({ id, place, deployment }, context);
		}
		const { target, sha } = deployment;
		await waitForTarget(deployment, { said: `${target.workflow} deployed ${shortSha(sha)}`, goBack: null }, context);
	},
};

/** What the record and GitHub know of our dispatch of this commit. */
async function readDispatch(deployment: Deployment<Target>, context: TaskContext): Promise<SeenDispatch> {
	const note = noteOf(deployment, context);
	if (note === null) return { type: 'none' };
	const place = await placeOf(context);
	if (note.run !== null) return { type: 'run', run: await context.world.github.run(place, note.run), told: note.told };
	const run = await listedRun({ deployment, place, note }, context);
	if (run) return { type: 'run', run, told: note.told };
	const ageMs = Date.parse(context.world.now()) - Date.parse(note.at);
	return { type: 'unseen', at: note.at, mayCome: ageMs < context.config.train.timeouts.probeMs };
}

function noteOf(deployment: Deployment<Target>, context: TaskContext): DispatchNote | null {
	return readNote(deployment, recordedDeploy(deployment.purpose, context));
}

interface Obtaining {
	readonly change: ActionsChange;
	readonly deployment: Deployment<Target>;
	readonly place: GitHubPlace;
}

/** The run of an earlier dispatch when it does appear, else that of a new one. */
async function obtainRun({ change, deployment, place }: Obtaining, context: TaskContext): Promise<string> {
	const note = change.type === 'find' ? noteOf(deployment, context) : null;
	const run = note && (await awaitRun({ deployment, place, note }, context));
	if (note && run) {
		await keepRun(deployment, { ...note, run: run.id }, context);
		return run.id;
	}
	return dispatchOnce({ deployment, place, inputs: change.inputs }, context);
}

interface Followed {
	readonly id: string;
	readonly place: GitHubPlace;
	readonly deployment: Deployment<Target>;
}

async function followToSuccess({ id, place, deployment }: Followed, context: TaskContext): Promise<void> {
	const { github } = context.world;
	const run = await followRun({
		read: () => github.run(place, id),
		patienceMs: context.config.train.timeouts.deployMs,
		clock: CLOCK,
		tell: (line) => context.output('stdout', `run ${id} ${line}`),
	});
	if (run.conclusion === 'success') return;
	throw runFailure(deployment, run, await github.failedJobs(place, id).catch(() => []));
}

/** The page of the run, and what failed in it; without the jobs when GitHub does not tell them just now. */
function runFailure({ target }: Deployment<Target>, run: WorkflowRun, jobs: readonly FailedJob[]): TaskFailure {
	const lines = jobs.map(({ name, conclusion, steps }) => {
		const where = steps.length === 0 ? '' : ` in ${steps.join(', ')}`;
		return `job ${name}: ${conclusion}${where}`;
	});
	return new TaskFailure({
		code: 'deploy-failed',
		summary: `run ${run.id} of ${target.workflow} ended in ${run.conclusion ?? 'nothing'}`,
		seen: [run.url, ...lines].join('\n'),
		hint: 'mend its cause and run the same command again: it dispatches a new run; one that you re-run on GitHub counts as well',
	});
}
