import * as assert from 'uvu/assert';
import type { Config } from '../../src/config/types.ts';
import { repoName, type TaskId } from '../../src/core/brand.ts';
import { compileInit, compilePreparation } from '../../src/graph/compile-preparation.ts';
import type { Graph } from '../../src/graph/types.ts';
import { suite } from '../support/suite.ts';
import { app, config, exampleConfig, gem, heroku, needs } from './fleet-config.ts';

function prepared(of: Config): Graph {
	const members = [...of.gems, ...of.apps].map((repo) => repo.name);
	const { graph, diagnostics } = compilePreparation(of, 'rel-1', members);
	if (graph === null) throw new Error(diagnostics.map((d) => d.summary).join('\n'));
	return graph;
}

const node = (graph: Graph, id: string) => graph.nodes.get(id as TaskId);

suite('compilePreparation', (test) => {
	test('every member is merged forward and frozen; apps pass QA at the frozen SHA of all gems', () => {
		const graph = prepared(exampleConfig());
		assert.equal(node(graph, 'freeze:studio-auth')?.needs, ['forward:studio-auth']);
		assert.equal(node(graph, 'qa-gate:hub-app')?.needs, ['barrier:frozen', 'freeze:hub-app']);
		assert.equal(node(graph, 'barrier:frozen')?.needs, ['freeze:studio-auth', 'freeze:studio-engine']);
		assert.equal(node(graph, 'qa-gate:hub-app')?.spec, { frozen: null, command: ['bin/qa'], purpose: 'qa' });
		assert.is(node(graph, 'qa-gate:billing')?.spec.command, null);
	});

	test('a QA deploy is there only with a target, after every QA gate and after the hub', () => {
		const graph = prepared(exampleConfig());
		assert.not(node(graph, 'qa-deploy:catalog'));
		assert.equal(node(graph, 'qa-deploy:hub-app')?.needs, ['barrier:qa-gated']);
		assert.equal(node(graph, 'qa-deploy:billing')?.needs, ['barrier:qa-gated', 'qa-smoke:hub-app']);
		assert.is(node(graph, 'barrier:qa-gated')?.needs.length, 5);
		assert.is(node(graph, 'qa-deploy:billing')?.spec.purpose, 'qa');
	});

	test('per_app: a QA deploy waits for its own QA gate', () => {
		const graph = prepared(config({ gates: 'per_app', apps: [app('a', { qaDeploy: heroku('a-qa') }), app('b')] }));
		assert.equal(node(graph, 'qa-deploy:a')?.needs, ['qa-gate:a']);
		assert.not(node(graph, 'barrier:qa-gated'));
	});

	test('apps alone need no join of gems, gems alone no gate', () => {
		assert.equal(node(prepared(config({ apps: [app('a')] })), 'qa-gate:a')?.needs, ['freeze:a']);
		const gems = prepared(config({ gems: [gem('g')] }));
		assert.equal([...gems.nodes.keys()], ['forward:g', 'freeze:g', 'assemble']);
	});

	test('assemble comes last, after everything', () => {
		const graph = prepared(exampleConfig());
		assert.is([...graph.nodes.keys()].at(-1), 'assemble');
		assert.equal(node(graph, 'assemble')?.spec.members, [
			'studio-auth',
			'studio-engine',
			'hub-app',
			'billing',
			'catalog',
			'reports',
			'handbook',
		]);
		const needed = new Set([...graph.nodes.values()].flatMap((n) => n.needs));
		assert.equal(
			[...graph.nodes.keys()].filter((id) => !needed.has(id)),
			['assemble'],
		);
	});

	test('a circle of apps is found before anything is frozen', () => {
		const of = config({
			apps: [
				app('a', { needs: needs('b'), qaDeploy: heroku('a-qa') }),
				app('b', { needs: needs('a'), qaDeploy: heroku('b-qa') }),
			],
		});
		const { graph, diagnostics } = compilePreparation(of, 'rel-1', [repoName('a'), repoName('b')]);
		assert.is(graph, null);
		assert.is(diagnostics[0]?.code, 'cycle');
	});

	test('a member that the file does not have is an error', () => {
		assert.is(compilePreparation(config({}), 'rel-1', [repoName('gone')]).diagnostics[0]?.code, 'unknown-repo');
	});
});

suite('compileInit', (test) => {
	test('the release branch of every repository that is not parked, independent of each other', () => {
		const of = config({ gems: [gem('g')], apps: [app('a'), app('old', { parked: 'two-rung' })] });
		const { graph } = compileInit(of);
		assert.equal([...(graph?.nodes.keys() ?? [])], ['branch:g', 'branch:a']);
		assert.equal(graph?.edges, []);
	});
});
