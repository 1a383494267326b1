import type { GemSpec } from '../../graph/specs.ts';
import { loadGemArchive, parseGemArchive } from '../../io/gem-archive.ts';
import type { TaskContext } from '../contract.ts';
import { fetchListed } from '../listed.ts';
import type { Build } from '../world.ts';
import type { LiveRelease } from './decide.ts';

/** Reads whether the built version is live, and compares what is there with what was built. */
export async function readLive(spec: GemSpec, built: Build, context: TaskContext): Promise<LiveRelease | null> {
	const { versions } = await fetchListed(spec, context);
	const live = versions.find((entry) => entry.version === built.version && entry.platform === built.platform);
	if (!live) return null;
	if (live.sha256 === built.sha256) return { sha256: live.sha256, differing: null };
	const registry = context.world.registry(spec.registry);
	const theirs = await parseGemArchive(await registry.downloadGem(built.file), built.file);
	const ours = await loadGemArchive(built.path);
	return { sha256: live.sha256, differing: differingFiles(ours.files, theirs.files) };
}

/** Paths that only one side has, or that have other content. Both maps hold a digest for each path. */
export function differingFiles(ours: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>): string[] {
	const paths = new Set([...ours.keys(), ...theirs.keys()]);
	return [...paths].filter((path) => ours.get(path) !== theirs.get(path)).sort();
}
