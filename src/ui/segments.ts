import { clean } from '../core/clean.ts';
import type { Segment } from '../core/segment.ts';
import type { Palette } from './colour.ts';

/** One line of segments as text for the terminal; names and reasons in it come from outside, so it is cleaned. */
export function renderLine(line: readonly Segment[], palette: Palette): string {
	return line.map((segment) => palette[segment.tone](clean(segment.text))).join('');
}
