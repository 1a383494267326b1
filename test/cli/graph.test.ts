import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instance } from '@viz-js/viz';
import * as assert from 'uvu/assert';
import { layoutOf } from '../support/fleet/layout.ts';
import { writeFile } from '../support/fleet/repositories.ts';
import { slipway } from '../support/slipway.ts';
import { suite } from '../support/suite.ts';
import type { PlanDocument } from './documents.ts';
import { openStage } from './stage.ts';

type GraphDocument = PlanDocument & {
	readonly edges: readonly {
		readonly from: string;
		readonly to: string;
		readonly reason: string;
		readonly at?: string;
	}[];
};

const FORMATS = ['--dot', '--mermaid', '--svg', '--json'] as const;

/** A file whose repositories nobody has: the machine of a reviewer, or of CI. */
const ALONE = `gems:
  engine: {version_file: lib/version.rb}
  parts: {version_file: lib/version.rb, needs: [engine]}
apps:
  harbor:
    role: hub
    test_cmd: bin/test
    prod_deploy: {strategy: git_push_heroku, remote: heroku, branch: main, smoke_url: "https://harbor.example.test"}
  end:
    prod_deploy: {strategy: repo_script, command: bin/deploy}
    needs: [quay]
  quay: {}
  old: {ladder: legacy}
`;

async function drawAlone() {
	const dir = mkdtempSync(join(tmpdir(), 'slipway-cli-'));
	process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
	const layout = layoutOf(dir);
	writeFile(join(layout.conductor, 'release_repos.yml'), ALONE);
	// No git, no Ruby, no network: the file is all there is.
	const run = (args: readonly string[]) => slipway({ env: { PATH: '/nowhere', HOME: dir }, layout }, args);
	const [dot, mermaid, svg, json] = await Promise.all(FORMATS.map((format) => run(['graph', format])));
	return { dot, mermaid, svg, json, tree: await run(['graph']), probed: await run(['graph', '--state']) };
}

async function drawPrepared() {
	const stage = await openStage({ satellites: 1 });
	await stage.must(0, ['prepare', '--yes']);
	const json = await stage.must(0, ['graph', '--json']);
	const dot = await stage.must(0, ['graph', '--dot', '--state']);
	const mermaid = await stage.must(0, ['graph', '--mermaid', '--state']);
	const svg = await stage.must(0, ['graph', '--svg', '--state']);
	const plan = await stage.must(0, ['ship', '--dry-run', '--json']);
	await stage.stop();
	return {
		json: JSON.parse(json.stdout) as GraphDocument,
		plan: JSON.parse(plan.stdout) as PlanDocument,
		dot,
		mermaid,
		svg,
	};
}

const alone = await drawAlone();
const prepared = await drawPrepared();
const graphviz = await instance();
const graph = JSON.parse(alone.json?.stdout ?? '') as GraphDocument;
const reasonOf = (document: GraphDocument, from: string, to: string) =>
	document.edges.find((edge) => edge.from === from && edge.to === to);

/** What Graphviz itself reads in a DOT text: the tooltips of its nodes. Throws what it says of a text that is none. */
function tooltipsOf(dot: string): string[] {
	const { objects = [] } = graphviz.renderJSON(dot) as { objects?: { name: string; tooltip?: string }[] };
	return objects.filter(({ name }) => !name.startsWith('cluster')).map(({ tooltip = '' }) => tooltip);
}

