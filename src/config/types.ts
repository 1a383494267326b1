import type { Argv } from '../core/argv.ts';
import type { RepoName } from '../core/brand.ts';
import type { SourceSpan } from '../core/diagnostic.ts';

export type { Argv };

/** release_repos.yml after validation (2-train.md §1). Paths are absolute unless they say "in the tree". */
export interface Config {
	/** Absolute path of the file, and its folder. */
	readonly file: string;
	readonly dir: string;
	readonly train: TrainSettings;
	/** In the order of the file: gems, then apps. */
	readonly gems: readonly Gem[];
	readonly apps: readonly App[];
	readonly tasks: readonly UserTask[];
	readonly worktrees: WorktreeSettings;
}

export interface TrainSettings {
	readonly projectsDir: string;
	readonly mainBranch: string;
	readonly releaseBranch: string;
	/** A URL without a slash at its end. */
	readonly gemRegistry: string;
	readonly concurrency: number;
	readonly gates: 'before_any_deploy' | 'per_app';
	readonly record: RecordSettings;
	readonly notify: readonly Webhook[];
	readonly timeouts: Timeouts;
	readonly retries: Retries;
}

export type RecordSettings = { readonly store: 'file' } | { readonly store: 'redis'; readonly url: string };

export interface Webhook {
	readonly type: 'slack' | 'discord' | 'json';
	/** Literal URL, or the name of an environment variable that holds it (so that no secret is in the file). */
	readonly url: string | null;
	readonly urlEnv: string | null;
}

export interface Timeouts {
	/** One read of the world: an HTTP request, an ls-remote. */
	readonly probeMs: number;
	/** One command of a user: test_cmd, release_check, a deploy script. */
	readonly commandMs: number;
	readonly deployMs: number;
	readonly smokeMs: number;
	/** Waiting for the gem registry's index after a push. */
	readonly indexMs: number;
}

export interface Retries {
	/** Reads of the world. */
	readonly probe: number;
	/** `bundle lock`, while a new version propagates. */
	readonly lock: number;
}

interface RepoCommon {
	readonly name: RepoName;
	/** The operator's checkout; only ever read. */
	readonly path: string;
	/** Cloned into Slipway's own state when there is no checkout. */
	readonly url: string | null;
	readonly needs: readonly DeclaredNeed[];
	/** Why the repository rides no train (`ladder` other than three-rung), or null. */
	readonly parked: string | null;
	/** Where its key stands in the file. */
	readonly at: SourceSpan;
}

export interface DeclaredNeed {
	readonly repo: RepoName;
	readonly at: SourceSpan;
}

export interface Gem extends RepoCommon {
	readonly type: 'gem';
	/** In the tree. */
	readonly versionFile: string;
	/** In the tree; its base name is the gem's name. */
	readonly gemspec: string;
	readonly gemName: string;
	readonly releaseCheck: Argv | null;
	readonly buildCmd: Argv | null;
	readonly registry: string;
}

export interface App extends RepoCommon {
	readonly type: 'app';
	readonly role: 'hub' | 'satellite';
	readonly testCmd: Argv | null;
	readonly qaTestCmd: Argv | null;
	readonly qaDeploy: Deploy;
	readonly prodDeploy: Deploy;
	readonly postDeployCmd: Argv | null;
	readonly worktree: AppWorktree | null;
}

export type Repo = Gem | App;

/** What a smoke asks of a running app, beyond that it answers. */
export type SmokePage = {
	/** Below the smoke URL, such as `/up`; it may have a query. */
	readonly path: string;
	readonly status: number;
	/** Text that the page holds. */
	readonly body: string | null;
	/** Where the app says which commit it runs: then only the ship SHA is good enough. */
	readonly revision: RevisionPlace | null;
};

/** The whole page, one of its headers, or a value of its JSON (`build.sha`). */
export type RevisionPlace =
	| { readonly in: 'body' }
	| { readonly in: 'header'; readonly name: string }
	| { readonly in: 'json'; readonly key: string };

/** Where an app goes live (2-train.md §7). `none` is a choice, not a gap. */
export type Deploy =
	| { readonly strategy: 'none' }
	| {
			readonly strategy: 'git_push_heroku';
			/** Name of a remote of the checkout, or a URL. */
			readonly remote: string;
			readonly branch: string;
			/** Without the `/up` that is asked for. */
			readonly smokeUrl: string | null;
			/** Absent: `/up` answers 200. */
			readonly smoke?: SmokePage;
			/** Name on the platform, for reading its release status. */
			readonly app: string | null;
	  }
	| {
			readonly strategy: 'repo_script';
			/** In the tree. */
			readonly command: string;
			readonly args: readonly string[];
			/** Prints the live SHA. */
			readonly liveCmd: Argv | null;
			readonly revisionUrl: string | null;
	  }
	| {
			readonly strategy: 'github_actions';
			readonly workflow: string;
			readonly ref: string;
			/** `{sha}`, `{train}` and `{dispatch}` in a value are filled in. */
			readonly inputs: Readonly<Record<string, string>>;
			readonly smokeUrl: string | null;
			readonly smoke?: SmokePage;
	  }
	| {
			readonly strategy: 'kamal';
			/** How Kamal is started: `kamal`, `bin/kamal`, `bundle exec kamal`. */
			readonly command: Argv;
			readonly destination: string | null;
			/** Prints the live SHA, in place of `kamal app version`. */
			readonly liveCmd: Argv | null;
			readonly smokeUrl: string | null;
			readonly smoke?: SmokePage;
	  };

/** A task of the user's own (2-train.md §8). */
export interface UserTask {
	readonly name: string;
	readonly description: string | null;
	readonly action:
		| { readonly type: 'run'; readonly commands: readonly Argv[] }
		| { readonly type: 'shell'; readonly script: string };
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	readonly needs: readonly string[];
	readonly before: readonly string[];
	readonly cwd: string | null;
	readonly repo: RepoName | null;
	readonly doneWhen: Argv | null;
	readonly timeoutMs: number | null;
	readonly retries: number;
	readonly irreversible: boolean;
	readonly group: string | null;
	readonly at: SourceSpan;
}

export interface WorktreeSettings {
	readonly redis: {
		readonly url: string;
		readonly firstDb: number;
		readonly floor: number;
		readonly step: number;
		readonly physicalTarget: number;
	};
}

export interface AppWorktree {
	readonly ports: { readonly primary: number; readonly last: number; readonly reserved: readonly number[] };
	readonly copy: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	readonly setup: readonly Argv[];
	readonly start: Argv | null;
	readonly health: string | null;
}
