import { dirname, resolve } from 'node:path';
import { type BuildContext, machinePathAt } from './build-context.ts';
import { buildApp, buildGem } from './build-repos.ts';
import { buildTask } from './build-tasks.ts';
import { section } from './outline.ts';
import type { Registry } from './schema/registry.ts';
import type { Config, TrainSettings } from './types.ts';

/**
 * The valid registry as the rest of Slipway wants it: paths absolute, defaults filled in, entries in the
 * order of the file. What only this machine can tell (no HOME for a `~`) and doubtful commands end
 * up in the diagnostics of the context.
 */
export function buildConfig(context: BuildContext, registry: Registry): Config {
	const { tree } = context.reader;
	const train = buildTrain(context, registry.train);
	return {
		file: context.where.file,
		dir: context.dir,
		train,
		gems: section(tree, 'gems').flatMap((name) =>
			entryOf(registry.gems, name, (entry) => buildGem(context, { name, entry, train })),
		),
		apps: section(tree, 'apps').flatMap((name) =>
			entryOf(registry.apps, name, (entry) => buildApp(context, { name, entry, train })),
		),
		tasks: section(tree, 'tasks').flatMap((name) =>
			entryOf(registry.tasks, name, (entry) => buildTask(context, name, entry)),
		),
		worktrees: buildWorktrees(registry.worktrees),
	};
}

function entryOf<T, R>(entries: Readonly<Record<string, T>>, name: string, build: (entry: T) => R): R[] {
	const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
	return entry === undefined ? [] : [build(entry)];
}

function buildTrain(context: BuildContext, train: Registry['train']): TrainSettings {
	const { timeouts, retries } = train;
	return {
		projectsDir: projectsDir(context, train.projects_dir),
		mainBranch: train.main_branch,
		releaseBranch: train.release_branch,
		gemRegistry: train.gem_registry,
		concurrency: train.concurrency,
		gates: train.gates,
		record: { store: 'file' },
		notify: train.notify.map(({ type, url, url_env }) => ({ type, url: url ?? null, urlEnv: url_env ?? null })),
		timeouts: {
			probeMs: timeouts.probe,
			commandMs: timeouts.command,
			deployMs: timeouts.deploy,
			smokeMs: timeouts.smoke,
			indexMs: timeouts.index,
		},
		retries: { probe: retries.probe, lock: retries.lock },
	};
}

/** PROJECTS_DIR, else the key, else the parent of the file's folder; relative to the file's folder. */
function projectsDir(context: BuildContext, key: string | undefined): string {
	const path = ['train', 'projects_dir'];
	const ofEnvironment = context.where.env.PROJECTS_DIR;
	if (ofEnvironment) return machinePathAt(context, path, ofEnvironment);
	return key === undefined ? dirname(resolve(context.dir)) : machinePathAt(context, path, key);
}

function buildWorktrees({ redis }: Registry['worktrees']): Config['worktrees'] {
	const { url, floor, step } = redis;
	return { redis: { url, firstDb: redis.first_db, floor, step, physicalTarget: redis.physical_target } };
}
