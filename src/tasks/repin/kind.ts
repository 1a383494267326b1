import type { Specs } from '../../graph/specs.ts';
import { setShip } from '../../record/transitions.ts';
import { repoOf, type TaskKind } from '../contract.ts';
import { pushAndCheck } from '../push.ts';
import { bundleIn, makeRepinCommit } from './commit.ts';
import { decideRepin, type ObservedConsumer, type RepinChange } from './decide.ts';
import { observeConsumer } from './observe.ts';

/** Pins a consumer to what was published: one commit on the frozen SHA that touches Gemfile and lock. */
export const repin: TaskKind<Specs['repin'], ObservedConsumer, RepinChange> = {
	name: 'repin',
	probe: observeConsumer,
	decide: decideRepin,
	// Workspaces take time and need nobody: publishing, which all re-pins wait for, is one gem after the other.
	warm: async (spec, context) => {
		const decision = decideRepin(spec, await observeConsumer(spec, context));
		if (decision.type !== 'todo') return;
		const { repository, workspaces, bundler } = context.world;
		const workspace = await workspaces.at(repository(repoOf(context)), decision.change.base);
		await bundler.warm(await bundleIn(workspace.path));
	},
	run: async (change, context) => {
		const repo = repoOf(context);
		const sha = await makeRepinCommit(change, context);
		// Written before the push: after a kill in between, the pushed commit is known to be ours.
		await context.world.record.update((record) => setShip(record, repo, sha));
		const url = await context.world.repository(repo).originUrl();
		await pushAndCheck(context, url, { sha, ref: `refs/heads/${change.branch}`, expected: change.base });
	},
};
