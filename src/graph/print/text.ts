import type { Plan, PlanChange, PlanState } from '../plan.ts';
import type { Graph } from '../types.ts';
import { oneLine } from './one-line.ts';
import { IRREVERSIBLE_MARK } from './palette.ts';
import { type NodeState, type States, shortName } from './picture.ts';
import { type StagedNode, stagesOf } from './stages.ts';

/** What a piece of text is; ui/ gives each a colour. */
export type Tone = NodeState | 'title' | 'stage' | 'branch' | 'task' | 'muted' | 'irreversible';
export interface Segment {
	readonly text: string;
	readonly tone: Tone;
}
/** One line, without its line end. */
export type Line = readonly Segment[];

export interface TreeOptions {
	/** `auto` puts tasks that say the same on one line; in a large plan, all done or waiting tasks of a kind. */
	readonly fold?: 'auto' | 'never';
}

interface Leaf extends StagedNode {
	readonly state: NodeState | null;
	readonly irreversible: boolean;
	/** The words after the name: reasons, and what will change. */
	readonly says: string;
}

const GLYPH: Readonly<Record<NodeState, string>> = { done: '✓', todo: '○', blocked: '✗', unknown: '?', failed: '✗' };
const WORD: Readonly<Record<NodeState, string>> = {
	failed: 'failed',
	blocked: 'blocked',
	unknown: 'unknown',
	todo: 'to do',
	done: 'done',
};
const ORDER: readonly NodeState[] = ['failed', 'blocked', 'unknown', 'todo', 'done'];
/** From so many tasks on, a line each no longer fits a screen. */
const LARGE = 60;
const FOLD_FROM = 4;
const NAMES_SHOWN = 5;

/** A plan as a tree by stages: what is to do and why, with what stands in the way always on its own line. */
export function planTree(plan: Plan, options: TreeOptions = {}): readonly Line[] {
	const leaves = plan.nodes.map((node): Leaf => ({ ...node, says: saysOf(node.reasons, node.change, node.state) }));
	return tree(plan.train, leaves, options);
}

/** A graph as the same tree, with states where they are known. */
export function graphTree(graph: Graph, options: TreeOptions & { readonly states?: States } = {}): readonly Line[] {
	const leaves = [...graph.nodes.values()].map(
		(node): Leaf => ({ ...node, state: options.states?.get(node.id) ?? null, says: '' }),
	);
	return tree(graph.name, leaves, options);
}

/** Lines as plain text, for pipes and tests. */
export function plainText(lines: readonly Line[]): string {
	return lines.map((line) => `${line.map((segment) => segment.text).join('')}\n`).join('');
}

function tree(title: string, leaves: readonly Leaf[], options: TreeOptions): readonly Line[] {
	const shown = leaves.filter((leaf) => leaf.kind !== 'barrier');
	const foldOf = options.fold === 'never' ? null : foldKey(shown.length);
	return [
		[{ text: title, tone: 'title' }, ...countSegments(shown), ...irreversibleCount(shown)],
		...stagesOf(shown).flatMap(([stage, members]) => [
			[],
			[{ text: stage, tone: 'stage' } as const, ...countSegments(members)],
			...stageLines(members, foldOf),
		]),
	];
}

function stageLines(members: readonly Leaf[], foldOf: ((leaf: Leaf) => string) | null): readonly Line[] {
	const folds = foldOf === null ? members.map((leaf) => [leaf]) : foldGroups(members, foldOf);
	const width = Math.max(...folds.map((group) => nameOf(group).length));
	return folds.map((group, i) => [
		{ text: i === folds.length - 1 ? '└─ ' : '├─ ', tone: 'branch' },
		...leafSegments(group, width),
	]);
}

/** What must be equal for tasks to share a line. What stands in the way is never folded. */
function foldKey(tasks: number): (leaf: Leaf) => string {
	return (leaf) => {
		const alone = leaf.state !== null && leaf.state !== 'todo' && leaf.state !== 'done';
		if (alone || leaf.repo === null) return leaf.id;
		return JSON.stringify([shortName(leaf), leaf.state, leaf.irreversible, tasks > LARGE ? '' : leaf.says]);
	};
}

/** Groups of one where fewer than FOLD_FROM tasks are alike. */
function foldGroups(members: readonly Leaf[], foldOf: (leaf: Leaf) => string): readonly (readonly Leaf[])[] {
	return [...Map.groupBy(members, foldOf).values()].flatMap((group) =>
		group.length < FOLD_FROM ? group.map((leaf) => [leaf]) : [group],
	);
}

function nameOf(group: readonly Leaf[]): string {
	const [first] = group;
	if (first === undefined) return '';
	const name = group.length === 1 ? first.id : `${group.length} × ${shortName(first)}`;
	return first.irreversible ? `${name} ${IRREVERSIBLE_MARK}` : name;
}

function leafSegments(group: readonly Leaf[], width: number): Line {
	const [first] = group;
	if (first === undefined) return [];
	const alike = group.every((leaf) => leaf.says === first.says);
	const says = [alike ? first.says : '', group.length > 1 ? namesOf(group) : '']
		.filter((part) => part !== '')
		.join(' · ');
	const name = nameOf(group);
	return [
		...(first.state === null ? [] : [{ text: `${GLYPH[first.state]} `, tone: first.state }]),
		{ text: name, tone: first.irreversible ? 'irreversible' : 'task' },
		...(says === '' ? [] : [{ text: `${' '.repeat(width - name.length + 2)}${says}`, tone: toneOfWords(first.state) }]),
	];
}

function toneOfWords(state: NodeState | null): Tone {
	return state === null || state === 'done' || state === 'todo' ? 'muted' : state;
}

function namesOf(group: readonly Leaf[]): string {
	const names = group.map((leaf) => leaf.repo);
	const rest = names.length - NAMES_SHOWN;
	return rest > 1 ? `${names.slice(0, NAMES_SHOWN).join(', ')} and ${rest} more` : names.join(', ');
}

function countSegments(leaves: readonly Leaf[]): Line {
	const counts = Map.groupBy(leaves, (leaf) => leaf.state);
	const known = ORDER.filter((state) => counts.has(state));
	if (known.length === 0)
		return [{ text: `  ${leaves.length} ${leaves.length === 1 ? 'task' : 'tasks'}`, tone: 'muted' }];
	return known.map((state, i) => ({
		text: `${i === 0 ? '  ' : ' · '}${counts.get(state)?.length ?? 0} ${WORD[state]}`,
		tone: state,
	}));
}

function irreversibleCount(leaves: readonly Leaf[]): Line {
	const count = leaves.filter((leaf) => leaf.irreversible && leaf.state !== 'done').length;
	return count === 0 ? [] : [{ text: `  ${IRREVERSIBLE_MARK} ${count} cannot be undone`, tone: 'irreversible' }];
}

function saysOf(reasons: readonly string[], change: PlanChange | null, state: PlanState): string {
	const why = reasons.join('; ');
	return oneLine(change !== null && state === 'todo' ? `${why} → ${change.summary}` : why);
}
