import type { Box, NodeState } from './picture.ts';

/** A light fill, a border that carries the meaning, and text that reads on the fill. */
export interface Paint {
	readonly fill: string;
	readonly line: string;
	readonly text: string;
}

const paint = (fill: string, line: string, text: string): Paint => ({ fill, line, text });

const CHECK = paint('#F1F5F9', '#94A3B8', '#334155');
const GEM = paint('#F3E8FF', '#9333EA', '#581C87');
const CHANGE = paint('#E0F2FE', '#0284C7', '#0C4A6E');
const LIVE = paint('#FFEDD5', '#EA580C', '#7C2D12');
const RECORD = paint('#DCFCE7', '#16A34A', '#14532D');

/** What a family of kinds does to the world, in the order of the legend. */
const FAMILIES: readonly (readonly [title: string, Paint, kinds: readonly string[]])[] = [
	['check', CHECK, ['preflight', 'gate', 'freeze']],
	['gem', GEM, ['publish', 'tag']],
	['repository', CHANGE, ['repin', 'promote', 'branch', 'forward']],
	['live', LIVE, ['deploy', 'smoke', 'after']],
	['record', RECORD, ['record', 'notes', 'assemble']],
];
const BY_KIND: ReadonlyMap<string, Paint> = new Map(
	FAMILIES.flatMap(([, colours, kinds]) => kinds.map((kind) => [kind, colours] as const)),
);

const BY_STATE: Readonly<Record<NodeState, Paint>> = {
	done: paint('#DCFCE7', '#16A34A', '#14532D'),
	todo: paint('#DBEAFE', '#2563EB', '#1E3A8A'),
	blocked: paint('#FFE4E6', '#E11D48', '#881337'),
	unknown: paint('#FEF9C3', '#CA8A04', '#713F12'),
	failed: paint('#BE123C', '#881337', '#FFFFFF'),
};
const PLAIN = paint('#FFFFFF', '#94A3B8', '#334155');

/** What the colour of a task says. */
export type ColourBy = 'kind' | 'state';

/** Drawn after the name of a task that cannot be undone, so that colour alone never carries it. */
export const IRREVERSIBLE_MARK = '◆';

/** Colours by state when the drawing has states, else by kind; a kind that is not ours is plain. */
export function paintOf(box: Box, colourBy: ColourBy): Paint {
	if (colourBy === 'state') return box.state === null ? PLAIN : BY_STATE[box.state];
	return BY_KIND.get(box.kind) ?? PLAIN;
}

/** The colours that a drawing uses, with the word for each. */
export function legendOf(boxes: readonly Box[], colourBy: ColourBy): readonly (readonly [string, Paint])[] {
	if (colourBy === 'state') {
		const seen = new Set(boxes.map((box) => box.state));
		return (Object.keys(BY_STATE) as NodeState[]).filter((s) => seen.has(s)).map((s) => [s, BY_STATE[s]]);
	}
	const seen = new Set(boxes.map((box) => box.kind));
	return FAMILIES.filter(([, , kinds]) => kinds.some((kind) => seen.has(kind))).map(([title, p]) => [title, p]);
}
