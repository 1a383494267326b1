import type { Fleet } from '../test/support/fleet.ts';
import type { GemServer } from '../test/support/gem-server.ts';
import { deployed, originRef, servedVersions } from '../test/support/world.ts';

function short(sha: string | null | undefined): string {
	return sha ? sha.slice(0, 8) : '–';
}

async function gemRow(fleet: Fleet, gem: string): Promise<string[]> {
	const versions = (await servedVersions(fleet.gemServerUrl, gem)).map((entry) => entry.version);
	const newest = versions.at(-1) ?? '';
	const tag = await originRef(fleet, gem, `refs/tags/v${newest}`);
	const live = `${versions.join(', ') || 'nothing'} on the gem server`;
	return [
		gem,
		short(await originRef(fleet, gem, 'refs/heads/main')),
		live,
		tag ? `v${newest} at ${short(tag)}` : 'no tag',
	];
}

async function appRow(fleet: Fleet, app: string): Promise<string[]> {
	const deploys = deployed(fleet, app);
	const live = deploys.length > 0 ? `${short(deploys.at(-1)?.sha)} in production` : 'not in production';
	const count = `${deploys.length} ${deploys.length === 1 ? 'deploy' : 'deploys'}`;
	return [app, short(await originRef(fleet, app, 'refs/heads/main')), live, count];
}

function table(rows: readonly (readonly string[])[]): string {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
	const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
	return rows.map((row) => `  ${line(row).trimEnd()}`).join('\n');
}

/** A short table of what is true after the demo: every repository's main, what is live, and the proof. */
export async function describeWorld(fleet: Fleet, gemServer: GemServer): Promise<string> {
	const gems = await Promise.all(fleet.gems.map((gem) => gemRow(fleet, gem)));
	const apps = await Promise.all(fleet.apps.map((app) => appRow(fleet, app)));
	const pushes = `  ${gemServer.pushes().length} pushes reached the gem server since it was built.`;
	return `${table([['repository', 'main', 'live', 'proof'], ...gems, ...apps])}\n\n${pushes}`;
}
