import * as assert from 'uvu/assert';
import { taskId } from '../../src/core/brand.ts';
import { clean } from '../../src/core/clean.ts';
import { plainText, planTree } from '../../src/graph/print/text.ts';
import { createPalette } from '../../src/ui/colour.ts';
import { renderSegments } from '../../src/ui/plan-view.ts';
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

	const TREE = [
		[{ text: 'rel-1', tone: 'title' }],
		[
			{ text: '├─ ', tone: 'branch' },
			{ text: '○ ', tone: 'todo' },
			{ text: 'repin:a', tone: 'task' },
			{ text: '  Gemfile:6 becomes gem "engine"; Gemfile:7 becomes gem "ui"', tone: 'muted' },
		],
		[
			{ text: '└─ ', tone: 'branch' },
			{ text: '○ ', tone: 'todo' },
			{ text: 'gate:a', tone: 'task' },
			{ text: '   runs on the commit that the re-pin makes', tone: 'muted' },
		],
	] as const;

	test('words that do not fit go on below themselves, and the tree goes on beside them', () => {
		assert.is(
			renderSegments(TREE, PLAIN, { columns: 44 }),
			[
				'rel-1',
				'├─ ○ repin:a  Gemfile:6 becomes gem',
				'│             "engine"; Gemfile:7 becomes',
				'│             gem "ui"',
				'└─ ○ gate:a   runs on the commit that the',
				'              re-pin makes',
			].join('\n'),
		);
	});

	test('lines stay whole where they fit, where nothing says how wide, and where there is no room', () => {
		const whole = renderSegments(TREE, PLAIN);
		assert.is(whole.split('\n').length, TREE.length);
		assert.is(renderSegments(TREE, PLAIN, { columns: 80 }), whole);
		assert.is(renderSegments(TREE, PLAIN, { columns: 30 }), whole);
	});

	test('no line is wider than the terminal, and no word is lost', () => {
		const words = (text: string) => text.replaceAll(/[│├└─○\s]+/g, ' ').trim();
		for (let columns = 40; columns <= 80; columns++) {
			const text = renderSegments(TREE, PLAIN, { columns });
			assert.ok(
				text.split('\n').every((line) => line.length <= columns),
				`${columns} columns`,
			);
			assert.is(words(text), words(renderSegments(TREE, PLAIN)));
		}
	});
});
