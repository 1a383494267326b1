import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutOf } from '../support/fleet/layout.ts';
import { buildFleet, type Fleet } from '../support/fleet.ts';
import { type GemServer, startGemServer } from '../support/gem-server.ts';
import { output } from '../support/process.ts';
import { type SmokeServer, startSmokeServer } from '../support/smoke-server.ts';

/**
 * A fleet with its servers that can be set back to what it was: commits, ports and paths stay the same,
 * so that the world after a killed train can be compared byte for byte with that after a whole one.
 */
export interface Arena {
	readonly fleet: Fleet;
	/** Replaced by `restore`. */
	readonly server: () => GemServer;
	readonly smoke: SmokeServer;
	/** Remembers the world as it is now. */
	save(): Promise<void>;
	/** Sets it back to what was saved. */
	restore(): Promise<void>;
	close(): Promise<void>;
}

export async function openArena(options: { readonly satellites: number }): Promise<Arena> {
	const dir = mkdtempSync(join(tmpdir(), 'slipway-kill-'));
	const [world, saved] = [join(dir, 'world'), join(dir, 'saved')];
	const gems = join(world, 'gems');
	let server = await startGemServer({ dir: gems });
	const { port, apiKey } = server;
	const smoke = await startSmokeServer(join(world, 'fleet'));
	const close = async () => {
		await Promise.all([server.stop(), smoke.stop()]);
		rmSync(dir, { recursive: true, force: true });
	};
	try {
		const fleet = await buildFleet({ dir: join(world, 'fleet'), gemServer: server, smokeUrl: smoke.url, ...options });
		return {
			fleet,
			smoke,
			close,
			server: () => server,
			save: async () => {
				await output(['rm', '-rf', saved]);
				await output(['cp', '-a', world, saved]);
			},
			restore: async () => {
				await server.stop();
				await output(['rm', '-rf', world]);
				await output(['cp', '-a', saved, world]);
				server = await startGemServer({ dir: gems, port, apiKey });
			},
		};
	} catch (error) {
		await close();
		throw error;
	}
}

/** The folder `.slipway` of a fleet. */
export function stateOf(fleet: Pick<Fleet, 'dir'>): string {
	return join(layoutOf(fleet.dir).conductor, '.slipway');
}

export interface JournalLine {
	readonly type: string;
	readonly task?: string;
	readonly data: Readonly<Record<string, unknown>>;
}

/** The whole lines of the newest run's journal. */
export async function newestJournal(fleet: Fleet): Promise<JournalLine[]> {
	const runs = join(stateOf(fleet), 'runs');
	const newest = existsSync(runs) ? readdirSync(runs).sort().at(-1) : undefined;
	if (newest === undefined) return [];
	const text = await readFile(join(runs, newest, 'journal.ndjson'), 'utf8');
	const lines = text.split('\n').slice(0, -1);
	return lines.map((line) => JSON.parse(line) as JournalLine);
}
