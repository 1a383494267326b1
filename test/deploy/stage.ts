import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config, Deploy } from '../../src/config/types.ts';
import { repoName, type Sha, taskId } from '../../src/core/brand.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { TaskNode } from '../../src/graph/types.ts';
import { createCommandRunner } from '../../src/io/command.ts';
import { ensurePrivateDir, folderExists, removeFolder } from '../../src/io/files.ts';
import { createGit } from '../../src/io/git.ts';
import { createGitHub } from '../../src/io/github.ts';
import { fetchText } from '../../src/io/http.ts';
import { createReadings } from '../../src/io/readings.ts';
import { openRepository } from '../../src/io/repository.ts';
import { createWorkspaces } from '../../src/io/workspace.ts';
import { assemble, freezeMember, setEvidence } from '../../src/record/transitions.ts';
import type { ReleaseRecord } from '../../src/record/types.ts';
import { executeTask, type Settlement } from '../../src/runner/execute.ts';
import { type Probed, probeTask } from '../../src/runner/probe.ts';
import type { TaskContext } from '../../src/tasks/contract.ts';
import type { TargetCheck } from '../../src/tasks/deploy/adapter.ts';
import { adapterOf } from '../../src/tasks/deploy/adapters.ts';
import type { World } from '../../src/tasks/world.ts';
import { inFolder } from '../io/folder.ts';
import { commit, ENV, git, makePair } from '../io/repos.ts';
import { allowed, appFreeze, sampleRecord } from '../record/sample.ts';

const NAME = repoName('harbor');

/** One app with an origin, on the way to one target: everything but the place it deploys to is the real thing. */
export interface DeployStage {
	readonly folder: string;
	readonly checkout: string;
	/** The folder of origin, whatever it calls itself. */
	readonly origin: string;
	/** What ships: the head of main and release. */
	readonly sha: Sha;
	/** What was live before it. */
	readonly before: Sha;
	/** Probe, decide, run and verify, as in a train. */
	ship(): Promise<Settlement>;
	/** Only the first two of them. */
	look(): Promise<Probed>;
	/** What preflight says of the target. */
	check(): Promise<TargetCheck>;
	/** Lines that the task said so far. */
	readonly said: readonly string[];
	/** What the record holds of the deploy; for the tests of what a kill leaves behind, it can be set. */
	evidence(): JsonObject | null;
	productionEvidence(): JsonObject | null;
	setEvidence(evidence: JsonObject): void;
}

export interface StageOptions {
	readonly target: Deploy;
	readonly purpose?: 'qa' | 'ship';
	/** Files of the commit that ships, as a script that is run in the checkout. */
	readonly script?: string;
	/** Run before Slipway looks at the checkout for the first time. */
	readonly setUp?: (at: Pick<DeployStage, 'folder' | 'checkout' | 'before'>) => Promise<void>;
	/** Where origin says that it is; its folder when absent. */
	readonly originUrl?: string;
	readonly env?: Readonly<Record<string, string>>;
	/** Of train.timeouts, in milliseconds; short, as all is on this machine. */
	readonly timeouts?: Partial<Config['train']['timeouts']>;
}

const TIMEOUTS = { probeMs: 3_000, commandMs: 20_000, deployMs: 20_000, smokeMs: 3_000, indexMs: 3_000 };

/** Sets the stage in a folder of its own and clears it away after the body. */
export function onDeployStage(options: StageOptions, body: (stage: DeployStage) => Promise<void>): Promise<void> {
	return inFolder(async (folder) => {
		const { origin, checkout, first } = await makePair(folder);
		const sha = await commit(checkout, options.script);
		await git(checkout, 'push', '--quiet', 'origin', 'main', 'main:release');
		const config = join(folder, 'gitconfig');
		if (options.originUrl !== undefined) {
			writeFileSync(config, `[url "${origin}"]\n\tinsteadOf = ${options.originUrl}\n`);
			await git(checkout, 'remote', 'set-url', 'origin', options.originUrl);
		}
		await options.setUp?.({ folder, checkout, before: first });
		const env = { ...ENV, GIT_CONFIG_GLOBAL: config, ...options.env };
		const opened = await open({ folder, checkout, env, timeouts: { ...TIMEOUTS, ...options.timeouts }, sha });
		try {
			await body({ folder, checkout, origin, sha, before: first, ...play(opened, options, sha) });
		} finally {
			opened.close();
		}
	})();
}

interface Opening {
	readonly folder: string;
	readonly checkout: string;
	readonly sha: Sha;
	readonly env: Readonly<Record<string, string>>;
	readonly timeouts: Config['train']['timeouts'];
}

interface Opened {
	readonly context: TaskContext;
	readonly said: string[];
	record: ReleaseRecord;
	close(): void;
}

async function open({ folder, checkout, sha, env, timeouts }: Opening): Promise<Opened> {
	const store = join(folder, 'state');
	await mkdir(store);
	const commands = createCommandRunner(env);
	const readings = createReadings(60_000);
	const tool = createGit(commands, env);
	const repository = openRepository(
		{
			name: NAME,
			store,
			checkout,
			url: null,
			mainBranch: 'main',
			releaseBranch: 'release',
			timeoutMs: 20_000,
			bounds: { retries: 0 },
		},
		{ git: tool, commands, readings, folderExists },
	);
	// By the time of its deploy, a train has read the commit.
	await repository.hasCommit(sha);
	const tools = { git: tool, timeoutMs: 20_000, ensureFolder: ensurePrivateDir, removeFolder };
	const said: string[] = [];
	const opened: Opened = {
		said,
		record: allowed(assemble(allowed(freezeMember(sampleRecord(), NAME, appFreeze(sha))))),
		close: () => repository.close(),
		context: {
			config: { train: { mainBranch: 'main', timeouts, retries: { probe: 1, lock: 0 } } } as Config,
			repo: NAME,
			signal: new AbortController().signal,
			output: (_stream, line) => said.push(line),
			world: {
				repository: () => repository,
				workspaces: createWorkspaces(join(folder, 'work'), tools),
				commands,
				readings,
				fetchText,
				github: createGitHub({ env, timeoutMs: timeouts.probeMs, retries: 1 }),
				record: {
					current: () => opened.record,
					update: async (change) => {
						opened.record = allowed(change(opened.record));
					},
				},
				ships: { get: async () => sha, forget: () => undefined },
				env,
				now: () => new Date().toISOString(),
			} as Partial<World> as World,
		},
	};
	return opened;
}

function play(opened: Opened, { target, purpose = 'ship' }: StageOptions, sha: Sha) {
	const { context, said } = opened;
	const kind = purpose === 'qa' ? 'qa-deploy' : 'deploy';
	const node: TaskNode = {
		id: taskId(kind, NAME),
		kind: 'deploy',
		repo: NAME,
		spec: { frozen: sha, target, purpose },
		needs: [],
		irreversible: true,
		weight: 1,
	};
	return {
		said,
		ship: () => executeTask(node, context, { onProbed: () => undefined, beforeRun: async () => undefined }),
		look: () => {
			context.world.readings.forget();
			return probeTask(node, context);
		},
		check: async (): Promise<TargetCheck> =>
			(await adapterOf(target.strategy)?.check?.(target, { ships: sha }, context)) ?? { findings: [] },
		evidence: () => opened.record.members[NAME]?.evidence[kind] ?? null,
		productionEvidence: () => opened.record.members[NAME]?.evidence.deploy ?? null,
		setEvidence: (evidence: JsonObject) => {
			opened.record = allowed(setEvidence(opened.record, NAME, { kind, evidence }));
		},
	};
}
