import type { Deploy } from '../../config/types.ts';
import type { Sha } from '../../core/brand.ts';
import type { Specs } from '../../graph/specs.ts';
import {
	type AnyChange,
	blocked,
	type Decision,
	done,
	type TaskContext,
	type TaskKind,
	type Todo,
	waits,
} from '../contract.ts';
import { commitFor } from '../member.ts';
import { type AnyAdapter, adapterOf } from './adapters.ts';

interface Observed {
	readonly sha: Sha | null;
	readonly seen: unknown;
}

type DeployChange = { readonly summary: string; readonly target: Deploy; readonly change: AnyChange };

/** Puts an app's commit live by the adapter of its strategy (2-train.md §7). */
export const deploy: TaskKind<Specs['deploy'], Observed, DeployChange> = {
	name: 'deploy',
	probe: async (spec, context) => {
		const sha = await commitFor(spec.purpose, context);
		const adapter = adapterOf(spec.target.strategy);
		return { sha, seen: adapter && sha ? await adapter.probe(spec.target, sha, context) : null };
	},
	decide: (spec, { sha, seen }): Decision<DeployChange> => {
		// No `prod_deploy` is a choice (2-train.md §1): main advances, and that is all.
		if (spec.target.strategy === 'none') return done('no production target, nothing dispatched');
		const adapter = adapterOf(spec.target.strategy);
		if (!adapter) {
			return blocked({
				code: 'unsupported',
				summary: `this version does not deploy by ${spec.target.strategy}`,
				hint: 'use git_push_heroku or repo_script, or leave prod_deploy out',
			});
		}
		if (!sha) return waits('the commit that the re-pin makes goes live');
		const decision = adapter.decide(spec.target, sha, seen);
		return decision.type === 'todo' ? todo(spec.target, decision) : decision;
	},
	run: ({ target, change }, context: TaskContext) => adapterNamed(target).run(change, target, context),
};

function todo(target: Deploy, { reasons, change }: Todo<AnyChange>): Todo<DeployChange> {
	return { type: 'todo', reasons, change: { summary: change.summary, target, change } };
}

function adapterNamed(target: Deploy): AnyAdapter {
	const adapter = adapterOf(target.strategy);
	if (!adapter) throw new Error(`no adapter for ${target.strategy}`);
	return adapter;
}
