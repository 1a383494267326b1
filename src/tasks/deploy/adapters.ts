import type { Deploy } from '../../config/types.ts';
import type { AnyChange } from '../contract.ts';
import type { DeployAdapter } from './adapter.ts';
import { gitPushHeroku } from './git-push-heroku/adapter.ts';
import { repoScript } from './repo-script/adapter.ts';

/** What the caller of an adapter knows of it: that probe, decide and run of one strategy fit together. */
export type AnyAdapter = DeployAdapter<Deploy, unknown, AnyChange>;

/** One line an adapter. */
const ADAPTERS = [gitPushHeroku, repoScript] as unknown as readonly AnyAdapter[];

/** The adapter of a strategy, or null when this version has none. */
export function adapterOf(strategy: Deploy['strategy']): AnyAdapter | null {
	return ADAPTERS.find((adapter) => adapter.strategy === strategy) ?? null;
}
