import * as assert from 'uvu/assert';
import type { Config } from '../../src/config/types.ts';
import { repoName, type TaskId } from '../../src/core/brand.ts';
import { ancestors, digraphOf } from '../../src/graph/algorithms.ts';
import { compileTrain } from '../../src/graph/compile-train.ts';
import type { Graph, TrainInput } from '../../src/graph/types.ts';
import { suite } from '../support/suite.ts';
import {
	app,
	config,
	exampleConfig,
	exampleInput,
	gem,
	line,
	needs,
	script,
	sha,
	trainInput,
	uses,
} from './fleet-config.ts';

function compiled(of: Config, input: TrainInput | null = trainInput(of)): Graph {
	const { graph, diagnostics } = compileTrain(of, input);
	if (graph === null) throw new Error(diagnostics.map((d) => d.summary).join('\n'));
	return graph;
}

const id = (text: string) => text as TaskId;
const needsOf = (graph: Graph, task: string) => graph.nodes.get(id(task))?.needs;
const specOf = (graph: Graph, task: string) => graph.nodes.get(id(task))?.spec;
const edgeOf = (graph: Graph, from: string, to: string) => graph.edges.find((e) => e.from === from && e.to === to);

function waitsFor(graph: Graph, task: string, earlier: string): boolean {
	return ancestors(digraphOf(graph.nodes.values()), [id(task)]).has(id(earlier));
}

suite('compileTrain: tasks', (test) => {
	test('a gem is checked, published, tagged and promoted', () => {
		const graph = compiled(config({ gems: [gem('engine')] }));
		assert.equal(
			[...graph.nodes.keys()],
			['preflight:engine', 'barrier:checked', 'publish:engine', 'tag:engine', 'promote:engine', 'record', 'notes'],
		);
		assert.equal(specOf(graph, 'tag:engine'), { tag: 'v1.2.0', frozen: sha('a') });
		assert.is(specOf(graph, 'publish:engine')?.version, '1.2.0');
	});

	test('an app has a smoke only with a smoke_url, and an after only with a post_deploy_cmd', () => {
		const graph = compiled(exampleConfig(), exampleInput());
		const of = (repo: string) => [...graph.nodes.values()].filter((n) => n.repo === repo).map((n) => n.kind);
		assert.equal(of('billing'), ['preflight', 'repin', 'gate', 'promote', 'deploy', 'smoke', 'after']);
		assert.equal(of('catalog'), ['preflight', 'repin', 'gate', 'promote', 'deploy']);
		assert.equal(of('handbook'), ['preflight', 'repin', 'gate', 'promote', 'deploy']);
		assert.is(specOf(graph, 'smoke:reports')?.url, 'https://reports.example.test');
	});

	test('the gate of an app without test_cmd is there and says so by a null command', () => {
		assert.is(specOf(compiled(exampleConfig()), 'gate:handbook')?.command, null);
	});

	test('what cannot be undone is marked: publish, tag, promote, after, and a deploy with a target', () => {
		const graph = compiled(exampleConfig(), exampleInput());
		const kinds = new Set([...graph.nodes.values()].filter((n) => n.irreversible).map((n) => n.kind));
		assert.equal([...kinds].sort(), ['after', 'deploy', 'promote', 'publish', 'tag']);
		assert.is(graph.nodes.get(id('deploy:handbook'))?.irreversible, false);
		assert.is(graph.nodes.get(id('deploy:catalog'))?.irreversible, true);
	});

	test('the check of an app knows the commands that will run from its tree, and every gem of the train', () => {
		const only = app('web', { postDeployCmd: ['bin/after'], prodDeploy: script('bin/deploy') });
		const spec = specOf(compiled(config({ gems: [gem('engine')], apps: [only] })), 'preflight:web');
		assert.equal(spec?.deploy, only.prodDeploy);
		assert.equal(spec?.commands, [['bin/test'], ['bin/after']]);
		assert.equal(spec?.pins, [{ gem: 'engine', version: '1.2.0', registry: 'https://gems.example.test' }]);
	});

	test('what takes long weighs more, and a join nothing', () => {
		const graph = compiled(exampleConfig(), exampleInput());
		const weights = ['publish:studio-auth', 'gate:billing', 'tag:studio-auth', 'barrier:gated'];
		assert.equal(
			weights.map((task) => graph.nodes.get(id(task))?.weight),
			[8, 10, 1, 0],
		);
	});

	test('a graph survives JSON', () => {
		const nodes = [...compiled(exampleConfig(), exampleInput()).nodes.values()];
		assert.equal(JSON.parse(JSON.stringify(nodes)), nodes);
	});
});

