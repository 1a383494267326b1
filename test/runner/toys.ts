import type { Config } from '../../src/config/types.ts';
import { type RepoName, repoName, type TaskId } from '../../src/core/brand.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Graph, TaskNode } from '../../src/graph/types.ts';
import { type Decision, done, type TaskContext, todo } from '../../src/tasks/contract.ts';
import type { AnyKind, KindOf } from '../../src/tasks/registry.ts';
import type { World } from '../../src/tasks/world.ts';

/** Small kinds over a small world, for what the runner promises of any kind. */

export const id = (text: string) => text as TaskId;

interface ToyTask {
	readonly needs?: readonly string[];
	readonly kind?: string;
	readonly repo?: string | null;
	readonly spec?: JsonObject;
}

export function node(name: string, { needs = [], kind = name, repo = null, spec = {} }: ToyTask = {}): TaskNode {
	const owner: RepoName | null = repo === null ? null : repoName(repo);
	return { id: id(name), kind, repo: owner, spec, needs: needs.map(id), irreversible: false, weight: 1 };
}

/** Every task has a kind of its own name unless it says otherwise. */
export function graph(tasks: Readonly<Record<string, ToyTask>>): Graph {
	const nodes = Object.entries(tasks).map(([name, task]) => node(name, task));
	return { name: 'toys', nodes: new Map(nodes.map((entry) => [entry.id, entry])), edges: [] };
}

/** What a toy does; absent moves are those of a task that is done. */
export interface Toy {
	readonly isCheck?: true;
	readonly failureIsWarning?: true;
	readonly probe?: (context: TaskContext) => Decision<Change> | Promise<Decision<Change>>;
	readonly run?: (change: Change, context: TaskContext) => Promise<void> | void;
}

export type Change = JsonObject & { readonly summary: string };

export function kinds(toys: Readonly<Record<string, Toy>>): KindOf {
	return (name) => {
		const toy = toys[name];
		if (!toy) throw new Error(`no toy is named ${name}`);
		const { probe = () => done('was done'), run = () => undefined, ...flags } = toy;
		return {
			name,
			...flags,
			probe: async (_spec, context) => probe(context),
			decide: (_spec, observed) => observed as ReturnType<AnyKind['decide']>,
			run: async (change, context) => run(change, context),
		};
	};
}

/** A task whose effect is one word in a set: done when the word is there, and running puts it there. */
export function effect(world: Set<string>, word: string, run: Toy['run'] = () => undefined): Toy {
	return {
		probe: () =>
			world.has(word)
				? done(`${word} is there`, { word })
				: todo(`${word} is not there`, { type: 'add', summary: `add ${word}`, word }),
		run: async (change, context) => {
			await run(change, context);
			world.add(word);
		},
	};
}

/** Which ship SHAs were asked to be read again. */
export interface ToyContext extends TaskContext {
	readonly forgotten: readonly (RepoName | null)[];
}

export function context(repo: RepoName | null = null, output: TaskContext['output'] = () => undefined): ToyContext {
	const forgotten: (RepoName | null)[] = [];
	const ships = { get: async () => null, forget: (of: RepoName | null) => forgotten.push(of) };
	return {
		config: {} as Config,
		world: { ships } as unknown as World,
		repo,
		signal: new AbortController().signal,
		output,
		forgotten,
	};
}
