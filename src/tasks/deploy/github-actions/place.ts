import type { Sha } from '../../../core/brand.ts';
import { Unreadable } from '../../../core/diagnostic.ts';
import { type GitHubPlace, githubPlaceOf } from '../../../io/github-place.ts';
import { parseWorkflow, type WorkflowInputs } from '../../../io/workflow-file.ts';
import { repoOf, type TaskContext } from '../../contract.ts';
import type { Deployment, TargetOf } from '../adapter.ts';

type Target = TargetOf<'github_actions'>;

/** Where the app's origin is on GitHub. Throws Unreadable for an origin that is not on such a server. */
export async function placeOf(context: TaskContext): Promise<GitHubPlace> {
	const url = await context.world.repository(repoOf(context)).originUrl();
	const place = githubPlaceOf(url);
	if (place === null)
		throw new Unreadable(`the workflows of ${repoOf(context)}`, `its origin ${url} is on no GitHub server`);
	return place;
}

/**
 * The commit whose workflow file a dispatch would run: for production on main what ships, because main is
 * there by then; else the tip of the ref. Null when origin has no such ref.
 */
export async function workflowCommit(
	{ target, sha, purpose }: Deployment<Target>,
	context: TaskContext,
): Promise<Sha | null> {
	const isPromoted = purpose === 'ship' && target.ref === context.config.train.mainBranch;
	return isPromoted ? sha : readRef(target.ref, context);
}

/** The tip of a branch or tag of origin, as it is now. */
export async function readRef(ref: string, context: TaskContext): Promise<Sha | null> {
	const repository = context.world.repository(repoOf(context));
	const names = [`refs/heads/${ref}`, `refs/tags/${ref}`];
	const refs = await repository.refsAt(await repository.originUrl(), names);
	return names.map((name) => refs.get(name)).find((tip) => tip !== undefined) ?? null;
}

/** What the workflow of a commit takes; null when it has no such file, or one that can't be dispatched. */
export async function readWorkflow(target: Target, commit: Sha, context: TaskContext): Promise<WorkflowInputs | null> {
	const path = `.github/workflows/${target.workflow}`;
	const file = await context.world.repository(repoOf(context)).file(commit, path);
	return file && parseWorkflow(file.toString('utf8'), path);
}
