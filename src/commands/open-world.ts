import { join } from 'node:path';
import type { Config } from '../config/types.ts';
import { type RepoName, type Sha, taskId } from '../core/brand.ts';
import type { Graph, TaskNode } from '../graph/types.ts';
import { createBundler } from '../io/bundler.ts';
import { createCommandRunner } from '../io/command.ts';
import { childEnvironment } from '../io/environment.ts';
import { createFacts } from '../io/facts.ts';
import { ensurePrivateDir, folderExists, removeFolder } from '../io/files.ts';
import { createGemRegistry, type GemRegistry } from '../io/gem-registry.ts';
import { createGemTool } from '../io/gem-tool.ts';
import { createGit } from '../io/git.ts';
import { createGitHub } from '../io/github.ts';
import { fetchText } from '../io/http.ts';
import { lookFolderName, processMark } from '../io/leftovers.ts';
import { createReadings } from '../io/readings.ts';
import { openRepository, type Repository, type RepositoryInput, type RepositoryTools } from '../io/repository.ts';
import { stateDir } from '../io/state-dir.ts';
import { createWorkspaces } from '../io/workspace.ts';
import { type RecordStore, updateRecord } from '../record/store.ts';
import type { ReleaseRecord } from '../record/types.ts';
import { probeTask } from '../runner/probe.ts';
import { createBuilds } from '../tasks/builds.ts';
import type { TaskContext } from '../tasks/contract.ts';
import { createOneTimePasswords } from '../tasks/publish/otp.ts';
import type { RecordHandle, ShipShas, World } from '../tasks/world.ts';
import type { Session } from './session.ts';

/** A reading is shared for this long; every effect on its place ends it at once. */
const READING_MS = 10_000;

export interface OpenedWorld {
	readonly world: World;
	/** Tells the world which graph is run: an app's ship SHA is what its re-pin there says. */
	useGraph(graph: Graph): void;
	contextOf(node: TaskNode, output?: TaskContext['output']): TaskContext;
	/** For a read of one repository that belongs to no task. */
	reader(repo: RepoName): TaskContext;
	/** Ends what was opened, and removes the work trees that nobody else uses. */
	close(): Promise<void>;
}

export interface WorldInput {
	readonly session: Session;
	readonly config: Config;
	readonly record: RecordHandle;
	readonly by: string;
	/**
	 * `shared`: those of the train, which stay from run to run; only for who holds its lock. Who merely looks
	 * gets work trees of his own: a running script must not lose its files to somebody's `--dry-run`.
	 */
	readonly workspaces?: 'shared' | 'own';
}

/** Opens all that tasks may touch. Nothing is read or started before a task asks for it. */
export async function openWorld(input: WorldInput): Promise<OpenedWorld> {
	const { session, config, record } = input;
	const state = stateDir(config.dir);
	const env = { ...childEnvironment(session.env), ...processMark(state) };
	const commands = createCommandRunner(env);
	const git = createGit(commands, env);
	const readings = createReadings(READING_MS);
	const { commandMs, probeMs } = config.train.timeouts;
	const bounds = { retries: config.train.retries.probe, signal: session.kill };
	const store = join(state, 'repos');
	const repositories = openRepositories(config, { git, commands, readings, folderExists, store, bounds });
	const isShared = input.workspaces === 'shared';
	const ownFolder = join(state, lookFolderName());
	const workspaces = createWorkspaces(isShared ? join(state, 'work', record.current().slug) : ownFolder, {
		git,
		timeoutMs: commandMs,
		ensureFolder: ensurePrivateDir,
		removeFolder,
	});
	const gemTool = createGemTool(commands);
	const bundler = createBundler(commands, env.PATH ?? '');
	const registries = new Map<string, GemRegistry>();
	let graph: Graph | null = null;
	const { reader, contextOf } = createContexts(input, () => world);
	const world: World = {
		repository: repositories.of,
		workspaces,
		commands,
		readings,
		facts: createFacts(),
		bundler,
		gemTool,
		otp: createOneTimePasswords(),
		registry: (url) => {
			const known =
				registries.get(url) ?? createGemRegistry(url, { timeoutMs: probeMs, retries: config.train.retries.probe });
			registries.set(url, known);
			return known;
		},
		fetchText,
		github: createGitHub({ env, timeoutMs: probeMs, retries: config.train.retries.probe }),
		builds: createBuilds({
			repository: repositories.of,
			workspaces,
			gemTool,
			folder: join(state, 'built'),
			makeIn: join(isShared ? state : ownFolder, 'built'),
			timeoutMs: commandMs,
			signal: session.kill,
		}),
		record,
		ships: createShips(record, () => graph, contextOf),
		state,
		env,
		now: () => new Date().toISOString(),
		by: input.by,
	};
	await ensurePrivateDir(join(state, 'repos'));
	const close = async () => {
		if (!isShared) await workspaces.removeAll();
		bundler.close();
		repositories.close();
	};
	return { world, contextOf, reader, close, useGraph: (used) => (graph = used) };
}

