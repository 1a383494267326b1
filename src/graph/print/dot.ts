import type { Graph } from '../types.ts';
import { oneLine } from './one-line.ts';
import { type ColourBy, IRREVERSIBLE_MARK, legendOf, paintOf } from './palette.ts';
import { type Arrow, type Box, type DrawOptions, type Picture, pictureOf } from './picture.ts';

/** One name and no list of fallbacks: Graphviz knows the letter widths of this name, of a list it guesses them. */
export const FONT = 'Arial';
const LANE = 'style="rounded,filled", fillcolor="#F8FAFC", color="#E2E8F0", fontsize=11, fontcolor="#334155", margin=9';
const JOIN =
	'style="rounded,filled", fillcolor="#475569", color="#475569", fontcolor="#FFFFFF", fontsize=9, ' +
	'height=0.2, width=0.2, margin="0.07,0.03"';

/**
 * The graph as DOT for Graphviz: left to right, one cluster a repository, joins as small dark
 * boxes, a legend, and the reason of each edge as its tooltip. Every name is quoted and escaped.
 */
export function printDot(graph: Graph, options: DrawOptions = {}): string {
	const picture = pictureOf(graph, options);
	const colourBy: ColourBy = options.states === undefined ? 'kind' : 'state';
	return [
		'digraph slipway {',
		...headLines(picture, colourBy),
		...picture.groups.flatMap(({ repo, boxes }, i) => [
			`\tsubgraph cluster_${i} {`,
			`\t\tgraph [${LANE}, label=<${bold(repo)}>, tooltip=${quote(repo)}]`,
			...boxes.map((box) => `\t\t${boxLine(box, colourBy)}`),
			'\t}',
		]),
		...picture.joins.map((box) => `\t${joinLine(box)}`),
		...picture.loose.map((box) => `\t${boxLine(box, colourBy)}`),
		...picture.arrows.map((arrow) => `\t${arrowLine(arrow)}`),
		'}',
		'',
	].join('\n');
}

function headLines(picture: Picture, colourBy: ColourBy): readonly string[] {
	return [
		`\tgraph [rankdir=LR, nodesep=0.14, ranksep=0.4, pad=0.35, bgcolor="#FFFFFF", fontname="${FONT}",`,
		`\t\tlabelloc=t, labeljust=l, newrank=true, label=${legend(picture, colourBy)}]`,
		`\tgraph [tooltip=${quote(picture.name)}]`,
		`\tnode [shape=box, style="rounded,filled", fontname="${FONT}", fontsize=11, height=0.34, margin="0.13,0.05"]`,
		'\tedge [color="#64748B", arrowsize=0.55, penwidth=0.9, tailport=e, headport=w]',
	];
}

function boxLine(box: Box, colourBy: ColourBy): string {
	const { fill, line, text } = paintOf(box, colourBy);
	const label = box.irreversible ? `${box.label} ${IRREVERSIBLE_MARK}` : box.label;
	const tooltip = [box.id, box.state, box.irreversible ? 'cannot be undone' : null].filter((part) => part !== null);
	const width = box.irreversible ? 2 : 1;
	return (
		`${box.key} [label=${quote(label)}, tooltip=${quote(tooltip.join(' · '))}, ` +
		`fillcolor="${fill}", color="${line}", fontcolor="${text}", penwidth=${width}]`
	);
}

function joinLine(box: Box): string {
	return `${box.key} [label=${quote(box.label)}, tooltip=${quote(box.id)}, ${JOIN}]`;
}

function arrowLine(arrow: Arrow): string {
	const reason = quote(arrow.reason);
	const style = arrow.crosses ? ', color="#94A3B8"' : ', weight=8';
	return `${arrow.from} -> ${arrow.to} [tooltip=${reason}, edgetooltip=${reason}${style}]`;
}

/** Title and legend are one table, because a graph has one label. */
function legend(picture: Picture, colourBy: ColourBy): string {
	const boxes = [...picture.groups.flatMap((group) => group.boxes), ...picture.loose];
	const swatches = legendOf(boxes, colourBy).map(([title, { fill, line, text }]) => {
		const frame = `BGCOLOR="${fill}" COLOR="${line}" BORDER="1" STYLE="ROUNDED"`;
		return `<TD ${frame}><FONT POINT-SIZE="10" COLOR="${text}">&nbsp;${title}&nbsp;</FONT></TD>`;
	});
	const mark = boxes.some((box) => box.irreversible)
		? `<TD BORDER="0"><FONT POINT-SIZE="10" COLOR="#475569">${IRREVERSIBLE_MARK} cannot be undone</FONT></TD>`
		: '';
	const title = `<TD BORDER="0"><FONT POINT-SIZE="16" COLOR="#0F172A">${bold(picture.name)}</FONT></TD>`;
	const row = [title, '<TD BORDER="0" WIDTH="12"></TD>', ...swatches, mark].join('');
	return `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="6" CELLPADDING="5"><TR>${row}</TR></TABLE>>`;
}

/** A DOT string: quotes and backslashes escaped, entities literal, on one line. */
function quote(text: string): string {
	const safe = escapeEntities(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
	return `"${safe}"`;
}

/** Bold HTML-like text; Graphviz refuses an element that holds nothing. */
function bold(text: string): string {
	const safe = escapeEntities(text).replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
	return `<B>${safe.trim() === '' ? '&nbsp;' : safe}</B>`;
}

/** Graphviz reads `&amp;` as an entity in every label. */
function escapeEntities(text: string): string {
	return oneLine(text).replaceAll('&', '&amp;');
}
