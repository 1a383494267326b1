import { spawnSync } from 'node:child_process';
import { instance } from '@viz-js/viz';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { repoName, type TaskId } from '../../src/core/brand.ts';
import { compileTrain } from '../../src/graph/compile-train.ts';
import { Draft } from '../../src/graph/draft.ts';
import { printDot } from '../../src/graph/print/dot.ts';
import { graphDocument } from '../../src/graph/print/json.ts';
import { printMermaid } from '../../src/graph/print/mermaid.ts';
import type { NodeState } from '../../src/graph/print/picture.ts';
import { printSvg } from '../../src/graph/print/svg.ts';
import type { Graph } from '../../src/graph/types.ts';
import { suite } from '../support/suite.ts';
import { app, config, exampleConfig, exampleInput, needs, trainInput } from './fleet-config.ts';

function example(): Graph {
	const { graph } = compileTrain(exampleConfig(), exampleInput());
	if (graph === null) throw new Error('the example has a cycle');
	return graph;
}

/** A graph whose every name is the text given. */
function named(name: string): Graph {
	const draft = new Draft();
	const task = { kind: name, spec: {}, irreversible: true, weight: 1 };
	const first = draft.addTask({ ...task, id: `first:${name}` as TaskId, repo: repoName(name) });
	const second = draft.addTask({ ...task, id: `second:${name}` as TaskId, repo: null });
	draft.edge(first, second, name);
	const { graph } = draft.compile(name);
	if (graph === null) throw new Error('two tasks cannot be a cycle');
	return graph;
}

const NASTY = [
	'end',
	'subgraph',
	'graph',
	'node',
	'__proto__',
	'a"b',
	'a\\',
	'\\"',
	'"]; x -> y; n9 ["',
	'<b>&amp;</b>',
	'&nbsp;',
	'#quot;',
	'`**b**`',
	'two\nlines',
	'\u0000\u001b[31m',
	'%%{init: {}}%%',
	'}',
	'ünï → ☃',
	'\\N',
	'--',
	'',
];

/** The text content of an SVG's `<text>` elements, entities read. */
function svgTexts(svg: string): readonly string[] {
	const entities: Readonly<Record<string, string>> = {
		amp: '&',
		lt: '<',
		gt: '>',
		quot: '"',
		'#45': '-',
		'#39': "'",
		'#160': ' ',
	};
	return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) =>
		(match[1] ?? '')
			.replace(/&([^;]+);/g, (_, entity: string) => entities[entity] ?? `&${entity};`)
			.replaceAll('\u00a0', ' '),
	);
}

suite('printDot', (test) => {
	test('Graphviz accepts every name, also the ones that look like its own syntax', async () => {
		const viz = await instance();
		for (const graph of [example(), ...NASTY.map(named)]) {
			const { output, errors } = viz.render(printDot(graph), { format: 'plain' });
			assert.equal(
				errors.filter((found) => found.level === 'error'),
				[],
				graph.name,
			);
			assert.is(output?.match(/^node /gm)?.length, graph.nodes.size, graph.name);
			assert.is(output?.match(/^edge /gm)?.length, graph.edges.length, graph.name);
		}
	});

	test('the dot command says the same, where there is one', () => {
		for (const graph of [example(), ...NASTY.map(named)]) {
			const run = spawnSync('dot', ['-Tplain'], { input: printDot(graph), encoding: 'utf8' });
			if (run.error) return assert.match(run.error.message, 'ENOENT');
			assert.is(run.stderr, '', graph.name);
			assert.is(run.status, 0, graph.name);
		}
	});

	test('a lane for each repository, and the reason of an edge with its line as a tooltip', () => {
		const dot = printDot(example());
		assert.is(dot.match(/subgraph cluster_/g)?.length, 7);
		assert.match(dot, 'tooltip="reports declares that it needs billing (release_repos.yml:40)"');
	});

	test('states colour the tasks and are named in a legend; without states the kinds do', () => {
		const states = new Map<TaskId, NodeState>([
			['gate:billing' as TaskId, 'failed'],
			['gate:catalog' as TaskId, 'unknown'],
		]);
		const coloured = printDot(example(), { states });
		assert.match(coloured, 'tooltip="gate:billing · failed", fillcolor="#BE123C"');
		assert.match(coloured, '&nbsp;unknown&nbsp;');
		assert.not.match(coloured, '&nbsp;blocked&nbsp;');
		assert.match(printDot(example()), '&nbsp;live&nbsp;');
	});
});

