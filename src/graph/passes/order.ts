import type { App } from '../../config/types.ts';
import { type RepoName, taskId } from '../../core/brand.ts';
import type { Draft } from '../draft.ts';
import { type Fleet, liveTask } from './fleet.ts';

/** A gem after the gems that its gemspec names at the frozen SHA. What is not on the train is live already. */
export function orderDerivedGems(draft: Draft, fleet: Fleet): void {
	const gems = new Set<RepoName>(fleet.gems.map((gem) => gem.name));
	for (const { repo, uses, source } of fleet.derived) {
		// A gem may name itself in its own Gemfile.
		if (repo === uses || !gems.has(repo) || !gems.has(uses)) continue;
		draft.edge(taskId('publish', uses), taskId('publish', repo), `${repo} uses ${uses} (${source})`);
	}
}

/** The hub is live before any satellite: the others sign in through it. */
export function orderHub(draft: Draft, apps: readonly App[], prefix: '' | 'qa-' = ''): void {
	const hub = apps.find((app) => app.role === 'hub');
	if (hub === undefined) return;
	const live = liveTask(draft, hub.name, prefix);
	for (const app of apps) {
		const deploy = taskId(`${prefix}deploy`, app.name);
		if (app === hub || !draft.has(live) || !draft.has(deploy)) continue;
		draft.edge(live, deploy, `${hub.name} is the hub: it is live before any satellite`);
	}
}

/** The `needs` of gems. A need of an app waits until that app is live. */
export function orderDeclaredGems(draft: Draft, fleet: Fleet): void {
	const gems = new Set<RepoName>(fleet.gems.map((gem) => gem.name));
	const apps = new Set<RepoName>(fleet.apps.map((app) => app.name));
	for (const gem of fleet.gems) {
		for (const need of gem.needs) {
			if (!gems.has(need.repo) && !apps.has(need.repo)) continue;
			const before = gems.has(need.repo) ? taskId('publish', need.repo) : liveTask(draft, need.repo);
			draft.edge(before, taskId('publish', gem.name), { reason: declared(gem.name, need.repo), at: need.at });
		}
	}
}

/** The `needs` of apps for other apps. A gem that an app needs is live by `barrier:published`. */
export function orderDeclaredApps(draft: Draft, apps: readonly App[], prefix: '' | 'qa-' = ''): void {
	const names = new Set<RepoName>(apps.map((app) => app.name));
	for (const app of apps) {
		const deploy = taskId(`${prefix}deploy`, app.name);
		for (const need of app.needs) {
			if (!names.has(need.repo)) continue;
			const live = liveTask(draft, need.repo, prefix);
			if (!draft.has(live) || !draft.has(deploy)) continue;
			draft.edge(live, deploy, { reason: declared(app.name, need.repo), at: need.at });
		}
	}
}

function declared(repo: RepoName, need: RepoName): string {
	return `${repo} declares that it needs ${need}`;
}
