import type { LiveVersion } from './compact-index.ts';
import {
	fetchApiVersions,
	fetchGemFile,
	fetchGemFileIfServed,
	fetchHasIndex,
	fetchInfo,
	fetchReachable,
	type RegistryOptions,
	refuseUnlessAbsent,
	registrySite,
} from './registry-site.ts';
import { createTurns } from './turns.ts';

export type Interface = 'compact-index' | 'versions-api';

export interface LiveGem {
	/** The interface that answered. */
	readonly source: Interface;
	/** Empty when the registry does not have the gem. */
	readonly versions: readonly LiveVersion[];
}

/**
 * One gem registry, for one run (2-train.md §6). Every failure but a 404 of an interface that
 * answers is Unreadable: a failed read is never "not published".
 */
export interface GemRegistry {
	/** The cheap read: the versions API, else the compact index. */
	fetchLive(gem: string): Promise<LiveGem>;
	/** What Bundler reads: the compact index; the versions API only where there is no such index. */
	fetchIndexed(gem: string): Promise<LiveGem>;
	/** Resolves when the server answers at all, whatever it says to a stranger. */
	pushHostReachable(): Promise<void>;
	/** The bytes of a file such as `studio-engine-0.2.0.gem`. */
	downloadGem(file: string): Promise<Buffer>;
	/** The same, or null when the server gives no such file: a gem can be there before any index lists it. */
	findGem(file: string): Promise<Buffer | null>;
}

/** Opens a registry for reading; `url` may end in a slash. Remembers which interfaces answer, and asks nothing yet. */
export function createGemRegistry(url: string, options: RegistryOptions): GemRegistry {
	const site = registrySite(url, options);
	/** Whether the server has the interface; absent while that is not known. */
	const known = new Map<Interface, boolean>();

	const ask = async (source: Interface, gem: string): Promise<LiveGem | null> => {
		if (known.get(source) === false) return null;
		const versions = source === 'compact-index' ? await fetchInfo(site, gem) : await fetchApiVersions(site, gem);
		if (versions !== null) known.set(source, true);
		// A 404 means "no such gem" only from an interface that exists; the index has a page that always does.
		else if (source === 'compact-index' && !known.has(source)) known.set(source, await fetchHasIndex(site));
		return known.get(source) === true ? { source, versions: versions ?? [] } : null;
	};
	const firstAnswer = async (sources: readonly Interface[], gem: string): Promise<LiveGem> => {
		for (const source of sources) {
			const found = await ask(source, gem);
			if (found) return found;
		}
		await refuseUnlessAbsent(site, gem);
		return { source: 'versions-api', versions: [] };
	};
	const liveOrder = (): readonly Interface[] => {
		if (known.get('versions-api')) return ['versions-api'];
		return known.get('compact-index') ? ['compact-index'] : ['versions-api', 'compact-index'];
	};
	// While it is not known what answers, gems take turns, so that each interface is tried once.
	const inTurn = createTurns();
	return {
		fetchLive: (gem) => {
			const read = () => firstAnswer(liveOrder(), gem);
			return liveOrder().length === 1 ? read() : inTurn(read);
		},
		fetchIndexed: (gem) => {
			const read = () => firstAnswer(['compact-index', 'versions-api'], gem);
			return known.has('compact-index') ? read() : inTurn(read);
		},
		pushHostReachable: () => fetchReachable(site),
		downloadGem: (file) => fetchGemFile(site, file),
		findGem: (file) => fetchGemFileIfServed(site, file),
	};
}
