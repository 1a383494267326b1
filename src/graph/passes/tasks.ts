import type { App, Argv, Deploy } from '../../config/types.ts';
import type { Draft } from '../draft.ts';
import type { Specs } from '../specs.ts';
import { type Fleet, type GemRider, gemSpec, liveTask, pinsOf, type Rider } from './fleet.ts';

/** One check a repository, of everything that can be checked before the first irreversible step (2-train.md §5). */
export function addPreflights(draft: Draft, fleet: Fleet): void {
	const { releaseBranch, mainBranch } = fleet.config.train;
	for (const gem of fleet.gems) {
		draft.add({
			kind: 'preflight',
			repo: gem.name,
			spec: {
				frozen: gem.frozen,
				releaseBranch,
				mainBranch,
				gem: gemSpec(gem, gem.version),
				commands: [],
				deploy: null,
				pins: pinsOf(fleet),
			},
		});
	}
	for (const app of fleet.apps) {
		draft.add({
			kind: 'preflight',
			repo: app.name,
			spec: {
				frozen: app.frozen,
				releaseBranch,
				mainBranch,
				gem: null,
				commands: commandsOf(app),
				deploy: app.prodDeploy,
				pins: pinsOf(fleet),
			},
		});
	}
}

/** What will be run from the app's tree besides its deploy, so that a missing or plain file is found before main moves. */
function commandsOf({ testCmd, postDeployCmd }: App): readonly Argv[] {
	return [testCmd, postDeployCmd].filter((command) => command !== null);
}

/** A gem's own lane: live in the registry, then named by a tag, then on main. */
export function addGemLanes(draft: Draft, fleet: Fleet): void {
	for (const gem of fleet.gems) addGemLane(draft, fleet, gem);
}

function addGemLane(draft: Draft, fleet: Fleet, gem: GemRider): void {
	const { name: repo, frozen, version } = gem;
	const publish = draft.add({
		kind: 'publish',
		repo,
		spec: { ...gemSpec(gem, version), frozen },
		irreversible: true,
	});
	const tag = draft.add({
		kind: 'tag',
		repo,
		spec: { tag: version === null ? null : `v${version}`, frozen },
		irreversible: true,
	});
	const branch = fleet.config.train.mainBranch;
	const promote = draft.add({ kind: 'promote', repo, spec: { frozen, branch }, irreversible: true });
	draft.edge(publish, tag, 'a tag names a version that is live');
	draft.edge(tag, promote, `${branch} moves once the version is live and named`);
}

/** An app's own lane up to production. How `gate` leads to `promote` is the train's setting: see joins.ts. */
export function addAppLanes(draft: Draft, fleet: Fleet): void {
	for (const app of fleet.apps) addAppLane(draft, fleet, app);
}

function addAppLane(draft: Draft, fleet: Fleet, app: Rider<App>): void {
	const { name: repo, frozen, prodDeploy: target } = app;
	const { mainBranch, releaseBranch } = fleet.config.train;
	const repin = draft.add({ kind: 'repin', repo, spec: { frozen, releaseBranch, pins: pinsOf(fleet) } });
	const gate = draft.add({ kind: 'gate', repo, spec: { frozen, command: app.testCmd, purpose: 'ship' } });
	const promote = draft.add({ kind: 'promote', repo, spec: { frozen, branch: mainBranch }, irreversible: true });
	const deploy = draft.add({
		kind: 'deploy',
		repo,
		spec: { frozen, target, purpose: 'ship' },
		irreversible: target.strategy !== 'none',
	});
	draft.edge(repin, gate, 'the gate tests the commit that ships');
	draft.edge(promote, deploy, `what is deployed is on ${mainBranch}`);
	const asked = smokeOf(target);
	if (asked !== null) {
		const smoke = draft.add({ kind: 'smoke', repo, spec: { frozen, ...asked, purpose: 'ship' } });
		draft.edge(deploy, smoke, 'a deploy is proven by the app that answers');
	}
	if (app.postDeployCmd !== null) {
		const spec = { frozen, command: app.postDeployCmd };
		const after = draft.add({ kind: 'after', repo, spec, irreversible: true });
		draft.edge(liveTask(draft, repo), after, 'post_deploy_cmd runs on a live app');
	}
}

/** Where a deployed app is asked whether it lives; null when nobody but the repository can tell. */
export function smokeOf(target: Deploy): Pick<Specs['smoke'], 'url' | 'page'> | null {
	if (!('smokeUrl' in target) || target.smokeUrl === null) return null;
	return { url: target.smokeUrl, page: target.smoke ?? null };
}
