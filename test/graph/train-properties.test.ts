import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { App, Config } from '../../src/config/types.ts';
import { ancestors, digraphOf } from '../../src/graph/algorithms.ts';
import { compileTrain } from '../../src/graph/compile-train.ts';
import type { Graph } from '../../src/graph/types.ts';
import { suite } from '../support/suite.ts';
import { app, config, gem, needs, script, trainInput } from './fleet-config.ts';

function compiled(of: Config): Graph {
	const { graph, diagnostics } = compileTrain(of, trainInput(of));
	if (graph === null) throw new Error(diagnostics.map((d) => d.summary).join('\n'));
	return graph;
}

/** Fleets whose needs point backward in the file, so that they have no cycle. */
const fleets = fc
	.record({
		gems: fc.array(fc.nat(20), { maxLength: 12 }),
		apps: fc.array(fc.record({ need: fc.nat(20), smoke: fc.boolean(), after: fc.boolean() }), { maxLength: 25 }),
		hub: fc.boolean(),
		gates: fc.constantFrom('before_any_deploy' as const, 'per_app' as const),
	})
	.map(({ gems, apps, hub, gates }) => {
		const earlier = (prefix: string, need: number, i: number) => (need < i ? needs(`${prefix}${need}`) : []);
		return config({
			gates,
			gems: gems.map((need, i) => gem(`g${i}`, { needs: earlier('g', need, i) })),
			apps: apps.map(
				({ need, smoke, after }, i): App =>
					app(`a${i}`, {
						role: hub && i === 0 ? 'hub' : 'satellite',
						needs: earlier('a', need, i),
						...(smoke ? {} : { prodDeploy: script('bin/deploy') }),
						postDeployCmd: after ? ['bin/after'] : null,
					}),
			),
		});
	});

suite('compileTrain: properties', (test) => {
	test('edges grow with the repositories: at most 11 a repository', () => {
		fc.assert(
			fc.property(fleets, (of) => {
				const size = of.gems.length + of.apps.length;
				return compiled(of).edges.length <= 11 * size + 1;
			}),
			{ numRuns: 60 },
		);
	});

	test('nodes stand after all they need, needs are sorted and say why, and no edge comes twice', () => {
		fc.assert(
			fc.property(fleets, (of) => {
				const graph = compiled(of);
				const seen = new Set<string>();
				for (const node of graph.nodes.values()) {
					assert.ok(
						node.needs.every((need) => seen.has(need)),
						`${node.id} stands too early`,
					);
					assert.equal(node.needs, [...node.needs].sort());
					seen.add(node.id);
				}
				const pairs = graph.edges.map((edge) => `${edge.from} ${edge.to}`);
				assert.is(new Set(pairs).size, pairs.length);
				assert.is(pairs.length, [...graph.nodes.values()].flatMap((node) => node.needs).length);
				assert.ok(graph.edges.every((edge) => edge.reason !== ''));
			}),
			{ numRuns: 60 },
		);
	});

	test('nothing that cannot be undone runs before every check', () => {
		fc.assert(
			fc.property(fleets, (of) => {
				const graph = compiled(of);
				const links = digraphOf(graph.nodes.values());
				const checks = [...graph.nodes.values()].filter((node) => node.kind === 'preflight');
				for (const node of graph.nodes.values()) {
					if (!node.irreversible) continue;
					const before = ancestors(links, [node.id]);
					assert.ok(
						checks.every((check) => before.has(check.id)),
						`${node.id} before a check`,
					);
				}
			}),
			{ numRuns: 40 },
		);
	});
});
