import type { Deploy } from '../../config/types.ts';
import type { AnyChange } from '../contract.ts';
import type { DeployAdapter } from './adapter.ts';
import { gitPushHeroku } from './git-push-heroku/adapter.ts';
import { githubActions } from './github-actions/adapter.ts';
import { kamal } from './kamal/adapter.ts';
import { repoScript } from './repo-script/adapter.ts';

/** What the caller of an adapter knows of it: that probe, decide and run of one strategy fit together. */
export type AnyAdapter = DeployAdapter<Deploy, unknown, AnyChange>;

/** One line an adapter. */
const ADAPTERS = [gitPushHeroku, repoScript, githubActions, kamal] as unknown as readonly AnyAdapter[];

/** The adapter of a strategy; null for `none`, which deploys nothing. */
export function adapterOf(strategy: Deploy['strategy']): AnyAdapter | null {
	if (strategy === 'none') return null;
	const adapter = ADAPTERS.find((known) => known.strategy === strategy);
	if (!adapter) throw new Error(`src/tasks/deploy/adapters.ts has no line for ${strategy}`);
	return adapter;
}
