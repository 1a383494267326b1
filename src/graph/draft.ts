import { type RepoName, type TaskId, taskId } from '../core/brand.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import { Digraph, findCycle, topologicalOrder } from './algorithms.ts';
import { cycleDiagnostic } from './cycle.ts';
import type { Kind, Specs } from './specs.ts';
import type { EdgeReason, Graph, TaskNode } from './types.ts';
import { weightOf } from './weights.ts';

/** What a compilation gives: a graph, or the errors that stand against one. */
export type Compiled =
	| { readonly graph: Graph; readonly diagnostics: readonly [] }
	| { readonly graph: null; readonly diagnostics: readonly Diagnostic[] };

/** A task of one of the kinds in specs.ts. Its id is `kind:repo` unless it says otherwise. */
export interface NewTask<K extends Kind> {
	readonly kind: K;
	readonly repo: RepoName | null;
	readonly spec: Specs[K];
	readonly id?: TaskId;
	readonly irreversible?: boolean;
}

type DraftTask = Omit<TaskNode, 'needs'>;
type Why = Omit<EdgeReason, 'from' | 'to'>;

/**
 * A graph while it is being built: passes add tasks and edges, and ask what others have added. It
 * is the only way to a Graph, so every Graph has known endpoints, one edge a pair, and no cycle.
 */
export class Draft {
	readonly #links = new Digraph<TaskId, Why>();
	readonly #tasks = new Map<TaskId, DraftTask>();

	/** Adds a task of a kind of specs.ts. Throws when its id is taken. */
	add<K extends Kind>(task: NewTask<K>): TaskId {
		const { kind, repo, irreversible = false } = task;
		const id = task.id ?? taskId(kind, repo);
		// Every member of Specs is JSON by its definition; TypeScript cannot see that of an interface.
		const spec = task.spec as unknown as JsonObject;
		return this.addTask({ id, kind, repo, spec, irreversible, weight: weightOf(kind) });
	}

	/** Adds a task of any kind, such as the user's own. Throws when its id is taken. */
	addTask(task: DraftTask): TaskId {
		this.#links.add(task.id);
		this.#tasks.set(task.id, task);
		return task.id;
	}

	/** Adds the join `barrier:<name>`: m tasks before and n after it cost m + n edges, not m · n. */
	barrier(name: string): TaskId {
		return this.add({ kind: 'barrier', repo: null, spec: {}, id: taskId('barrier', name) });
	}

	/**
	 * Makes `to` wait for `from`. A second edge between the same two keeps the first sentence, and
	 * takes over a source line where there was none. Throws when an end is unknown.
	 */
	edge(from: TaskId, to: TaskId, why: string | Why): void {
		const given = typeof why === 'string' ? { reason: why } : why;
		this.#links.link(from, to, mergeWhy(this.#links.label(from, to), given));
	}

	has(id: TaskId): boolean {
		return this.#tasks.has(id);
	}

	/** The tasks of a kind, in the order of their declaration. */
	ofKind(kind: Kind): readonly TaskId[] {
		return this.#links.ids.filter((id) => this.#tasks.get(id)?.kind === kind);
	}

	/** What nothing waits for yet. */
	sinks(): readonly TaskId[] {
		return this.#links.sinks();
	}

	/** The finished graph in topological order, or the cycle that stands in its way. */
	compile(name: string): Compiled {
		const order = topologicalOrder(this.#links);
		if (order === null) return { graph: null, diagnostics: [this.#cycle()] };
		const nodes = new Map<TaskId, TaskNode>();
		const edges: EdgeReason[] = [];
		for (const id of order) {
			const needs = this.#links.predecessors(id).sort();
			nodes.set(id, { ...(this.#tasks.get(id) as DraftTask), needs });
			for (const need of needs) edges.push(this.#edge(need, id));
		}
		return { graph: { name, nodes, edges }, diagnostics: [] };
	}

	#edge(from: TaskId, to: TaskId): EdgeReason {
		return { from, to, ...(this.#links.label(from, to) as Why) };
	}

	#cycle(): Diagnostic {
		const path = findCycle(this.#links) ?? [];
		const edges = path.map((id, i) => this.#edge(id, path[(i + 1) % path.length] as TaskId));
		return cycleDiagnostic(edges, (id) => this.#tasks.get(id)?.repo ?? null);
	}
}

function mergeWhy(first: Why | undefined, second: Why): Why {
	if (!first) return second;
	const at = first.at ?? second.at;
	return { reason: first.reason, ...(at && { at }) };
}
