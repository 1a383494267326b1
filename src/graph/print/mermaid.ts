import type { Graph } from '../types.ts';
import { oneLine } from './one-line.ts';
import { type ColourBy, IRREVERSIBLE_MARK, legendOf, type Paint, paintOf } from './palette.ts';
import { type Box, type DrawOptions, pictureOf } from './picture.ts';

/**
 * The graph as a Mermaid flowchart that GitHub draws: left to right, one subgraph a repository. Node
 * names are `n0`, `n1`, …, because `end` and other words of the language may not be one; every label
 * is quoted and escaped. GitHub draws up to 500 edges; an own server can raise `maxEdges`.
 */
export function printMermaid(graph: Graph, options: DrawOptions = {}): string {
	const picture = pictureOf(graph, options);
	const colourBy: ColourBy = options.states === undefined ? 'kind' : 'state';
	const boxes = [...picture.groups.flatMap((group) => group.boxes), ...picture.loose];
	return [
		'flowchart LR',
		...picture.groups.flatMap(({ repo, boxes: members }, i) => [
			`  subgraph r${i}["${escapeLabel(repo)}"]`,
			...members.map((box) => `    ${boxText(box)}`),
			'  end',
		]),
		...picture.joins.map((box) => `  ${box.key}(["${escapeLabel(box.label)}"])`),
		...picture.loose.map((box) => `  ${boxText(box)}`),
		...picture.arrows.map((arrow) => `  ${arrow.from} --> ${arrow.to}`),
		...legendLines(boxes, colourBy),
		...classLines(boxes, colourBy),
		...joinClass(picture.joins),
		'',
	].join('\n');
}

function boxText(box: Box): string {
	const mark = box.irreversible ? ` ${IRREVERSIBLE_MARK}` : '';
	return `${box.key}["${escapeLabel(box.label)}${mark}"]`;
}

function legendLines(boxes: readonly Box[], colourBy: ColourBy): readonly string[] {
	const entries = legendOf(boxes, colourBy).map(([title]) => title);
	const mark = boxes.some((box) => box.irreversible) ? [`${IRREVERSIBLE_MARK} cannot be undone`] : [];
	const lines = [...entries, ...mark].map((title, i) => `    l${i}["${title}"]`);
	return lines.length === 0 ? [] : ['  subgraph legend["legend"]', '    direction LR', ...lines, '  end'];
}

/** One class a colour, shared by the boxes and their entry in the legend. */
function classLines(boxes: readonly Box[], colourBy: ColourBy): readonly string[] {
	const members = new Map<Paint, string[]>();
	for (const box of boxes) {
		const paint = paintOf(box, colourBy);
		members.set(paint, [...(members.get(paint) ?? []), box.key]);
	}
	for (const [i, [, paint]] of legendOf(boxes, colourBy).entries()) members.get(paint)?.push(`l${i}`);
	return [...members].flatMap(([{ fill, line, text }, keys], i) => [
		`  classDef c${i} fill:${fill},stroke:${line},color:${text}`,
		`  class ${keys.join(',')} c${i}`,
	]);
}

function joinClass(joins: readonly Box[]): readonly string[] {
	if (joins.length === 0) return [];
	const keys = joins.map((box) => box.key).join(',');
	return ['  classDef join fill:#475569,stroke:#475569,color:#FFFFFF,font-size:11px', `  class ${keys} join`];
}

/** What Mermaid, or the Markdown and HTML of its labels, could read as its own becomes an entity code. */
function escapeLabel(text: string): string {
	return oneLine(text).replace(/[#"&<>`*_~$\\[\](){}|;]/g, (char) =>
		char === '"' ? '#quot;' : `#${char.codePointAt(0)};`,
	);
}
