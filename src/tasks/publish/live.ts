import type { GemSpec } from '../../graph/specs.ts';
import { sha256 } from '../../io/artifacts.ts';
import type { LiveVersion } from '../../io/compact-index.ts';
import { type GemArchive, loadGemArchive, parseGemArchive } from '../../io/gem-archive.ts';
import type { GemRegistry, LiveGem } from '../../io/gem-registry.ts';
import type { TaskContext } from '../contract.ts';
import { fetchListed } from '../listed.ts';
import type { Build } from '../world.ts';
import type { LiveRelease } from './decide.ts';

/** Listed beside the paths of files. */
const DEPENDENCIES = 'the dependencies in the gemspec';

type Built = Pick<Build, 'version' | 'platform' | 'file' | 'sha256' | 'path'>;

/**
 * Reads whether the built version is live, and compares what is there with what was built. Null is said
 * only when every place that could have it was asked: the versions API may be a cached page that
 * is older than the index, and a registry may hold a gem that no index of it lists yet.
 */
export async function readLive(
	spec: Pick<GemSpec, 'gem' | 'registry'>,
	built: Built,
	context: TaskContext,
): Promise<LiveRelease | null> {
	const { world } = context;
	const registry = world.registry(spec.registry);
	const listed = await fetchListed(spec, context);
	const live = await compare(listed, built, registry);
	if (live || listed.source === 'compact-index') return live ?? readHeld(built, registry);
	return readIndexed(spec, built, context);
}

/** The same, by the index that Bundler reads: what a push is waited for. Never an older reading. */
export async function readIndexed(
	spec: Pick<GemSpec, 'gem' | 'registry'>,
	built: Built,
	context: TaskContext,
): Promise<LiveRelease | null> {
	const registry = context.world.registry(spec.registry);
	return (await compare(await registry.fetchIndexed(spec.gem), built, registry)) ?? readHeld(built, registry);
}

async function compare(listed: LiveGem, built: Built, registry: GemRegistry): Promise<LiveRelease | null> {
	const entry = listed.versions.find(
		({ version, platform }) => version === built.version && platform === built.platform,
	);
	if (!entry) return null;
	if (entry.yanked) return { state: 'yanked', sha256: entry.sha256, differing: null };
	return { state: 'listed', sha256: entry.sha256, differing: await differing(entry, built, registry) };
}

/** Equal checksums settle it; unequal ones, or none, prove nothing yet (2-train.md §6). */
async function differing(
	{ sha256 }: LiveVersion,
	built: Built,
	registry: GemRegistry,
): Promise<readonly string[] | null> {
	return sha256 === built.sha256 ? null : differingFrom(await registry.downloadGem(built.file), built);
}

async function readHeld(built: Built, registry: GemRegistry): Promise<LiveRelease | null> {
	const bytes = await registry.findGem(built.file);
	if (bytes === null) return null;
	const digest = sha256(bytes);
	const differs = digest === built.sha256 ? null : await differingFrom(bytes, built);
	return { state: 'held', sha256: digest, differing: differs };
}

async function differingFrom(theirs: Buffer, built: Built): Promise<readonly string[]> {
	const [live, own] = await Promise.all([parseGemArchive(theirs, built.file), loadGemArchive(built.path)]);
	const files = differingFiles(own.files, live.files);
	// The gemspec itself is rarely among the files, and what it needs is content too.
	return needsOf(live) === needsOf(own) ? files : [...files, DEPENDENCIES];
}

function needsOf({ dependencies }: GemArchive): string {
	const runtime = dependencies.filter(({ type }) => type === 'runtime');
	return JSON.stringify(runtime.map(({ name, requirement }) => `${name} ${requirement}`).sort());
}

/** Paths that only one side has, or that have other content. Both maps hold a digest for each path. */
export function differingFiles(ours: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>): string[] {
	const paths = new Set([...ours.keys(), ...theirs.keys()]);
	return [...paths].filter((path) => ours.get(path) !== theirs.get(path)).sort();
}
