import { join } from 'node:path';
import { repoName } from '../core/brand.ts';
import { unreachable } from '../core/unreachable.ts';
import {
	argvAt,
	argvsAt,
	type BuildContext,
	keySpan,
	machinePathAt,
	requiredArgv,
	valueSpan,
} from './build-context.ts';
import { defaultGemspec, gemNameOf, LADDER, listed } from './outline.ts';
import type { AppEntry, GemEntry } from './schema/registry.ts';
import type { SmokeEntry } from './schema/smoke.ts';
import type { Path } from './tree.ts';
import type {
	App,
	AppWorktree,
	DeclaredNeed,
	Deploy,
	Gem,
	Repo,
	RevisionPlace,
	SmokePage,
	TrainSettings,
} from './types.ts';

interface Entry<T> {
	readonly name: string;
	readonly entry: T;
	readonly train: TrainSettings;
}

export function buildGem(context: BuildContext, gem: Entry<GemEntry>): Gem {
	const { name, entry, train } = gem;
	const path = ['gems', name];
	const gemspec = entry.gemspec ?? defaultGemspec(name);
	const gemName = gemNameOf(gemspec);
	return {
		type: 'gem',
		...common(context, path, gem),
		// Absent only when it is parked; then nobody reads it, and this is where most gems have it.
		versionFile: entry.version_file ?? `lib/${gemName.replaceAll('-', '/')}/version.rb`,
		gemspec,
		gemName,
		releaseCheck: argvAt(context, [...path, 'release_check'], entry.release_check),
		buildCmd: argvAt(context, [...path, 'build_cmd'], entry.build_cmd),
		registry: entry.gem_registry ?? train.gemRegistry,
	};
}

export function buildApp(context: BuildContext, app: Entry<AppEntry>): App {
	const { name, entry, train } = app;
	const path = ['apps', name];
	return {
		type: 'app',
		...common(context, path, app),
		role: entry.role,
		testCmd: argvAt(context, [...path, 'test_cmd'], entry.test_cmd),
		qaTestCmd: argvAt(context, [...path, 'qa_test_cmd'], entry.qa_test_cmd),
		qaDeploy: buildDeploy(context, [...path, 'qa_deploy'], { target: entry.qa_deploy, train }),
		prodDeploy: buildDeploy(context, [...path, 'prod_deploy'], { target: entry.prod_deploy, train }),
		postDeployCmd: argvAt(context, [...path, 'post_deploy_cmd'], entry.post_deploy_cmd),
		worktree: buildWorktree(context, [...path, 'worktree'], entry.worktree),
	};
}

type Common = Pick<Repo, 'name' | 'path' | 'url' | 'needs' | 'parked' | 'at'>;

function common(context: BuildContext, path: Path, { name, entry, train }: Entry<GemEntry | AppEntry>): Common {
	const { ladder } = entry;
	return {
		name: repoName(name),
		path:
			entry.path === undefined ? join(train.projectsDir, name) : machinePathAt(context, [...path, 'path'], entry.path),
		url: entry.url ?? null,
		needs: declaredNeeds(context, path),
		parked: ladder === undefined || ladder === LADDER ? null : `ladder is ${ladder}, not ${LADDER}`,
		at: keySpan(context, path),
	};
}

/** Each needed repository once, where it is named first. */
function declaredNeeds(context: BuildContext, path: Path): DeclaredNeed[] {
	const needs = new Map<string, DeclaredNeed>();
	for (const need of listed(context.reader.tree, [...path, 'needs'])) {
		if (!needs.has(need.name)) needs.set(need.name, { repo: repoName(need.name), at: valueSpan(context, need.path) });
	}
	return [...needs.values()];
}

interface Target {
	readonly target: AppEntry['prod_deploy'];
	readonly train: TrainSettings;
}

function buildDeploy(context: BuildContext, path: Path, { target, train }: Target): Deploy {
	if (!target) return { strategy: 'none' };
	switch (target.strategy) {
		case 'none':
			return { strategy: 'none' };
		case 'git_push_heroku': {
			const { strategy, remote, branch } = target;
			return { strategy, remote, branch, ...buildSmoke(target), app: target.app ?? null };
		}
		case 'repo_script': {
			const { strategy, command, args } = target;
			const liveCmd = argvAt(context, [...path, 'live_cmd'], target.live_cmd);
			return { strategy, command, args, liveCmd, revisionUrl: target.revision_url ?? null };
		}
		case 'github_actions': {
			const { strategy, workflow, inputs } = target;
			return { strategy, workflow, ref: target.ref ?? train.mainBranch, inputs, ...buildSmoke(target) };
		}
		case 'kamal': {
			const { strategy, destination = null } = target;
			const command = requiredArgv(context, [...path, 'command'], target.command);
			const liveCmd = argvAt(context, [...path, 'live_cmd'], target.live_cmd);
			return { strategy, command, destination, liveCmd, ...buildSmoke(target) };
		}
		default:
			return unreachable(target);
	}
}

interface Smoked {
	readonly smoke_url?: string | undefined;
	readonly smoke?: SmokeEntry | undefined;
}

function buildSmoke({ smoke_url, smoke }: Smoked): { smokeUrl: string | null; smoke?: SmokePage } {
	const smokeUrl = smoke_url ?? null;
	if (!smoke) return { smokeUrl };
	const { path, status, body = null, revision } = smoke;
	return { smokeUrl, smoke: { path, status, body, revision: revisionPlace(revision) } };
}

function revisionPlace(revision: SmokeEntry['revision']): RevisionPlace | null {
	if (revision === undefined) return null;
	if (revision === 'body') return { in: 'body' };
	const { header, json } = revision;
	return header === undefined ? { in: 'json', key: json ?? '' } : { in: 'header', name: header };
}

function buildWorktree(context: BuildContext, path: Path, worktree: AppEntry['worktree']): AppWorktree | null {
	if (!worktree) return null;
	const { primary, last, reserved } = worktree.ports;
	return {
		ports: { primary, last, reserved },
		copy: worktree.copy,
		env: worktree.env,
		setup: argvsAt(context, [...path, 'setup'], worktree.setup),
		start: argvAt(context, [...path, 'start'], worktree.start),
		health: worktree.health ?? null,
	};
}
