import { basename, dirname, join } from 'node:path';
import type { RepoName, Sha } from '../core/brand.ts';
import type { GemSpec } from '../graph/specs.ts';
import { keepCopy, listFolder, sha256 } from '../io/artifacts.ts';
import { lastWords } from '../io/command.ts';
import { ensurePrivateDir, readBytesIfExists, removeFile, removeFolder } from '../io/files.ts';
import { parseGemArchive } from '../io/gem-archive.ts';
import type { GemTool } from '../io/gem-tool.ts';
import type { Repository } from '../io/repository.ts';
import type { Workspaces } from '../io/workspace.ts';
import type { BuiltGem } from '../record/types.ts';
import { TaskFailure } from './contract.ts';
import type { Build, Builds } from './world.ts';

export interface BuildTools {
	readonly repository: (repo: RepoName) => Repository;
	readonly workspaces: Workspaces;
	readonly gemTool: GemTool;
	/** `.slipway/built`, where builds are found. */
	readonly folder: string;
	/** Where new ones go: that very folder, for who holds the lock of the train. */
	readonly makeIn: string;
	readonly timeoutMs: number;
	readonly signal: AbortSignal;
}

/** One build for each commit and run; a build on disk counts only with the digest that the record knows. */
export function createBuilds(tools: BuildTools): Builds {
	const builds = new Map<string, Promise<Build>>();
	return {
		of: (repo, spec, at) => {
			const key = `${repo} ${at.sha}`;
			const known = builds.get(key);
			if (known) return known;
			const build = findOrBuild(tools, { repo, spec, sha: at.sha, known: at.known });
			builds.set(key, build);
			build.catch(() => builds.delete(key));
			return build;
		},
		made: (repo, sha) => {
			const build = builds.get(`${repo} ${sha}`);
			if (!build) throw new Error(`${repo} was not built at ${sha} in this run`);
			return build;
		},
	};
}

interface Wanted {
	readonly repo: RepoName;
	readonly spec: GemSpec;
	readonly sha: Sha;
	readonly known: BuiltGem | null;
}

async function findOrBuild(tools: BuildTools, wanted: Wanted): Promise<Build> {
	const name = `${wanted.repo}-${wanted.sha}`;
	if (wanted.known) {
		const path = join(tools.folder, name, wanted.known.file);
		const bytes = await readBytesIfExists(path);
		if (bytes && sha256(bytes) === wanted.known.sha256) return describe(path, bytes);
	}
	return build(tools, wanted, join(tools.makeIn, name));
}

async function build(tools: BuildTools, wanted: Wanted, folder: string): Promise<Build> {
	const repository = tools.repository(wanted.repo);
	// First of all: it also fetches a commit that is not here yet.
	const { committedAt } = await repository.parents(wanted.sha);
	const workspace = await tools.workspaces.at(repository, wanted.sha);
	const before = new Set(await gemsIn(workspace.path));
	await removeFolder(folder);
	await ensurePrivateDir(folder);
	const output = join(folder, `${wanted.spec.gem}.gem`);
	const result = await tools.gemTool.build(
		workspace.path,
		{ gemspec: wanted.spec.gemspec, epochSeconds: committedAt, command: wanted.spec.buildCmd, output },
		{ timeoutMs: tools.timeoutMs, signal: tools.signal, onLine: () => undefined },
	);
	tools.workspaces.used(wanted.repo);
	if (result.exitCode !== 0) {
		const summary = `${wanted.spec.gem} does not build at ${wanted.sha.slice(0, 8)}`;
		throw new TaskFailure({ code: 'command-failed', summary, seen: lastWords(result) }, result);
	}
	const made = wanted.spec.buildCmd ? await newGem(workspace.path, before, wanted) : output;
	const bytes = await readBytesIfExists(made);
	if (!bytes) {
		throw new TaskFailure(
			{ code: 'not-proven', summary: `the build of ${wanted.spec.gem} left no ${basename(made)}` },
			result,
		);
	}
	return keepUnderItsName(made, bytes, folder);
}

/** `gem build` names a file by name, version and platform; what is on disk is named so as well. */
async function keepUnderItsName(made: string, bytes: Buffer, folder: string): Promise<Build> {
	const gem = await describe(made, bytes);
	const path = join(folder, gem.file);
	await keepCopy(made, path);
	if (dirname(made) === folder && made !== path) await removeFile(made);
	return { ...gem, path };
}

async function describe(path: string, bytes: Buffer): Promise<Build> {
	const gem = await parseGemArchive(bytes, basename(path));
	const platform = gem.platform === 'ruby' ? '' : `-${gem.platform}`;
	return {
		name: gem.name,
		version: gem.version,
		platform: gem.platform,
		file: `${gem.name}-${gem.version}${platform}.gem`,
		sha256: sha256(bytes),
		path,
		dependencies: gem.dependencies.filter((dependency) => dependency.type === 'runtime'),
		allowedPushHost: gem.allowedPushHost,
	};
}

const GEM_FOLDERS = ['.', 'pkg'];

async function gemsIn(workspace: string): Promise<string[]> {
	const found: string[] = [];
	for (const folder of GEM_FOLDERS) {
		for (const name of await listFolder(join(workspace, folder)))
			if (name.endsWith('.gem')) found.push(join(workspace, folder, name));
	}
	return found;
}

/** A build_cmd puts its gem where rake does: the folder itself or pkg/. */
async function newGem(workspace: string, before: ReadonlySet<string>, wanted: Wanted): Promise<string> {
	const made = (await gemsIn(workspace)).filter((path) => !before.has(path));
	const [only] = made;
	if (only !== undefined && made.length === 1) return only;
	throw new TaskFailure({
		code: 'not-proven',
		summary: `build_cmd of ${wanted.repo} left ${made.length} new gems, and it must leave one in its folder or in pkg/`,
		...(made.length > 0 ? { seen: made.map((path) => basename(path)).join('\n') } : {}),
	});
}
