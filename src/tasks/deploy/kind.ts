import type { Specs } from '../../graph/specs.ts';
import { type AnyChange, type Decision, done, type TaskContext, type TaskKind, waits } from '../contract.ts';
import { commitFor } from '../member.ts';
import type { Deployment } from './adapter.ts';
import { type AnyAdapter, adapterOf } from './adapters.ts';

interface Observed {
	/** Null while its commit is not known, or when nothing is deployed. */
	readonly deployment: Deployment | null;
	readonly seen: unknown;
}

type DeployChange = {
	readonly summary: string;
	readonly deployment: Deployment;
	readonly change: AnyChange;
};

/** Puts an app's commit live by the adapter of its strategy (2-train.md §7). */
export const deploy: TaskKind<Specs['deploy'], Observed, DeployChange> = {
	name: 'deploy',
	probe: async ({ target, purpose }, context) => {
		const sha = await commitFor(purpose, context);
		const adapter = adapterOf(target.strategy);
		if (!adapter || !sha) return { deployment: null, seen: null };
		const deployment = { target, sha, purpose };
		return { deployment, seen: await adapter.probe(deployment, context) };
	},
	decide: ({ target }, { deployment, seen }): Decision<DeployChange> => {
		// No `prod_deploy` is a choice (2-train.md §1): main advances, and that is all.
		if (target.strategy === 'none') return done('no production target, nothing dispatched');
		if (!deployment) return waits('the commit that the re-pin makes goes live');
		const decision = adapterFor(deployment).decide(deployment, seen);
		if (decision.type !== 'todo') return decision;
		const { reasons, change } = decision;
		return { type: 'todo', reasons, change: { summary: change.summary, deployment, change } };
	},
	run: ({ deployment, change }, context: TaskContext) => adapterFor(deployment).run(change, deployment, context),
};

function adapterFor({ target }: Deployment): AnyAdapter {
	const adapter = adapterOf(target.strategy);
	if (!adapter) throw new Error(`nothing is deployed by ${target.strategy}`);
	return adapter;
}
