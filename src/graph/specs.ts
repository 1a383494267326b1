import type { Argv, Deploy, SmokePage, Webhook } from '../config/types.ts';
import type { Sha } from '../core/brand.ts';

/**
 * What each kind of task is told (2-train.md §4). A spec is JSON: it holds everything of
 * release_repos.yml and of the frozen train that the task needs, and nothing of this machine.
 * `frozen` and `version` are null where the graph is drawn from the file alone; such a graph can be
 * shown and never run.
 */
export interface GemSpec {
	readonly gem: string;
	readonly version: string | null;
	readonly registry: string;
	/** In the tree. */
	readonly gemspec: string;
	readonly versionFile: string;
	readonly releaseCheck: Argv | null;
	readonly buildCmd: Argv | null;
}

/** One gem that a consumer may lock. */
export interface GemPin {
	readonly gem: string;
	readonly version: string | null;
	readonly registry: string;
}

export interface Specs {
	readonly preflight: {
		readonly frozen: Sha | null;
		readonly releaseBranch: string;
		readonly mainBranch: string;
		readonly gem: GemSpec | null;
		/** Apps: what will be run from the tree at the ship SHA; what a deploy runs, its adapter knows. */
		readonly commands: readonly Argv[];
		readonly deploy: Deploy | null;
		/** The train's gems: an app's Gemfile must take their versions, and they must admit each other's. */
		readonly pins: readonly GemPin[];
	};
	readonly publish: GemSpec & { readonly frozen: Sha | null };
	readonly tag: { readonly tag: string | null; readonly frozen: Sha | null };
	readonly repin: {
		readonly frozen: Sha | null;
		readonly releaseBranch: string;
		readonly pins: readonly GemPin[];
	};
	/** `command` null: nothing gates this app, which the plan says. `purpose` tells QA from shipping. */
	readonly gate: { readonly frozen: Sha | null; readonly command: Argv | null; readonly purpose: 'qa' | 'ship' };
	readonly promote: { readonly frozen: Sha | null; readonly branch: string };
	readonly deploy: { readonly frozen: Sha | null; readonly target: Deploy; readonly purpose: 'qa' | 'ship' };
	/** `page` null: `/up` answers 200. */
	readonly smoke: {
		readonly frozen: Sha | null;
		readonly url: string;
		readonly page: SmokePage | null;
		readonly purpose: 'qa' | 'ship';
	};
	readonly after: { readonly frozen: Sha | null; readonly command: Argv };
	readonly record: { readonly slug: string };
	readonly notes: { readonly slug: string; readonly webhooks: readonly Webhook[] };
	/** A join: done when what it needs is done, so that edges grow with n and not with n². */
	readonly barrier: Record<never, never>;
	// Preparation and set-up (2-train.md §3).
	readonly branch: { readonly releaseBranch: string; readonly mainBranch: string };
	readonly forward: { readonly releaseBranch: string; readonly mainBranch: string };
	readonly freeze: { readonly releaseBranch: string; readonly mainBranch: string; readonly gem: GemSpec | null };
	readonly assemble: { readonly slug: string; readonly members: readonly string[] };
}

export type Kind = keyof Specs;