const XML_PROLOGUE = /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^>]*>/g;
const XML_TAG = /<(\/?)([\w:-]+)((?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/g;
const BARE_AMPERSAND = /&(?!(?:#\d+|#x[0-9a-f]+|amp|lt|gt|quot|apos);)/i;

/** Holds a text to the rules of XML: every tag is whole and closed in turn, every special character is escaped. */
function checkXml(xml: string): void {
	const body = xml.replace(XML_PROLOGUE, '');
	const open: string[] = [];
	for (const [, closing, name = '', , empty] of body.matchAll(XML_TAG)) {
		if (closing) assert.is(open.pop(), name, 'closes what was opened last');
		else if (!empty) open.push(name);
	}
	assert.equal(open, []);
	assert.not.match(body.replace(XML_TAG, ''), /[<>]/);
	assert.not.match(body, BARE_AMPERSAND);
}

suite('graph: of the file alone', (test) => {
	test('needs no checkout, no git and no network', () => {
		for (const done of [alone.dot, alone.mermaid, alone.svg, alone.json, alone.tree])
			assert.is(done?.code, 0, done?.stderr);
	});

	test('--json is a plan document without states, and gives each edge its reason', () => {
		assert.equal(Object.keys(graph), ['schema', 'train', 'nodes', 'edges']);
		assert.is(graph.schema, 'slipway.plan/1');
		assert.is(graph.train, null);
		for (const node of graph.nodes) assert.equal(Object.keys(node), ['id', 'kind', 'repo', 'needs', 'irreversible']);
		for (const { from, to, reason } of graph.edges) assert.ok(reason.length > 0, `${from} → ${to}`);
		const needs = graph.nodes.flatMap(({ id, needs: before }) => before.map((need) => `${need} ${id}`));
		assert.equal(graph.edges.map(({ from, to }) => `${from} ${to}`).sort(), needs.sort());
	});

	test('edges of the file: the hub before satellites, declared needs with their line, nothing of a parked repository', () => {
		assert.ok(reasonOf(graph, 'smoke:harbor', 'deploy:end'));
		assert.is(reasonOf(graph, 'deploy:quay', 'deploy:end')?.at, 'release_repos.yml:11');
		assert.is(reasonOf(graph, 'publish:engine', 'publish:parts')?.at, 'release_repos.yml:3');
		assert.not.ok(graph.nodes.some(({ repo }) => repo === 'old'));
	});

	test('--state without a record is refused: there is nothing that could be probed', () => {
		assert.is(alone.probed.code, 3);
		assert.match(alone.probed.stderr, 'error[not-assembled]');
	});
});

suite('graph: formats', (test) => {
	test('--dot is accepted by Graphviz, which sees every task', () => {
		for (const [dot, { nodes }] of [
			[alone.dot?.stdout ?? '', graph],
			[prepared.dot.stdout, prepared.json],
		] as const) {
			const read = tooltipsOf(dot).map((tooltip) => tooltip.split(' · ', 1)[0]);
			assert.equal(read.sort(), nodes.map(({ id }) => id).sort());
		}
	});

	test('--svg is a picture of well-formed XML that names every task', () => {
		for (const [svg, { nodes }] of [
			[alone.svg?.stdout ?? '', graph],
			[prepared.svg.stdout, prepared.json],
		] as const) {
			checkXml(svg);
			assert.match(svg, /<svg [^>]*xmlns=/);
			const text = svg.replaceAll('&#45;', '-');
			for (const { id } of nodes) assert.ok(text.includes(`xlink:title="${id}`), id);
			assert.not.match(svg, /<script/i);
		}
	});

	test('--mermaid gives plain ids to all nodes, so that a repository named `end` breaks nothing', () => {
		const lines = (alone.mermaid?.stdout ?? '').split('\n').map((line) => line.trim());
		assert.match(lines[0] ?? '', /^(?:---|%%|flowchart|graph)/);
		assert.not.ok(lines.some((line) => /^(?:deploy:)?end[[({]/.test(line)));
		const drawn = lines.filter((line) => /^n\d+[[({>]/.test(line)).length;
		assert.is(drawn, graph.nodes.length);
		assert.is(
			lines.filter((line) => line.startsWith('subgraph')).length,
			lines.filter((line) => line === 'end').length,
		);
	});

	test('without a format it is the tree of the train', () => {
		assert.match(alone.tree.stdout, /^publish .*\n[├└]─ .*publish:engine/m);
		assert.match(alone.tree.stdout, 'deploy:end');
	});
});

suite('graph: of a prepared train', (test) => {
	test('holds the edges that were read at the frozen commits, each with where it was read', () => {
		assert.match(prepared.json.train ?? '', /^rel-/);
		const derived = reasonOf(prepared.json, 'publish:studio-engine', 'publish:studio-ui');
		assert.match(derived?.reason ?? '', /studio-ui\.gemspec at [0-9a-f]{8}/);
		assert.is(derived?.at, undefined);
	});

	test('is the very graph that ship would run', () => {
		assert.equal(
			prepared.json.nodes.map(({ id, needs }) => [id, needs]),
			prepared.plan.nodes.map(({ id, needs }) => [id, needs]),
		);
	});

	test('--state tells the states apart, with a legend', () => {
		for (const { stdout } of [prepared.dot, prepared.mermaid, prepared.svg]) {
			assert.match(stdout, /todo/);
			assert.match(stdout, /done/);
		}
	});
});
