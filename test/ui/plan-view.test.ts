import * as assert from 'uvu/assert';
import { taskId } from '../../src/core/brand.ts';
import { plainText, planTree } from '../../src/graph/print/text.ts';
import { createPalette } from '../../src/ui/colour.ts';
import { renderSegments } from '../../src/ui/plan-view.ts';
import { clean } from '../../src/ui/terminal.ts';
import { suite } from '../support/suite.ts';
import { PLAIN } from './fake-run.ts';

const COLOUR = createPalette({ noColor: false, env: {}, isTTY: true });

const LINES = [
	[
		{ text: '✓ ', tone: 'done' },
		{ text: 'publish:a', tone: 'task' },
	],
	[{ text: 'reason \x1b[2J', tone: 'muted' }],
] as const;

suite('renderSegments', (test) => {
	test('without colour gives the text alone, cleaned', () => {
		assert.is(renderSegments(LINES, PLAIN), '✓ publish:a\nreason ');
	});

	test('with colour paints each segment for what it is', () => {
		assert.is(renderSegments(LINES, COLOUR), '\x1b[32m✓ \x1b[39mpublish:a\n\x1b[2mreason \x1b[22m');
	});

	test('colour changes no word of a real plan', () => {
		const lines = planTree({
			schema: 'slipway.plan/1',
			train: 'rel-1',
			nodes: (['done', 'todo', 'blocked', 'unknown'] as const).map((state) => ({
				id: taskId('publish', state),
				kind: 'publish',
				repo: state,
				needs: [],
				state,
				reasons: [`it is ${state}`],
				change: state === 'todo' ? { summary: 'push it', version: '0.2.0' } : null,
				irreversible: true,
			})),
			observed: {},
		});
		const painted = renderSegments(lines, COLOUR);
		assert.is.not(painted, clean(painted));
		assert.is(clean(painted), renderSegments(lines, PLAIN));
		assert.is(renderSegments(lines, PLAIN).trimEnd(), plainText(lines).trimEnd());
	});
});
