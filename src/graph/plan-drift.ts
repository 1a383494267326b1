import { isDeepStrictEqual } from 'node:util';
import type { TaskId } from '../core/brand.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { isObject } from '../core/shape.ts';
import type { PlanNode } from './plan.ts';
import type { PlanFacts } from './saved-plan.ts';

/** One thing that is no longer as a saved plan has it, in words. */
export interface MovedFact {
	/** The task that it was seen by, or `record`. */
	readonly of: string;
	/** `state`, or the path of a value: `change.from`, `spec.command`, `observed.main`. */
	readonly fact: string;
	readonly was: string;
	readonly is: string;
}

/** What a probe found, as far as a plan has a say in it. */
export interface Found extends Pick<PlanNode, 'state' | 'reasons' | 'change'> {
	readonly evidence: JsonObject | null;
}

/**
 * Everything that moved between a saved plan and the same plan made now, in the order of the tasks;
 * nothing when the plan would be made again. Reasons are words about the facts, and are not compared.
 */
export function movedFacts(was: PlanFacts, is: PlanFacts): readonly MovedFact[] {
	const now = new Map(is.nodes.map((node) => [node.id, node]));
	const before = new Set(was.nodes.map((node) => node.id));
	const added = is.nodes.filter((node) => !before.has(node.id));
	return [
		...differences(RECORD, { slug: was.train, ...was.record }, { slug: is.train, ...is.record }),
		...was.nodes.flatMap((node) => {
			const found = now.get(node.id);
			if (!found) return [{ of: node.id, fact: 'task', was: 'in the train', is: 'not in the train' }];
			const told = differences({ of: node.id, fact: '' }, toldOf(was, node), toldOf(is, found));
			return [...told, ...foundFacts(node, foundOf(was, node), foundOf(is, found))];
		}),
		...added.map((node) => ({ of: node.id, fact: 'task', was: 'not in the train', is: 'in the train' })),
	];
}

/** Whether the record is of another release than the plan, or in another state: then no task of it can be as planned. */
export function movedRelease(
	was: PlanFacts,
	{ slug, state }: { readonly slug: string; readonly state: string },
): readonly MovedFact[] {
	return differences(RECORD, { slug: was.train, state: was.record.state }, { slug, state });
}

/**
 * What forbids a task, found like this while its plan runs, to go on; null when nothing does. Before
 * a task that needs no other, nothing of the train has run: it must be found as planned. Later ones
 * see the effects of the earlier: they may be done already, and what they change must be what the
 * plan holds, or be left open there. What is blocked or unread stops by itself.
 */
export function planObjection(plan: PlanFacts, id: TaskId, found: Found): MovedFact | null {
	if (found.state !== 'todo' && found.state !== 'done') return null;
	const node = plan.nodes.find((entry) => entry.id === id);
	if (!node) return { of: id, fact: 'task', was: 'not in the plan', is: stateText(found) };
	if (node.needs.length === 0) return foundFacts(node, foundOf(plan, node), found)[0] ?? null;
	if (found.state === 'done') return null;
	// A reversible check such as smoke may be done before the deploy and have to wait after it.
	if (node.state !== 'todo') return node.irreversible ? moved(node, foundOf(plan, node), found) : null;
	if (node.change === null) return null;
	const against = differing({ of: id, fact: 'change', was: node.change, is: found.change });
	const [first] = against.filter(({ was }) => was !== undefined);
	return first ? inWords(first) : null;
}

/** What the compiler told a task: release_repos.yml and the record. */
function toldOf(plan: PlanFacts, { id, kind, repo, needs, irreversible }: PlanNode): JsonObject {
	return { kind, repo, needs, irreversible, spec: ownObject(plan.specs, id) };
}

/** What the world told of it. Where the state moved, the rest is words about the same move. */
function foundFacts(node: Pick<PlanNode, 'id'>, was: Found, is: Found): readonly MovedFact[] {
	if (was.state !== is.state) return [moved(node, was, is)];
	return [
		...differences({ of: node.id, fact: 'change' }, was.change, is.change),
		...differences({ of: node.id, fact: 'observed' }, was.evidence ?? {}, is.evidence ?? {}),
	];
}

function foundOf(plan: PlanFacts, { id, state, reasons, change }: PlanNode): Found {
	return { state, reasons, change, evidence: ownObject(plan.observed, id) };
}

function moved({ id }: Pick<PlanNode, 'id'>, was: Found, is: Found): MovedFact {
	return { of: id, fact: 'state', was: stateText(was), is: stateText(is) };
}

function stateText({ state, reasons }: Pick<Found, 'state' | 'reasons'>): string {
	return [state === 'todo' ? 'to do' : state, ...reasons.slice(0, 1)].join(': ');
}

const RECORD: Pick<MovedFact, 'of' | 'fact'> = { of: 'record', fact: '' };

interface Difference extends Pick<MovedFact, 'of' | 'fact'> {
	/** Undefined where one side has no such value. */
	readonly was: unknown;
	readonly is: unknown;
}

function differences(place: Pick<MovedFact, 'of' | 'fact'>, was: unknown, is: unknown): readonly MovedFact[] {
	return differing({ ...place, was, is }).map(inWords);
}

/** The smallest values that differ, each with its path. */
function differing({ of, fact, was, is }: Difference): readonly Difference[] {
	if (isDeepStrictEqual(was, is)) return [];
	const [before, now] = [fieldsOf(was), fieldsOf(is)];
	// A list that grew is shown whole: what moved up in it says nothing.
	if (before === null || now === null || (Array.isArray(was) && before.size !== now.size))
		return [{ of, fact, was, is }];
	const keys = [...new Set([...before.keys(), ...now.keys()])];
	const pathTo = (key: string) => (fact === '' ? key : `${fact}.${key}`);
	return keys.flatMap((key) => differing({ of, fact: pathTo(key), was: before.get(key), is: now.get(key) }));
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> | null {
	return isObject(value) || Array.isArray(value) ? new Map(Object.entries(value)) : null;
}

function inWords({ of, fact, was, is }: Difference): MovedFact {
	return { of, fact, was: valueText(was), is: valueText(is) };
}

function valueText(value: unknown): string {
	if (value === undefined) return 'absent';
	return typeof value === 'string' && value !== '' && !value.includes('\n') ? value : JSON.stringify(value);
}

/** An inherited name such as `constructor` is no field of a document. */
function ownObject(of: Readonly<Record<string, Json>>, key: string): JsonObject {
	return Object.hasOwn(of, key) ? (of[key] as JsonObject) : {};
}
