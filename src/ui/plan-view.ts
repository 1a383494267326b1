import type { Tone } from '../core/segment.ts';
import type { Line, Tone as PlanTone } from '../graph/print/text.ts';
import type { Palette } from './colour.ts';
import { renderLine } from './segments.ts';

/** The graph's printer says what a piece of a plan is; this says what that means to the eye. */
const LOOKS: Readonly<Record<PlanTone, Tone>> = {
	title: 'strong',
	stage: 'strong',
	branch: 'dim',
	task: 'plain',
	muted: 'dim',
	irreversible: 'warn',
	done: 'done',
	todo: 'todo',
	blocked: 'blocked',
	unknown: 'unknown',
	failed: 'failed',
};

/** Paints the tree of a plan or a graph: takes the lines of its printer; gives text without a last line end. */
export function renderSegments(lines: readonly Line[], palette: Palette): string {
	return lines
		.map((line) => line.map(({ text, tone }) => ({ text, tone: LOOKS[tone] })))
		.map((line) => renderLine(line, palette))
		.join('\n');
}