suite('printSvg', (test) => {
	test('shows every name as it is, whatever it holds', async () => {
		for (const name of NASTY.filter((text) => text.trim() !== '' && !/[\u0000-\u001f]/.test(text))) {
			const texts = svgTexts(await printSvg(named(name)));
			assert.ok(texts.includes(name), `${name}: ${texts.join(' | ')}`);
		}
	});

	test('never lets a name become markup or a second line', async () => {
		const names = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text.isWellFormed());
		await fc.assert(
			fc.asyncProperty(names, async (name) => {
				const svg = await printSvg(named(name));
				assert.is(svg.match(/class="node"/g)?.length, 2);
				assert.is(svg.match(/class="edge"/g)?.length, 1);
			}),
			{ numRuns: 25 },
		);
	});

	test(
		'draws 300 tasks in seconds',
		async () => {
			const of = config({ apps: Array.from({ length: 50 }, (_, i) => app(`app-${i}`)) });
			const { graph } = compileTrain(of, trainInput(of));
			const svg = await printSvg(graph as Graph);
			assert.is(svg.match(/class="node"/g)?.length, graph?.nodes.size);
		},
		{ timeoutMs: 20_000 },
	);
});

suite('printMermaid', (test) => {
	test('the whole text of a small train', () => {
		const of = config({ apps: [app('web', { prodDeploy: { strategy: 'none' } })] });
		assert.is(
			printMermaid(compileTrain(of, null).graph as Graph),
			[
				'flowchart LR',
				'  subgraph r0["web"]',
				'    n0["preflight"]',
				'    n2["repin"]',
				'    n3["gate"]',
				'    n5["promote ◆"]',
				'    n6["deploy"]',
				'  end',
				'  n1(["checked"])',
				'  n4(["gated"])',
				'  n7["record"]',
				'  n8["notes"]',
				'  n0 --> n1',
				'  n1 --> n2',
				'  n2 --> n3',
				'  n3 --> n4',
				'  n4 --> n5',
				'  n5 --> n6',
				'  n6 --> n7',
				'  n7 --> n8',
				'  subgraph legend["legend"]',
				'    direction LR',
				'    l0["check"]',
				'    l1["repository"]',
				'    l2["live"]',
				'    l3["record"]',
				'    l4["◆ cannot be undone"]',
				'  end',
				'  classDef c0 fill:#F1F5F9,stroke:#94A3B8,color:#334155',
				'  class n0,n3,l0 c0',
				'  classDef c1 fill:#E0F2FE,stroke:#0284C7,color:#0C4A6E',
				'  class n2,n5,l1 c1',
				'  classDef c2 fill:#FFEDD5,stroke:#EA580C,color:#7C2D12',
				'  class n6,l2 c2',
				'  classDef c3 fill:#DCFCE7,stroke:#16A34A,color:#14532D',
				'  class n7,n8,l3 c3',
				'  classDef join fill:#475569,stroke:#475569,color:#FFFFFF,font-size:11px',
				'  class n1,n4 join',
				'',
			].join('\n'),
		);
	});

	test('no name leaves its quotes: a line with a label has that shape and no other', () => {
		const label = /^ +(?:subgraph )?[a-z]\w*(?:\[|\(\[)"[^"\n`<>[\](){}|]*"(?:\]|\]\))$/;
		for (const name of NASTY) {
			for (const text of printMermaid(named(name))
				.split('\n')
				.filter((row) => row.includes('"'))) {
				assert.match(text, label);
			}
		}
	});
});

suite('graphDocument', (test) => {
	test('a plan document without states, with the reason and line of each edge', () => {
		const of = config({ apps: [app('a'), app('b', { needs: needs('a') })] });
		const document = graphDocument(compileTrain(of, null).graph as Graph, null);
		assert.is(document.schema, 'slipway.plan/1');
		assert.is(document.train, null);
		assert.equal(document.nodes[0], {
			id: 'preflight:a',
			kind: 'preflight',
			repo: 'a',
			needs: [],
			irreversible: false,
		});
		assert.equal(
			document.edges.find((edge) => edge.at),
			{
				from: 'smoke:a',
				to: 'deploy:b',
				reason: 'b declares that it needs a',
				at: 'release_repos.yml:40',
			},
		);
		assert.equal(JSON.parse(JSON.stringify(document)), document);
	});
});
