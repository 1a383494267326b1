import type { App, Config } from '../config/types.ts';
import { type RepoName, type TaskId, taskId } from '../core/brand.ts';
import { type Compiled, Draft } from './draft.ts';
import { type Fleet, gemSpec, ridersOf, strayMembers, unparked } from './passes/fleet.ts';
import { orderDeclaredApps, orderHub } from './passes/order.ts';
import { smokeOf } from './passes/tasks.ts';

type Pass = (draft: Draft, fleet: Fleet) => void;

const PASSES: readonly Pass[] = [
	// A release that lacks commits of main must not be frozen, so the merge comes before the SHA.
	addFreezes,
	// Needs every gem's freeze in the draft: an app's QA may use the gems at their frozen SHAs.
	addQaGates,
	// After the gates, because it puts their join in front of the first deploy.
	addQaDeploys,
	// The order of production holds for QA too, so that a circle is found here and not at ship time.
	(draft, fleet) => orderDeclaredApps(draft, fleet.apps, 'qa-'),
	(draft, fleet) => orderHub(draft, fleet.apps, 'qa-'),
	// Last: it takes everything that nothing waits for.
	addAssemble,
];

/**
 * The graph of `prepare` (2-train.md §3) for the members named. No SHA is known yet: `frozen: null`
 * in its specs means the SHA that `freeze:R` froze in this run. Gives diagnostics and no graph for a
 * member that the file does not have or parks, and for a cycle.
 */
export function compilePreparation(config: Config, slug: string, members: readonly RepoName[]): Compiled {
	const stray = strayMembers(config, members);
	if (stray.length > 0) return { graph: null, diagnostics: stray };
	const riders = ridersOf(
		config,
		members.map((repo) => ({ repo, frozen: null, version: null })),
	);
	const fleet: Fleet = { config, slug, derived: [], ...riders };
	const draft = new Draft();
	for (const pass of PASSES) pass(draft, fleet);
	return draft.compile(`prepare ${slug}`);
}

/** The graph of `init`: the release branch of every repository that is not parked, each on its own. */
export function compileInit(config: Config): Compiled {
	const { releaseBranch, mainBranch } = config.train;
	const draft = new Draft();
	for (const { repo } of unparked(config)) draft.add({ kind: 'branch', repo, spec: { releaseBranch, mainBranch } });
	return draft.compile('init');
}

function addFreezes(draft: Draft, fleet: Fleet): void {
	const { releaseBranch, mainBranch } = fleet.config.train;
	for (const repo of [...fleet.gems, ...fleet.apps]) {
		const forward = draft.add({ kind: 'forward', repo: repo.name, spec: { releaseBranch, mainBranch } });
		const gem = repo.type === 'gem' ? gemSpec(repo, null) : null;
		const freeze = draft.add({ kind: 'freeze', repo: repo.name, spec: { releaseBranch, mainBranch, gem } });
		draft.edge(forward, freeze, `what is frozen contains ${mainBranch}`);
	}
}

function addQaGates(draft: Draft, fleet: Fleet): void {
	const joined = fleet.gems.length > 0 && fleet.apps.length > 0;
	const barrier = joined ? draft.barrier('frozen') : null;
	if (barrier !== null) {
		for (const gem of fleet.gems) {
			draft.edge(taskId('freeze', gem.name), barrier, 'QA of an app may use the gems at their frozen SHAs');
		}
	}
	for (const app of fleet.apps) {
		const gate = draft.add({
			kind: 'gate',
			repo: app.name,
			id: taskId('qa-gate', app.name),
			spec: { frozen: null, command: app.qaTestCmd, purpose: 'qa' },
		});
		draft.edge(taskId('freeze', app.name), gate, 'QA tests the frozen SHA');
		if (barrier !== null) draft.edge(barrier, gate, 'QA of an app may use the gems at their frozen SHAs');
	}
}

function addQaDeploys(draft: Draft, fleet: Fleet): void {
	const targets = fleet.apps.filter((app) => app.qaDeploy.strategy !== 'none');
	const joined = targets.length > 0 && fleet.config.train.gates === 'before_any_deploy';
	const barrier = joined ? draft.barrier('qa-gated') : null;
	if (barrier !== null) {
		for (const app of fleet.apps) draft.edge(taskId('qa-gate', app.name), barrier, 'gates: before_any_deploy');
	}
	for (const app of targets) {
		const before = barrier ?? taskId('qa-gate', app.name);
		draft.edge(before, addQaDeploy(draft, app), 'only what passed its tests is deployed');
	}
}

function addQaDeploy(draft: Draft, app: App): TaskId {
	const deploy = draft.add({
		kind: 'deploy',
		repo: app.name,
		id: taskId('qa-deploy', app.name),
		spec: { frozen: null, target: app.qaDeploy, purpose: 'qa' },
		irreversible: true,
	});
	const asked = smokeOf(app.qaDeploy);
	if (asked !== null) {
		const smoke = draft.add({
			kind: 'smoke',
			repo: app.name,
			id: taskId('qa-smoke', app.name),
			spec: { frozen: null, ...asked, purpose: 'qa' },
		});
		draft.edge(deploy, smoke, 'a deploy is proven by the app that answers');
	}
	return deploy;
}

function addAssemble(draft: Draft, fleet: Fleet): void {
	const last = draft.sinks();
	const members = [...fleet.gems, ...fleet.apps].map((repo) => repo.name);
	const assemble = draft.add({ kind: 'assemble', repo: null, spec: { slug: fleet.slug, members } });
	for (const task of last) draft.edge(task, assemble, 'only a train that QA has seen whole is assembled');
}
