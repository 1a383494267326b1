import { shortSha } from '../../../core/brand.ts';
import { unreachable } from '../../../core/unreachable.ts';
import type { WorkflowRun } from '../../../io/github-answers.ts';
import type { WorkflowInputs } from '../../../io/workflow-file.ts';
import { blocked, type Decision, done, todo } from '../../contract.ts';
import type { Answer } from '../../smoke/answer.ts';
import type { Deployment, TargetOf } from '../adapter.ts';
import { inputFaults, inputsFor } from './inputs.ts';

type Target = TargetOf<'github_actions'>;

export interface ObservedActions {
	/** What the workflow takes; null when there is no such file, or it can't be dispatched. */
	readonly declared: WorkflowInputs | null;
	/** The slug of the train. */
	readonly train: string;
	/** What is known of our dispatch of this very commit. */
	readonly dispatch: SeenDispatch;
	/** Of the app, when our run succeeded and there is a smoke_url. */
	readonly answer: Answer | null;
}

export type SeenDispatch =
	| { readonly type: 'none' }
	/** Sent, or about to be when its sender died; GitHub lists no run of it. `mayCome`: it is too early to say. */
	| { readonly type: 'unseen'; readonly at: string; readonly mayCome: boolean }
	/** `told`: an input named the commit to it. */
	| { readonly type: 'run'; readonly run: WorkflowRun; readonly told: boolean };

export type ActionsChange = {
	/** `find` looks for the run of an earlier dispatch, and dispatches only when there is none. */
	readonly type: 'dispatch' | 'find' | 'follow' | 'wait';
	readonly summary: string;
	/** The run to follow. */
	readonly run: string | null;
	readonly inputs: Readonly<Record<string, string>>;
};

/** Live is a run of ours, for this very commit, that GitHub says succeeded, and an app that answers. */
export function decideActions(deployment: Deployment<Target>, observed: ObservedActions): Decision<ActionsChange> {
	const { dispatch } = observed;
	switch (dispatch.type) {
		case 'run':
			return decideRun(deployment, dispatch, observed);
		case 'unseen': {
			const why = `${deployment.target.workflow} was dispatched at ${dispatch.at}, and GitHub lists no run of it`;
			return decideDispatch(deployment, observed, { type: dispatch.mayCome ? 'find' : 'dispatch', why });
		}
		case 'none': {
			const why = `no run of ${deployment.target.workflow} has deployed ${shortSha(deployment.sha)}`;
			return decideDispatch(deployment, observed, { type: 'dispatch', why });
		}
		default:
			return unreachable(dispatch);
	}
}

function decideRun(
	deployment: Deployment<Target>,
	{ run, told }: Extract<SeenDispatch, { type: 'run' }>,
	observed: ObservedActions,
): Decision<ActionsChange> {
	const { sha } = deployment;
	const name = `run ${run.id} of ${deployment.target.workflow}`;
	const change = { run: run.id, inputs: {} };
	if (run.status !== 'completed') {
		const summary = `follow ${name}`;
		return todo(`${name} is ${run.status.replaceAll('_', ' ')}: ${run.url}`, { type: 'follow', summary, ...change });
	}
	if (run.conclusion !== 'success') {
		const why = `${name} ended in ${run.conclusion ?? 'nothing'}: ${run.url}`;
		return decideDispatch(deployment, observed, { type: 'dispatch', why });
	}
	if (!told && run.headSha !== sha) {
		const why = `${name} was told no commit and deployed ${shortSha(run.headSha)}: ${run.url}`;
		return decideDispatch(deployment, observed, { type: 'dispatch', why });
	}
	const { answer } = observed;
	if (answer && !answer.up) {
		const reason = `${name} deployed ${shortSha(sha)}, and ${answer.url} ${answer.said}`;
		return todo(reason, { type: 'wait', summary: 'wait until it answers', ...change });
	}
	return done(`${name} deployed ${shortSha(sha)}`, { sha, run: run.id, url: run.url });
}

function decideDispatch(
	{ target, sha }: Deployment<Target>,
	{ declared, train }: ObservedActions,
	{ type, why }: { readonly type: 'dispatch' | 'find'; readonly why: string },
): Decision<ActionsChange> {
	const { workflow, ref } = target;
	if (declared === null) {
		return blocked({
			code: 'preflight',
			summary: `there is no .github/workflows/${workflow} that can be dispatched`,
			hint: `commit it, with \`on: workflow_dispatch\`, or correct the workflow in release_repos.yml`,
		});
	}
	const [fault] = inputFaults(target, declared);
	if (fault !== undefined) return blocked({ code: 'preflight', summary: fault, hint: INPUTS_HINT });
	const inputs = inputsFor(target, declared, { sha, train });
	const summary = `dispatch ${workflow} on ${ref} for ${shortSha(sha)}`;
	return todo(why, { type, summary, run: null, inputs });
}

export const INPUTS_HINT = 'make `inputs` of the target and `on.workflow_dispatch.inputs` of the workflow agree';
