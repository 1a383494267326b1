import { didYouMean } from '../core/suggest.ts';
import { cycleText, findCycles } from './cycles.ts';
import type { Reader } from './issues.ts';
import { entryName } from './names.ts';
import type { Finding, RepoOutline } from './outline.ts';
import { isExtension, keyRange, type Path, placeOf, shown, valueRange } from './tree.ts';

/** Comparing a name with thousands takes time; whoever made more slips than this mends them in two rounds. */
export const MOST_SUGGESTIONS = 20;

/** The rules between repositories (2-train.md §1): names, hubs, needs, circles. */
export function checkRepos(reader: Reader, repos: readonly RepoOutline[]): Finding[] {
	return [
		...sharedNames(reader, repos),
		...sharedGems(repos),
		...versionFiles(reader, repos),
		...hubs(reader, repos),
		...unknownNeeds(repos),
		...cycles(reader, repos),
	];
}

/** The line on which the key of a path stands. */
export function lineOf({ source, tree }: Reader, path: Path): number {
	return source.span(keyRange(tree, path)).line;
}

function sharedNames(reader: Reader, repos: readonly RepoOutline[]): Finding[] {
	const gems = new Map(repos.filter(({ type }) => type === 'gem').map((repo) => [repo.name, repo]));
	return repos.flatMap(({ type, name, path }) => {
		const gem = type === 'app' ? gems.get(name) : undefined;
		if (!gem) return [];
		const summary = `${shown(name)} is also a gem, on line ${lineOf(reader, gem.path)}`;
		const hint = 'a repository is a gem or an app: remove or rename one';
		return [{ path, onKey: true, fault: { code: 'duplicate-key', summary, hint } }];
	});
}

function sharedGems(repos: readonly RepoOutline[]): Finding[] {
	const owners = new Map<string, string>();
	return repos.flatMap(({ name, path, gemName }) => {
		if (gemName === null) return [];
		const owner = owners.get(gemName);
		if (owner === undefined) owners.set(gemName, name);
		if (owner === undefined || owner === name) return [];
		const summary = `builds the gem ${shown(gemName)}, as ${shown(owner)} does`;
		return [
			{ path, onKey: true, fault: { code: 'bad-value', summary, hint: 'two repositories cannot publish one gem' } },
		];
	});
}

function versionFiles({ tree }: Reader, repos: readonly RepoOutline[]): Finding[] {
	const lacking = repos.filter(
		({ type, parked, path }) => type === 'gem' && !parked && !placeOf(tree, [...path, 'version_file']),
	);
	return lacking.map(({ path, name }) => ({
		path: [...path, 'version_file'],
		onKey: true,
		fault: {
			code: 'missing-key',
			summary: 'the key `version_file` is missing',
			hint: `name the file that holds the version, such as \`lib/${name.replaceAll('-', '/')}/version.rb\``,
		},
	}));
}

function hubs(reader: Reader, repos: readonly RepoOutline[]): Finding[] {
	const [first, ...more] = repos.filter(({ hub }) => hub);
	if (!first) return [];
	const line = reader.source.span(valueRange(reader.tree, [...first.path, 'role'])).line;
	return more.map(({ path, name }) => {
		const rolePath = [...path, 'role'];
		const own = reader.source.span(valueRange(reader.tree, rolePath)).line;
		const summary = `two hubs: ${shown(first.name)} on line ${line} and ${shown(name)} on line ${own}`;
		return {
			path: rolePath,
			fault: { code: 'two-hubs', summary, hint: 'one app at most is the hub: remove one of the roles' },
		};
	});
}

function unknownNeeds(repos: readonly RepoOutline[]): Finding[] {
	const names = new Set(repos.map(({ name }) => name));
	const unknown = repos.flatMap(({ needs }) => needs).filter(({ name }) => !names.has(name) && entryName(name).ok);
	return unknown.map(({ name, path }, index) => ({
		path,
		fault: unknownRepo(name, index < MOST_SUGGESTIONS ? names : []),
	}));
}

/** The fault of a name that no repository has. */
export function unknownRepo(name: string, names: Iterable<string>): Finding['fault'] {
	const otherwise = isExtension(name)
		? 'keys that begin with `x-` are no repositories'
		: 'name a repository of `gems` or `apps`';
	return {
		code: 'unknown-repo',
		summary: `no repository is named ${shown(name)}`,
		hint: didYouMean(name, names, otherwise),
	};
}

interface Order {
	readonly from: string;
	readonly to: string;
	readonly reason: string;
	/** Null for an order that the train keeps by itself. */
	readonly path: Path | null;
}

function cycles(reader: Reader, repos: readonly RepoOutline[]): Finding[] {
	return findCycles(orders(reader, repos)).map((cycle) => {
		const declared = cycle.find(({ path }) => path !== null);
		const summary = cycleText(cycle, ({ reason }) => reason);
		return { path: declared?.path ?? [], fault: { code: 'cycle', summary, hint: 'remove one of these needs' } };
	});
}

/**
 * Declared needs, and against each of them the order that a train keeps by itself: every app after
 * every gem, every satellite after the hub. Only these can close a circle, so their number stays
 * that of the needs. Parked repositories ride no train and keep no such order.
 */
function orders(reader: Reader, repos: readonly RepoOutline[]): Order[] {
	// A name that two have is an error of its own; here the gem, which comes first, keeps it.
	const byName = new Map(repos.toReversed().map((repo) => [repo.name, repo]));
	return repos.flatMap((repo) =>
		repo.needs.flatMap(({ name, path }) => {
			const needed = byName.get(name);
			if (!needed) return [];
			const line = reader.source.span(valueRange(reader.tree, path)).line;
			const declared: Order = { from: repo.name, to: name, reason: `needs, line ${line}`, path };
			const reason = repo.parked || needed.parked ? null : impliedReason(needed, repo);
			return reason === null ? [declared] : [declared, { from: name, to: repo.name, reason, path: null }];
		}),
	);
}

/** Why `later` comes after `earlier` in every train, or null. */
function impliedReason(later: RepoOutline, earlier: RepoOutline): string | null {
	if (later.type === 'app' && earlier.type === 'gem') return 'all gems are published before any app is re-pinned';
	if (later.type === 'app' && !later.hub && earlier.hub) return 'the hub deploys before every satellite';
	return null;
}
