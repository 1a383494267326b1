import type { Fault } from './fault.ts';
import { isExtension, isMapping, keysOf, type Path, type Tree, valueAt } from './tree.ts';

/** A repository as far as it can be told while other parts of the file may be wrong. */
export interface RepoOutline {
	readonly name: string;
	readonly type: 'gem' | 'app';
	readonly path: Path;
	readonly hub: boolean;
	readonly parked: boolean;
	/** What a gem repository publishes; null for apps. */
	readonly gemName: string | null;
	readonly needs: readonly { readonly name: string; readonly path: Path }[];
}

/** A rule between entries that is broken, and where. */
export interface Finding {
	readonly path: Path;
	/** Point at the key; else at the value. */
	readonly onKey?: boolean;
	readonly fault: Fault;
}

/** The ladder that rides the train; any other parks its repository. */
export const LADDER = 'three-rung';

/**
 * The repositories of the file, in its order: gems, then apps. Read from the plain values and not from
 * the schema's output, so that the rules between entries are checked however wrong an entry is.
 */
export function outlineRepos(tree: Tree): RepoOutline[] {
	const gems = section(tree, 'gems').map((name) => outline(tree, name, 'gem'));
	return [...gems, ...section(tree, 'apps').map((name) => outline(tree, name, 'app'))];
}

/** The names in a section, without the `x-` keys. */
export function section(tree: Tree, key: 'gems' | 'apps' | 'tasks'): string[] {
	return keysOf(tree, valueAt(tree, [key])).filter((name) => !isExtension(name));
}

/** The texts of a list, with the path of each. */
export function listed(tree: Tree, path: Path): { name: string; path: Path }[] {
	const list = valueAt(tree, path);
	if (!Array.isArray(list)) return [];
	return list.flatMap((name, index) => (typeof name === 'string' ? [{ name, path: [...path, index] }] : []));
}

function outline(tree: Tree, name: string, type: 'gem' | 'app'): RepoOutline {
	const path = [type === 'gem' ? 'gems' : 'apps', name];
	const entry = valueAt(tree, path);
	const keys = isMapping(entry) ? entry : {};
	const parked = typeof keys.ladder === 'string' && keys.ladder !== LADDER;
	const gemspec = typeof keys.gemspec === 'string' ? keys.gemspec : defaultGemspec(name);
	const gemName = type === 'gem' ? gemNameOf(gemspec) : null;
	return {
		name,
		type,
		path,
		parked,
		gemName,
		hub: type === 'app' && keys.role === 'hub',
		needs: listed(tree, [...path, 'needs']),
	};
}

/** The gemspec that a repository has when the file does not say. */
export function defaultGemspec(repo: string): string {
	return `${repo}.gemspec`;
}

/** The name of a gem: the base name of its gemspec. */
export function gemNameOf(gemspec: string): string {
	return gemspec.slice(gemspec.lastIndexOf('/') + 1).replace(/\.gemspec$/, '');
}
