import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINE } from '../support/fleet/gem-repos.ts';
import { buildFleet, type Fleet } from '../support/fleet.ts';
import { type GemStandIn, type StandInOptions, startGemStandIn } from '../support/gem-stand-in.ts';
import type { Finished } from '../support/process.ts';
import { slipway } from '../support/slipway.ts';

/** The one gem of the train: everything else stands where main is. */
export const GEM = ENGINE;
export const FILE = `${ENGINE}-0.2.0.gem`;
export const VERSION_FILE = 'lib/studio_engine/version.rb';

export interface Scene {
	readonly fleet: Fleet;
	readonly registry: GemStandIn;
	/** `slipway ship --yes`; `env` is added to the operator's, who has the key in a file. */
	ship(env?: Readonly<Record<string, string>>): Promise<Finished>;
	/** Pushes of the train's gem that arrived, also those that were refused. */
	pushes(): number;
	/** How often the train's gem was taken. */
	taken(): number;
}

/**
 * A train of one gem, assembled once and put back for each scene. The registry of a scene is a new
 * stand-in on the same port, with what was live before the train. The folders go when this process does.
 */
export interface SceneOptions extends Omit<StandInOptions, 'port' | 'apiKey'> {
	/** Gives the index two seconds, for what never comes; it has twenty otherwise. */
	readonly impatient?: boolean;
}

export interface Stage {
	play(options: SceneOptions, scene: (scene: Scene) => Promise<void>): Promise<void>;
}

export async function openStage(): Promise<Stage> {
	const dir = mkdtempSync(join(tmpdir(), 'slipway-publish-'));
	const saved = mkdtempSync(join(tmpdir(), 'slipway-saved-'));
	process.once('exit', () => {
		for (const folder of [dir, saved]) rmSync(folder, { recursive: true, force: true });
	});
	const first = await startGemStandIn();
	const { port, apiKey } = first;
	const fleet = await buildFleet({ dir, gemServer: first, satellites: 0, unchanged: ['harbor', 'studio-ui'] });
	const live = await Promise.all(first.taken().map((file) => download(first.url, file)));
	const prepared = await slipway(fleet, ['prepare', '--yes']);
	await first.stop();
	if (prepared.code !== 0) throw new Error(`prepare: exit ${prepared.code}\n${prepared.stdout}${prepared.stderr}`);
	cpSync(dir, saved, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
	return {
		async play({ impatient = false, ...options }, scene) {
			rmSync(dir, { recursive: true });
			cpSync(saved, dir, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
			if (impatient) {
				const text = readFileSync(fleet.registryFile, 'utf8').replace('index: 20s', 'index: 2s');
				writeFileSync(fleet.registryFile, text);
			}
			const registry = await startGemStandIn({ ...options, port, apiKey });
			for (const bytes of live) await registry.put(bytes);
			const arrived = () => registry.requests().filter(({ method }) => method === 'POST').length;
			try {
				await scene({
					fleet,
					registry,
					ship: (env = {}) => slipway(fleet, ['ship', '--yes'], { env }),
					pushes: arrived,
					taken: () => registry.taken().filter((file) => file === FILE).length,
				});
			} finally {
				await registry.stop();
			}
		},
	};
}

async function download(url: string, file: string): Promise<Buffer> {
	return Buffer.from(await (await fetch(`${url}/gems/${file}`)).arrayBuffer());
}