suite('compileTrain: order', (test) => {
	test('every check is before the first publish, and before every re-pin where there is no gem', () => {
		const graph = compiled(exampleConfig(), exampleInput());
		for (const publish of ['publish:studio-auth', 'publish:studio-engine']) {
			for (const repo of ['studio-auth', 'studio-engine', 'hub-app', 'handbook']) {
				assert.ok(waitsFor(graph, publish, `preflight:${repo}`), `${publish} after preflight:${repo}`);
			}
		}
		const apps = compiled(config({ apps: [app('a'), app('b')] }));
		assert.equal(needsOf(apps, 'repin:a'), ['barrier:checked']);
		assert.not(apps.nodes.has(id('barrier:published')));
	});

	test('a gem comes after the gem that its gemspec names', () => {
		const graph = compiled(exampleConfig(), exampleInput());
		assert.equal(needsOf(graph, 'publish:studio-engine'), ['barrier:checked', 'publish:studio-auth']);
		const edge = edgeOf(graph, 'publish:studio-auth', 'publish:studio-engine');
		assert.is(edge?.reason, 'studio-engine uses studio-auth (Gemfile:12 at 1a2b3c4d)');
	});

	test('a gem that its own Gemfile names waits for nobody', () => {
		const of = config({ gems: [gem('engine')] });
		assert.equal(needsOf(compiled(of, trainInput(of, [uses('engine', 'engine')])), 'publish:engine'), [
			'barrier:checked',
		]);
	});

	test('an edge that reality and the file both know keeps the reading and the line', () => {
		const of = config({ gems: [gem('auth'), gem('engine', { needs: needs('auth') })] });
		const graph = compiled(of, trainInput(of, [uses('engine', 'auth')]));
		const edge = edgeOf(graph, 'publish:auth', 'publish:engine');
		assert.is(edge?.reason, 'engine uses auth (Gemfile:12 at 1a2b3c4d)');
		assert.equal(edge?.at, line(40));
	});

	test('consumers re-pin after all publishes, and the edge names the gems they use', () => {
		const graph = compiled(exampleConfig(), exampleInput());
		assert.equal(needsOf(graph, 'repin:hub-app'), ['barrier:published']);
		assert.equal(needsOf(graph, 'barrier:published'), ['publish:studio-auth', 'publish:studio-engine']);
		assert.is(
			edgeOf(graph, 'barrier:published', 'repin:billing')?.reason,
			'billing uses studio-engine (Gemfile:12 at 1a2b3c4d)',
		);
	});

	test('before_any_deploy: no main of an app moves before every gate is green', () => {
		const graph = compiled(exampleConfig(), exampleInput());
		assert.equal(needsOf(graph, 'promote:hub-app'), ['barrier:gated']);
		for (const repo of ['hub-app', 'billing', 'catalog', 'reports', 'handbook']) {
			assert.ok(waitsFor(graph, 'promote:hub-app', `gate:${repo}`));
		}
	});

	test('per_app: an app waits for its own gate alone', () => {
		const graph = compiled(config({ apps: [app('a'), app('b')], gates: 'per_app' }));
		assert.equal(needsOf(graph, 'promote:a'), ['gate:a']);
		assert.not(graph.nodes.has(id('barrier:gated')));
	});

	test('the hub is live before any satellite deploys: its smoke, or its deploy where nobody smokes it', () => {
		assert.equal(needsOf(compiled(exampleConfig()), 'deploy:catalog'), ['promote:catalog', 'smoke:hub-app']);
		const silent = config({ apps: [app('b'), app('hub', { role: 'hub', prodDeploy: script('bin/deploy') })] });
		assert.equal(needsOf(compiled(silent), 'deploy:b'), ['deploy:hub', 'promote:b']);
	});

	test('a declared need of an app waits until the other is live; a need that does not ride is met', () => {
		const of = config({ apps: [app('a'), app('b', { needs: needs('a', 'elsewhere') })] });
		const graph = compiled(of);
		assert.equal(needsOf(graph, 'deploy:b'), ['promote:b', 'smoke:a']);
		assert.equal(edgeOf(graph, 'smoke:a', 'deploy:b')?.at, line(40));
	});

	test('a gem that needs an app waits until it is live', () => {
		const of = config({ gems: [gem('g', { needs: needs('a') })], apps: [app('a')] });
		const { diagnostics } = compileTrain(of, null);
		assert.match(
			diagnostics[0]?.seen ?? '',
			'publish:g waits for smoke:a: g declares that it needs a (release_repos.yml:40)',
		);
	});

	test('the record waits for everything, and the notes for the record', () => {
		const graph = compiled(exampleConfig(), exampleInput());
		const all = ancestors(digraphOf(graph.nodes.values()), [id('notes')]);
		assert.is(all.size, graph.nodes.size - 1);
		assert.equal(needsOf(graph, 'notes'), ['record']);
	});
});

