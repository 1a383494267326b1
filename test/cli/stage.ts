import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFleet, type Fleet, type FleetOptions } from '../support/fleet.ts';
import { type GemServer, startGemServer } from '../support/gem-server.ts';
import type { Finished } from '../support/process.ts';
import { type SlipwayOptions, slipway } from '../support/slipway.ts';
import { type SmokeServer, startSmokeServer } from '../support/smoke-server.ts';
import { treeDigest } from '../support/world.ts';

type StageOptions = Omit<FleetOptions, 'dir' | 'gemServer' | 'smokeUrl'>;

/** A fleet, the servers it lives on, and the CLI in its operator's hands. */
export interface Stage {
	readonly fleet: Fleet;
	readonly server: GemServer;
	readonly smoke: SmokeServer;
	/** Runs the CLI to its end; any exit code is a result. */
	run(args: readonly string[], options?: SlipwayOptions): Promise<Finished>;
	/** The same for a step that a story stands on: another exit code than `code` throws all that was said. */
	must(code: number, args: readonly string[], options?: SlipwayOptions): Promise<Finished>;
	/** One digest of all that is the world's: origins, platforms, checkouts, what is live, what was pushed. */
	worldDigest(): string;
	/** Ends the servers; the fleet's folder stays until the test file ends. */
	stop(): Promise<void>;
}

/** Builds a fleet in a folder that goes when this process does. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
	const dir = mkdtempSync(join(tmpdir(), 'slipway-cli-'));
	process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
	const server = await startGemServer({ dir: join(dir, 'gems') });
	// Nothing that Slipway starts may mind a space.
	const folder = join(dir, 'a fleet');
	const smoke = await startSmokeServer(folder);
	const fleet = await buildFleet({ dir: folder, gemServer: server, smokeUrl: smoke.url, ...options });
	const run: Stage['run'] = (args, more) => slipway(fleet, args, more);
	return {
		fleet,
		server,
		smoke,
		run,
		must: async (code, args, more) => {
			const done = await run(args, more);
			if (done.code === code) return done;
			throw new Error(`slipway ${args.join(' ')}: exit ${done.code}, not ${code}\n${done.stdout}${done.stderr}`);
		},
		worldDigest: () => worldDigest(fleet, server),
		stop: async () => {
			await Promise.all([server.stop(), smoke.stop()]);
		},
	};
}

function worldDigest({ layout, repos, projectsDir }: Fleet, server: GemServer): string {
	const checkouts = [...repos, 'drydock'].map((repo) => join(projectsDir, repo));
	const folders = [layout.origins, layout.platform, layout.live, ...checkouts];
	return [...folders.map(treeDigest), server.pushes().length].join('\n');
}

/** Opens a stage for one test and closes it whatever happens. */
export async function onStage(options: StageOptions, body: (stage: Stage) => Promise<void>): Promise<void> {
	const stage = await openStage(options);
	try {
		await body(stage);
	} finally {
		await stage.stop();
	}
}
