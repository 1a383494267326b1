import type { App, Config, Gem } from '../../config/types.ts';
import type { RepoName, Sha, TaskId } from '../../core/brand.ts';
import { taskId } from '../../core/brand.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Draft } from '../draft.ts';
import type { GemPin, GemSpec } from '../specs.ts';
import type { DerivedNeed, Member } from '../types.ts';

/** A repository that rides the train: what the file says of it, and what was frozen. */
export type Rider<R extends Gem | App> = R & { readonly frozen: Sha | null };
export type GemRider = Rider<Gem> & { readonly version: string | null };

/** Everything that the passes of a train read; in the order of the file. */
export interface Fleet {
	readonly config: Config;
	/** Empty where the graph is drawn from the file alone. */
	readonly slug: string;
	readonly gems: readonly GemRider[];
	readonly apps: readonly Rider<App>[];
	readonly derived: readonly DerivedNeed[];
}

/** Who rides when only the file is known: every repository that is not parked, nothing frozen. */
export function unparked(config: Config): readonly Member[] {
	return [...config.gems, ...config.apps]
		.filter((repo) => repo.parked === null)
		.map((repo) => ({ repo: repo.name, frozen: null, version: null }));
}

/** Joins the members with the file. The order of the file counts, so that a graph is the same however they come. */
export function ridersOf(config: Config, members: readonly Member[]): Pick<Fleet, 'gems' | 'apps'> {
	const byName = new Map(members.map((member) => [member.repo, member]));
	const rides = (repo: Gem | App) => byName.has(repo.name);
	const frozenOf = (repo: Gem | App) => byName.get(repo.name)?.frozen ?? null;
	return {
		gems: config.gems
			.filter(rides)
			.map((gem) => ({ ...gem, frozen: frozenOf(gem), version: byName.get(gem.name)?.version ?? null })),
		apps: config.apps.filter(rides).map((app) => ({ ...app, frozen: frozenOf(app) })),
	};
}

/** The members that cannot ride: the file changed since they were recorded, and lost or parked them. */
export function strayMembers(config: Config, members: readonly RepoName[]): readonly Diagnostic[] {
	const repos = new Map([...config.gems, ...config.apps].map((repo) => [repo.name, repo]));
	return members.flatMap((name): readonly Diagnostic[] => {
		const repo = repos.get(name);
		if (repo === undefined) {
			const summary = `${name} rides this train and is not in ${config.file}`;
			return [
				{
					code: 'unknown-repo',
					severity: 'error',
					summary,
					repo: name,
					hint: `put ${name} back, or abandon the train`,
				},
			];
		}
		if (repo.parked === null) return [];
		const summary = `${name} rides this train and is parked since: ${repo.parked}`;
		const hint = `make ${name} ride again, or abandon the train`;
		return [{ code: 'blocked', severity: 'error', summary, repo: name, at: repo.at, hint }];
	});
}

export function gemSpec(gem: Gem, version: string | null): GemSpec {
	const { gemName, registry, gemspec, versionFile, releaseCheck, buildCmd } = gem;
	return { gem: gemName, version, registry, gemspec, versionFile, releaseCheck, buildCmd };
}

/** What a consumer may lock: every gem of the train. */
export function pinsOf(fleet: Fleet): readonly GemPin[] {
	return fleet.gems.map(({ gemName, version, registry }) => ({ gem: gemName, version, registry }));
}

/** The task after which an app is known to be live: its smoke, else its deploy. */
export function liveTask(draft: Draft, app: RepoName, prefix: '' | 'qa-' = ''): TaskId {
	const smoke = taskId(`${prefix}smoke`, app);
	return draft.has(smoke) ? smoke : taskId(`${prefix}deploy`, app);
}
