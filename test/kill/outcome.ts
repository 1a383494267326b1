import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../support/fleet/layout.ts';
import { output } from '../support/process.ts';
import { deployed, originRefs, type ServedVersion, servedVersions, treeDigest } from '../support/world.ts';
import { type Arena, stateOf } from './arena.ts';

/** All that a train leaves in its world and that does not depend on when it ran. */
export interface Outcome {
	readonly origins: Readonly<Record<string, Readonly<Record<string, string>>>>;
	readonly platforms: Readonly<Record<string, string>>;
	readonly gems: Readonly<Record<string, readonly ServedVersion[]>>;
	/** What is live now, by `<environment> <app>`. */
	readonly live: Readonly<Record<string, string | null>>;
	readonly record: unknown;
	/** Digests of the operator's checkouts, `.git` included. */
	readonly checkouts: Readonly<Record<string, string>>;
	/** Locks and halves that stayed in `.slipway`. */
	readonly litter: readonly string[];
}

interface StoredRecord {
	readonly state: string;
	readonly members: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export async function readOutcome({ fleet }: Arena): Promise<Outcome> {
	const each = async <T>(names: readonly string[], take: (name: string) => Promise<T>) =>
		Object.fromEntries(await Promise.all(names.map(async (name) => [name, await take(name)] as const)));
	const places = (['production', 'qa'] as const).flatMap((environment) =>
		fleet.apps.map((app) => [environment, app] as const),
	);
	const live = places.map(([environment, app]) => [
		`${environment} ${app}`,
		deployed(fleet, app, environment).at(-1)?.sha ?? null,
	]);
	return {
		origins: await each(fleet.repos, (repo) => originRefs(fleet, repo)),
		platforms: Object.fromEntries(await Promise.all(places.map((place) => platformRefs(fleet, ...place)))),
		gems: await each(fleet.gems, (gem) => servedVersions(fleet.gemServerUrl, gem)),
		live: Object.fromEntries(live),
		record: storedRecord(fleet),
		checkouts: await each(fleet.repos, async (repo) => treeDigest(join(fleet.projectsDir, repo))),
		litter: litterIn(stateOf(fleet)),
	};
}

async function platformRefs(
	fleet: Arena['fleet'],
	environment: Environment,
	app: string,
): Promise<readonly [string, string]> {
	const dir = join(fleet.layout.platform, environment, `${app}.git`);
	const refs = existsSync(dir) ? await output(['git', '-C', dir, 'for-each-ref'], { env: fleet.env }) : 'none';
	return [`${environment} ${app}`, refs];
}

/** The record without its name and its times. */
function storedRecord(fleet: Arena['fleet']): unknown {
	const file = join(stateOf(fleet), 'record.json');
	if (!existsSync(file)) return null;
	const { state, members } = JSON.parse(readFileSync(file, 'utf8')) as StoredRecord;
	const kept = Object.entries(members).map(([repo, { type, frozen, ship, gem }]) => [
		repo,
		{ type, frozen, ship, gem },
	]);
	return { state, members: Object.fromEntries(kept) };
}

function litterIn(state: string): string[] {
	const all = readdirSync(state, { recursive: true }) as string[];
	// Lock files of Bundler, in workspaces that are kept warm, are work and no litter.
	return all.filter(
		(path) =>
			!path.startsWith('work/') &&
			/\.lock$|lock\.json$|\.half-made$|\/tmp_|(?:^|\/)\.[^/]+\.\d+\.[0-9a-f]{12}$/.test(path),
	);
}

export interface Effects {
	/** Gems that the server took. */
	readonly pushes: number;
	/** How often each app went live, by `<environment> <app>`. */
	readonly deploys: Readonly<Record<string, number>>;
}

/** How often things were done since `before`. */
export function effectsSince(arena: Arena, before: Effects): Effects {
	const now = countEffects(arena);
	const deploys = Object.entries(now.deploys).map(([place, count]) => [place, count - (before.deploys[place] ?? 0)]);
	return { pushes: now.pushes - before.pushes, deploys: Object.fromEntries(deploys) };
}

export function countEffects({ fleet, server }: Arena): Effects {
	const deploys = (['production', 'qa'] as const).flatMap((environment) =>
		fleet.apps.map((app) => [`${environment} ${app}`, deployed(fleet, app, environment).length]),
	);
	return { pushes: server().pushes().length, deploys: Object.fromEntries(deploys) };
}
