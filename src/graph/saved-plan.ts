import { createHash } from 'node:crypto';
import type { TaskId } from '../core/brand.ts';
import type { Json, JsonObject } from '../core/json.ts';
import {
	count,
	filledText,
	flag,
	is,
	isObject,
	listOf,
	mapOf,
	moment,
	nullable,
	object,
	oneOf,
	type Shaped,
	sha256,
	shapedJson,
	text,
} from '../core/shape.ts';
import type { Plan, PlanChange, PlanNode } from './plan.ts';
import type { Graph } from './types.ts';

/** What the record said when a plan was made. */
export type RecordFacts = { readonly state: string; readonly revision: number };

/** All that a plan stands on: two of them are equal when the plan would be made again. */
export interface PlanFacts extends Plan {
	/** By task: what it was told, so that an edit of release_repos.yml shows. */
	readonly specs: Readonly<Record<string, JsonObject>>;
	readonly record: RecordFacts;
}

/** The file of `ship --dry-run --out`: a plan document (4-cli.md) with what holds the world to it. */
export interface SavedPlan extends PlanFacts {
	readonly created_at: string;
	/** SHA-256 of everything else; the name by which a plan is known to have been begun. */
	readonly digest: string;
}

const taskName = is<TaskId>('a task', (value) => typeof value === 'string' && value !== '');
const json = is<JsonObject>('a mapping', isObject);

const NODE = object<PlanNode>({
	id: taskName,
	kind: filledText,
	repo: nullable(filledText),
	needs: listOf(taskName),
	state: oneOf('done', 'todo', 'blocked', 'unknown'),
	reasons: listOf(text),
	change: nullable(is<PlanChange>('a change', (value) => isObject(value) && typeof value.summary === 'string')),
	irreversible: flag,
});

const SAVED = object<SavedPlan>({
	schema: oneOf('slipway.plan/1'),
	train: filledText,
	nodes: listOf(NODE),
	observed: mapOf(json),
	specs: mapOf(json),
	record: object<RecordFacts>({ state: filledText, revision: count }),
	created_at: moment,
	digest: sha256,
});

/** Puts what the compiled tasks were told, and what the record says, beside what was found of them. */
export function planFacts(plan: Plan, graph: Graph, record: RecordFacts): PlanFacts {
	const specs = Object.fromEntries([...graph.nodes.values()].map(({ id, spec }) => [id, spec]));
	return { ...plan, specs, record: { state: record.state, revision: record.revision } };
}

/** Gives a plan its name. The digest shows an edit; it is no signature. */
export function sealPlan(facts: PlanFacts, createdAt: string): SavedPlan {
	const plan = { ...facts, created_at: createdAt };
	return { ...plan, digest: digestOf(plan) };
}

/** Reads a saved plan back. Torn, foreign or edited text gives the problems with it; never throws. */
export function parseSavedPlan(content: string): Shaped<SavedPlan> {
	const read = shapedJson(SAVED, content, 'plan');
	if (!read.ok) return read;
	const { digest, ...rest } = read.value;
	if (digestOf(rest) === digest) return read;
	return { ok: false, problems: ['plan.digest is not that of the plan: it was edited after it was saved'] };
}

function digestOf(plan: Omit<SavedPlan, 'digest'>): string {
	return createHash('sha256')
		.update(canonical(JSON.parse(JSON.stringify(plan))))
		.digest('hex');
}

/** One text for equal values: a tool that only sorts keys or indents has edited nothing. */
function canonical(value: Json): string {
	if (value === null || typeof value !== 'object') return JSON.stringify(value);
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
