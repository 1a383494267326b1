import * as assert from 'uvu/assert';
import { compileTrain } from '../../src/graph/compile-train.ts';
import type { Plan, PlanNode, PlanState } from '../../src/graph/plan.ts';
import { graphTree, plainText, planTree } from '../../src/graph/print/text.ts';
import type { Graph } from '../../src/graph/types.ts';
import { suite } from '../support/suite.ts';
import { app, config, exampleConfig, exampleInput, gem, trainInput } from './fleet-config.ts';

type Answer = Pick<PlanNode, 'state' | 'reasons'> & Partial<Pick<PlanNode, 'change'>>;

/** A plan in which every task is done but those that are answered otherwise. */
function planOf(graph: Graph | null, answers: Readonly<Record<string, Answer>>, rest: PlanState = 'done'): Plan {
	const nodes = [...(graph as Graph).nodes.values()].map((node): PlanNode => {
		const answer = answers[node.id] ?? { state: rest, reasons: rest === 'done' ? [] : ['not there yet'] };
		return { ...node, change: null, ...answer };
	});
	return { schema: 'slipway.plan/1', train: 'rel-1', nodes, observed: {} };
}

function large(): Graph {
	const of = config({ apps: Array.from({ length: 50 }, (_, i) => app(`app-${i}`, i === 0 ? { role: 'hub' } : {})) });
	return compileTrain(of, trainInput(of)).graph as Graph;
}

suite('planTree', (test) => {
	test('the whole text of a small plan', () => {
		const of = config({ gems: [gem('engine')], apps: [app('hub', { role: 'hub' }), app('web')] });
		const { graph } = compileTrain(of, trainInput(of));
		const plan = planOf(graph, {
			'publish:engine': {
				state: 'todo',
				reasons: ['1.2.0 is not live'],
				change: { summary: 'push engine-1.2.0.gem', version: '1.2.0' },
			},
			'repin:web': { state: 'blocked', reasons: ['Gemfile:3: a computed name'] },
			'deploy:web': { state: 'unknown', reasons: ['the remote did not answer:\n  timed out'] },
			record: { state: 'todo', reasons: ['the record is assembled'] },
			notes: { state: 'todo', reasons: ['not posted'] },
		});
		assert.is(
			plainText(planTree(plan)),
			[
				'rel-1  1 blocked · 1 unknown · 3 to do · 13 done  ◆ 2 cannot be undone',
				'',
				'check  3 done',
				'├─ ✓ preflight:engine',
				'├─ ✓ preflight:hub',
				'└─ ✓ preflight:web',
				'',
				'publish  1 to do · 2 done',
				'├─ ○ publish:engine ◆  1.2.0 is not live → push engine-1.2.0.gem',
				'├─ ✓ tag:engine ◆',
				'└─ ✓ promote:engine ◆',
				'',
				're-pin  1 blocked · 1 done',
				'├─ ✓ repin:hub',
				'└─ ✗ repin:web  Gemfile:3: a computed name',
				'',
				'gate  2 done',
				'├─ ✓ gate:hub',
				'└─ ✓ gate:web',
				'',
				'promote  2 done',
				'├─ ✓ promote:hub ◆',
				'└─ ✓ promote:web ◆',
				'',
				'hub  2 done',
				'├─ ✓ deploy:hub ◆',
				'└─ ✓ smoke:hub',
				'',
				'satellites  1 unknown · 1 done',
				'├─ ? deploy:web ◆  the remote did not answer: timed out',
				'└─ ✓ smoke:web',
				'',
				'record  2 to do',
				'├─ ○ record  the record is assembled',
				'└─ ○ notes   not posted',
				'',
			].join('\n'),
		);
	});

	test('300 tasks fit a screen, and what stands in the way is always named in full', () => {
		const answers = { 'gate:app-17': { state: 'blocked', reasons: ['no such file'] } } as const;
		const lines = planTree(planOf(large(), answers, 'todo'));
		const text = plainText(lines);
		assert.ok(lines.length < 40, `${lines.length} lines`);
		assert.match(text, '└─ ✗ gate:app-17  no such file');
		assert.match(text, '○ 49 × gate    not there yet · app-0, app-1, app-2, app-3, app-4 and 44 more');
	});

	test('fold never: a line for each task', () => {
		const graph = large();
		const leaves = planTree(planOf(graph, {}), { fold: 'never' }).filter((line) => line[0]?.tone === 'branch');
		assert.is(leaves.length, [...graph.nodes.values()].filter((node) => node.kind !== 'barrier').length);
	});

	test('folding loses no task: the counts of all lines add up', () => {
		const graph = large();
		const text = plainText(planTree(planOf(graph, { 'smoke:app-3': { state: 'unknown', reasons: ['?'] } })));
		const counted = [...text.matchAll(/^[├└]─ . (?:(\d+) × )?/gm)].reduce(
			(sum, match) => sum + Number(match[1] ?? 1),
			0,
		);
		assert.is(counted, [...graph.nodes.values()].filter((node) => node.kind !== 'barrier').length);
	});

	test('without a hub the deploys are one stage', () => {
		const of = config({ apps: [app('a'), app('b'), app('c')] });
		const text = plainText(planTree(planOf(compileTrain(of, null).graph, {})));
		assert.match(text, /^deploy {2}6 done$/m);
		assert.not.match(text, 'satellites');
	});
});

suite('graphTree', (test) => {
	test('the same stages without states', () => {
		const text = plainText(graphTree(compileTrain(exampleConfig(), exampleInput()).graph as Graph));
		const stages = text.split('\n').filter((row) => /^[a-z-]+ {2}\d+ tasks$/.test(row));
		assert.equal(
			stages.map((row) => row.split('  ')[0]),
			['check', 'publish', 're-pin', 'gate', 'promote', 'hub', 'satellites', 'record'],
		);
		assert.not.match(text, '○');
	});
});
