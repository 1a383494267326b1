import type { Config } from '../config/types.ts';
import { repoName } from '../core/brand.ts';
import { Refusal } from '../core/diagnostic.ts';
import { compileTrain } from '../graph/compile-train.ts';
import type { Graph, TrainInput } from '../graph/types.ts';
import { isActive } from '../record/transitions.ts';
import type { ReleaseRecord } from '../record/types.ts';

/** What a record says of its train, as the compiler wants it: everything frozen, edges as they were read. */
export function trainInput(record: ReleaseRecord): TrainInput {
	const members = Object.entries(record.members);
	return {
		slug: record.slug,
		members: members.map(([repo, member]) => ({
			repo: repoName(repo),
			frozen: member.frozen,
			version: member.gem?.version ?? null,
		})),
		derived: members.flatMap(([repo, member]) =>
			member.uses.map((used) => ({ repo: repoName(repo), uses: repoName(used.repo), source: used.source })),
		),
	};
}

/** The graph of a train, or of the file alone when there is no record. Throws Refusal for a cycle. */
export function trainGraph(config: Config, record: ReleaseRecord | null): Graph {
	const { graph, diagnostics } = compileTrain(config, record ? trainInput(record) : null);
	if (graph === null) throw new Refusal(diagnostics);
	return graph;
}

/** The train that a reader asks about: the active or the last shipped one, else the file alone. Throws Refusal. */
export function currentGraph(
	config: Config,
	record: ReleaseRecord | null,
): { graph: Graph; record: ReleaseRecord | null } {
	const shown = record && (isActive(record) || record.state === 'shipped') ? record : null;
	return { graph: trainGraph(config, shown), record: shown };
}
