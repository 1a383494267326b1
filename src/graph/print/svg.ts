import type { Graph } from '../types.ts';
import { FONT, printDot } from './dot.ts';
import type { DrawOptions } from './picture.ts';

/**
 * The graph as one SVG document, drawn by Graphviz compiled to WebAssembly: nothing needs to be
 * installed. The library is loaded on the first call, because no other command needs its megabyte.
 * Throws when the layout fails.
 */
export async function printSvg(graph: Graph, options: DrawOptions = {}): Promise<string> {
	const { instance } = await import('@viz-js/viz');
	const viz = await instance();
	const svg = viz.renderString(printDot(graph, options), { format: 'svg' });
	// In text a quote is an entity, so only attributes match.
	return svg.replaceAll(`font-family="${FONT}"`, `font-family="${FONT},Liberation Sans,Helvetica,sans-serif"`);
}
