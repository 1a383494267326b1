import { randomBytes } from 'node:crypto';
import { shortSha } from '../../../core/brand.ts';
import { Unreadable } from '../../../core/diagnostic.ts';
import type { WorkflowRun } from '../../../io/github-answers.ts';
import type { GitHubPlace } from '../../../io/github-place.ts';
import { type TaskContext, TaskFailure } from '../../contract.ts';
import { pollUntil } from '../../smoke/answer.ts';
import type { Deployment, TargetOf } from '../adapter.ts';
import { recordDeploy } from '../evidence.ts';
import { type DispatchNote, findOurRun, noteEvidence, refusedEvidence } from './dispatch-note.ts';
import { carriesSha, withWord } from './inputs.ts';
import { readRef } from './place.ts';

type Dispatching = Deployment<TargetOf<'github_actions'>>;

interface Sending {
	readonly deployment: Dispatching;
	readonly place: GitHubPlace;
	readonly inputs: Readonly<Record<string, string>>;
}

/**
 * Dispatches the workflow once and gives the id of our run. The note of it is in the record before it is
 * sent; what the answer leaves open, the list of runs decides. Throws TaskFailure for a refusal, Unreadable
 * when GitHub could not be asked or never lists a run.
 */
export async function dispatchOnce(sending: Sending, context: TaskContext): Promise<string> {
	const { deployment, place, inputs } = sending;
	const { workflow, ref } = deployment.target;
	await assertDispatchable(sending, context);
	const [newest] = await context.world.github.dispatchedRuns(place, workflow);
	const note: DispatchNote = {
		word: `slipway-${randomBytes(4).toString('hex')}`,
		after: newest?.id ?? '0',
		told: carriesSha(inputs, deployment.sha),
		at: context.world.now(),
		run: null,
	};
	await recordDeploy(deployment.purpose, noteEvidence(deployment, note), context);
	const answer = await context.world.github.dispatch(place, workflow, { ref, inputs: withWord(inputs, note.word) });
	if (answer.type === 'refused') {
		await recordDeploy(deployment.purpose, refusedEvidence(deployment, note), context);
		throw refusal(deployment, answer.said);
	}
	if (answer.type === 'unclear')
		context.output('stderr', `GitHub did not say whether it took the dispatch: ${answer.said}`);
	const run =
		(answer.type === 'taken' ? answer.run : null) ?? (await awaitRun({ deployment, place, note }, context))?.id;
	if (run === undefined) {
		const said = answer.type === 'unclear' ? `it said ${answer.said}` : 'it took the dispatch';
		throw new Unreadable(`our run of ${workflow}`, `${said}, and lists no run of it`);
	}
	await keepRun(deployment, { ...note, run }, context);
	return run;
}

/** Writes down which run is ours. */
export async function keepRun(deployment: Dispatching, note: DispatchNote, context: TaskContext): Promise<void> {
	await recordDeploy(deployment.purpose, noteEvidence(deployment, note), context);
}

interface Sought {
	readonly deployment: Dispatching;
	readonly place: GitHubPlace;
	readonly note: DispatchNote;
}

/** Waits, for as long as one read of the world may take, until GitHub lists our run; null when it does not. */
export function awaitRun(sought: Sought, context: TaskContext): Promise<WorkflowRun | null> {
	const { probeMs } = context.config.train.timeouts;
	const limits = { timeoutMs: probeMs, signal: context.signal };
	return pollUntil(
		() => listedRun(sought, context),
		(run) => run !== null,
		limits,
	);
}

/** Our run, when GitHub lists it by now. */
export async function listedRun(
	{ deployment, place, note }: Sought,
	context: TaskContext,
): Promise<WorkflowRun | null> {
	const runs = await context.world.github.dispatchedRuns(place, deployment.target.workflow);
	return findOurRun(deployment, note, runs);
}

/** A workflow that came to main with this train is known to GitHub a moment later; one that is told no commit deploys the head of its ref. */
async function assertDispatchable({ deployment, place, inputs }: Sending, context: TaskContext): Promise<void> {
	const { target, sha } = deployment;
	const { probeMs } = context.config.train.timeouts;
	const limits = { timeoutMs: probeMs, signal: context.signal };
	const read = () => context.world.github.workflowState(place, target.workflow);
	const state = await pollUntil(read, (known) => known !== null, limits);
	if (state !== 'active')
		throw refusal(deployment, state === null ? 'GitHub knows no such workflow' : `it is ${state}`);
	if (carriesSha(inputs, sha)) return;
	const tip = await readRef(target.ref, context);
	if (tip === sha) return;
	throw new TaskFailure({
		code: 'blocked',
		summary: `${target.workflow} would deploy ${target.ref} at ${tip ? shortSha(tip) : 'nothing'}, not ${shortSha(sha)}`,
		hint: `let the workflow take an input named \`sha\` and check that commit out, or name the right \`ref\``,
	});
}

function refusal({ target }: Dispatching, said: string): TaskFailure {
	return new TaskFailure({
		code: 'deploy-failed',
		summary: `${target.workflow} was not dispatched on ${target.ref}`,
		seen: said,
		hint: 'nothing was deployed; correct it, then run the same command again',
	});
}
