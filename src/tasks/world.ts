import type { RepoName, Sha } from '../core/brand.ts';
import type { GemSpec } from '../graph/specs.ts';
import type { Bundler } from '../io/bundler.ts';
import type { CommandRunner } from '../io/command.ts';
import type { Facts } from '../io/facts.ts';
import type { GemDependency } from '../io/gem-archive.ts';
import type { GemRegistry } from '../io/gem-registry.ts';
import type { GemTool } from '../io/gem-tool.ts';
import type { GitHub } from '../io/github.ts';
import type { fetchText } from '../io/http.ts';
import type { Readings } from '../io/readings.ts';
import type { Repository } from '../io/repository.ts';
import type { Workspaces } from '../io/workspace.ts';
import type { BuiltGem, RecordResult, ReleaseRecord } from '../record/types.ts';
import type { OneTimePasswords } from './publish/otp.ts';

/** All that tasks may touch, opened once for a run. */
export interface World {
	readonly repository: (repo: RepoName) => Repository;
	readonly workspaces: Workspaces;
	readonly commands: CommandRunner;
	readonly readings: Readings;
	/** What stays true for a whole run, each worked out once however many tasks ask at the same moment. */
	readonly facts: Facts;
	readonly bundler: Bundler;
	readonly gemTool: GemTool;
	readonly otp: OneTimePasswords;
	readonly registry: (url: string) => GemRegistry;
	readonly fetchText: typeof fetchText;
	readonly github: GitHub;
	readonly builds: Builds;
	readonly record: RecordHandle;
	readonly ships: ShipShas;
	/** The folder `.slipway`. */
	readonly state: string;
	readonly env: Readonly<Record<string, string>>;
	/** ISO 8601, UTC. */
	readonly now: () => string;
	/** `user@host`, or what --by says. */
	readonly by: string;
}

/** The active record of a run; writers name what they change and lose no other's write. */
export interface RecordHandle {
	current(): ReleaseRecord;
	/** Throws Refusal when the record's state machine does not allow the change. */
	update(change: (record: ReleaseRecord) => RecordResult): Promise<void>;
}

/**
 * The ship SHA of each repository: a gem's frozen SHA, and for an app what its re-pin says. Null
 * means that only running the re-pin will tell.
 */
export interface ShipShas {
	get(repo: RepoName): Promise<Sha | null>;
	/** Asks again the next time: something of this repository changed. */
	forget(repo: RepoName | null): void;
}

/** A gem as built from one commit, under `.slipway/built`. */
export interface Build extends BuiltGem {
	readonly path: string;
	/** The gems that it needs at run time, and in which versions. */
	readonly dependencies: readonly GemDependency[];
	readonly allowedPushHost: string | null;
}

/** Builds of the train's gems: one per commit, the same bytes every time (2-train.md §6). */
export interface Builds {
	/** Builds, or finds the build of this commit whose digest is `known`. Throws TaskFailure when the build fails. */
	of(repo: RepoName, spec: GemSpec, at: { readonly sha: Sha; readonly known: BuiltGem | null }): Promise<Build>;
	/** The build that `of` gave in this run. */
	made(repo: RepoName, sha: Sha): Promise<Build>;
}