suite('compileTrain: who rides', (test) => {
	test('the file alone: all that is not parked, nothing frozen', () => {
		const graph = compiled(config({ gems: [gem('g')], apps: [app('a'), app('old', { parked: 'two-rung' })] }), null);
		assert.not(graph.nodes.has(id('preflight:old')));
		assert.is(specOf(graph, 'publish:g')?.frozen, null);
		assert.is(specOf(graph, 'tag:g')?.tag, null);
	});

	test('with an input only its members ride', () => {
		const graph = compiled(exampleConfig(), {
			slug: 'rel-1',
			members: [{ repo: repoName('billing'), frozen: sha('c'), version: null }],
			derived: [uses('billing', 'studio-engine')],
		});
		assert.is(
			[...graph.nodes.values()].every((n) => n.repo === null || n.repo === 'billing'),
			true,
		);
		assert.is(graph.name, 'rel-1');
	});

	test('members that the file lost or parked are all named', () => {
		const of = config({ apps: [app('old', { parked: 'two-rung' })] });
		const members = ['old', 'gone'].map((name) => ({ repo: repoName(name), frozen: sha('a'), version: null }));
		const { graph, diagnostics } = compileTrain(of, { slug: 'rel-1', members, derived: [] });
		assert.is(graph, null);
		assert.equal(
			diagnostics.map((d) => [d.code, d.repo]),
			[
				['blocked', 'old'],
				['unknown-repo', 'gone'],
			],
		);
	});

	test('the order of the members changes nothing', () => {
		const input = exampleInput();
		const turned = { ...input, members: input.members.toReversed() };
		assert.equal([...compiled(exampleConfig(), turned).nodes], [...compiled(exampleConfig(), input).nodes]);
	});

	test('a train of nobody is a record that flips', () => {
		assert.equal([...compiled(config({})).nodes.keys()], ['record', 'notes']);
	});
});

suite('compileTrain: cycles', (test) => {
	test('cycle: printed as a circle of repositories, with each reason and source line', () => {
		const of = config({ apps: [app('a', { needs: needs('b') }), app('b', { needs: needs('a') })] });
		const { graph, diagnostics } = compileTrain(of, null);
		assert.is(graph, null);
		assert.is(diagnostics.length, 1);
		const [found] = diagnostics;
		assert.is(found?.code, 'cycle');
		assert.is(found?.summary, 'none of these can be first: a → b → a');
		assert.equal(found?.at, line(40));
		assert.equal(found?.seen?.split('\n'), [
			'smoke:a waits for deploy:a: a deploy is proven by the app that answers',
			'deploy:b waits for smoke:a: b declares that it needs a (release_repos.yml:40)',
			'smoke:b waits for deploy:b: a deploy is proven by the app that answers',
			'deploy:a waits for smoke:b: a declares that it needs b (release_repos.yml:40)',
		]);
	});

	test('a file that contradicts the gemspecs is a cycle that shows both', () => {
		const of = config({ gems: [gem('x', { needs: needs('y') }), gem('y')] });
		const { diagnostics } = compileTrain(of, trainInput(of, [uses('y', 'x')]));
		assert.equal(diagnostics[0]?.seen?.split('\n'), [
			'publish:y waits for publish:x: y uses x (Gemfile:12 at 1a2b3c4d)',
			'publish:x waits for publish:y: x declares that it needs y (release_repos.yml:40)',
		]);
	});

	test('a hub that needs its satellite is a cycle', () => {
		const of = config({ apps: [app('hub', { role: 'hub', needs: needs('a') }), app('a')] });
		assert.is(compileTrain(of, null).diagnostics[0]?.code, 'cycle');
	});
});