/** What tasks and readers are given: the world, with secrets kept out of what they print. */
function createContexts(
	{ session, config }: WorldInput,
	world: () => World,
): Pick<OpenedWorld, 'reader' | 'contextOf'> {
	return {
		reader: (repo) => ({ config, world: world(), repo, signal: session.kill, output: () => undefined }),
		contextOf: (node, output = () => undefined) => ({
			config,
			world: world(),
			repo: node.repo,
			// What can't be undone is never cut short (2-train.md §9).
			signal: node.irreversible ? new AbortController().signal : session.kill,
			output: (stream, line) => output(stream, session.redact(line)),
		}),
	};
}

function openRepositories(config: Config, tools: RepositoryTools & Pick<RepositoryInput, 'store' | 'bounds'>) {
	const open = new Map<RepoName, Repository>();
	const { mainBranch, releaseBranch, timeouts } = config.train;
	const of = (name: RepoName): Repository => {
		const known = open.get(name);
		if (known) return known;
		const repo = [...config.gems, ...config.apps].find((entry) => entry.name === name);
		if (!repo) throw new Error(`${name} is not in ${config.file}`);
		const { path: checkout, url } = repo;
		const places = { store: tools.store, checkout, url, mainBranch, releaseBranch };
		const input = { name, ...places, timeoutMs: timeouts.probeMs, bounds: tools.bounds };
		const repository = openRepository(input, tools);
		open.set(name, repository);
		return repository;
	};
	const close = () => {
		for (const repository of open.values()) repository.close();
	};
	return { of, close };
}

/** A gem ships its frozen SHA; an app what its re-pin task of the graph says, asked once until something changed. */
function createShips(record: RecordHandle, graphOf: () => Graph | null, contextOf: OpenedWorld['contextOf']): ShipShas {
	const known = new Map<RepoName, Promise<Sha | null>>();
	const ask = async (repo: RepoName): Promise<Sha | null> => {
		const node = graphOf()?.nodes.get(taskId('repin', repo));
		if (!node) return record.current().members[repo]?.frozen ?? null;
		const { evidence } = await probeTask(node, contextOf(node));
		return typeof evidence?.sha === 'string' ? (evidence.sha as Sha) : null;
	};
	return {
		get: (repo) => {
			const asked = known.get(repo) ?? ask(repo);
			known.set(repo, asked);
			return asked;
		},
		forget: (repo) => {
			if (repo) known.delete(repo);
		},
	};
}

/** The record of a run, kept in memory as last written; every change goes through the store. */
export function recordHandle(store: RecordStore, first: ReleaseRecord): RecordHandle {
	let latest = first;
	return {
		current: () => latest,
		update: async (change) => {
			const saved = await updateRecord(store, change);
			if (saved.revision > latest.revision) latest = saved;
		},
	};
}
