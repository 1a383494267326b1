import { type Sha, shortSha } from '../../core/brand.ts';
import { declaredGems } from '../../gemfile/declared.ts';
import { parseLock } from '../../gemfile/lock.ts';
import type { GemSpec } from '../../graph/specs.ts';
import { peeled } from '../../io/git.ts';
import type { BuiltGem, UsedGem } from '../../record/types.ts';
import { repoOf, type TaskContext } from '../contract.ts';
import { fetchListed } from '../listed.ts';
import { readLive } from '../publish/live.ts';
import type { Build } from '../world.ts';
import type { ObservedGem } from './decide.ts';

/** Builds a gem at one commit and reads all that decides whether its version can be published. */
export async function observeGem(
	spec: GemSpec,
	at: { readonly sha: Sha; readonly known: BuiltGem | null },
	context: TaskContext,
): Promise<ObservedGem & { readonly build: Build }> {
	const { world } = context;
	const repository = world.repository(repoOf(context));
	const [build, versionFile, refs, listed] = await Promise.all([
		world.builds.of(repoOf(context), spec, at),
		repository.file(at.sha, spec.versionFile),
		repository.originRefs(),
		fetchListed(spec, context),
	]);
	return {
		build,
		built: {
			name: build.name,
			version: build.version,
			platform: build.platform,
			file: build.file,
			sha256: build.sha256,
		},
		versionText: versionFile?.toString('utf8') ?? null,
		liveVersions: listed.versions.filter((entry) => !entry.yanked).map((entry) => entry.version),
		live: await readLive(spec, build, context),
		tagAt: peeled(refs, `refs/tags/v${build.version}`),
	};
}

/** The train's gems among the run-time dependencies of a built gem. */
export function usesOfGem(
	spec: GemSpec,
	build: Build,
	at: { readonly sha: Sha; readonly context: TaskContext },
): UsedGem[] {
	const source = `${spec.gemspec} at ${shortSha(at.sha)}`;
	const needed = build.dependencies.map((dependency) => dependency.name);
	return named(needed, at.context).map((used) => ({ ...used, source }));
}

/** The train's gems that an app declares in its Gemfile or holds in its lock. */
export async function usesOfApp(sha: Sha, context: TaskContext): Promise<UsedGem[]> {
	const repository = context.world.repository(repoOf(context));
	const gemfile = (await repository.file(sha, 'Gemfile'))?.toString('utf8') ?? '';
	const lock = (await repository.file(sha, 'Gemfile.lock'))?.toString('utf8') ?? '';
	const lines = new Map<string, string>();
	for (const gem of parseLock(lock).gems.keys()) lines.set(gem, `Gemfile.lock at ${shortSha(sha)}`);
	for (const { gem, line } of declaredGems(gemfile))
		if (gem !== null) lines.set(gem, `Gemfile:${line} at ${shortSha(sha)}`);
	return named([...lines.keys()], context).map((used) => ({ ...used, source: lines.get(used.gem) ?? '' }));
}

function named(gems: readonly string[], context: TaskContext): { gem: string; repo: string }[] {
	const repos = new Map(context.config.gems.filter((gem) => gem.parked === null).map((gem) => [gem.gemName, gem.name]));
	return gems.flatMap((gem) => {
		const repo = repos.get(gem);
		return repo === undefined ? [] : [{ gem, repo }];
	});
}
