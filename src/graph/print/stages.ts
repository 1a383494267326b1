import type { TaskId } from '../../core/brand.ts';
import { shortName } from './picture.ts';

/** What the stages of a plan are read from; both a Graph and a Plan have it. */
export interface StagedNode {
	readonly id: TaskId;
	readonly kind: string;
	readonly repo: string | null;
	readonly needs: readonly TaskId[];
}

/** The stages of a train and of a preparation, in the order in which a person reads them. */
const STAGES: readonly (readonly [title: string, tasks: readonly string[]])[] = [
	['release branches', ['branch']],
	['freeze', ['forward', 'freeze']],
	['QA gate', ['qa-gate']],
	['QA deploy', ['qa-deploy', 'qa-smoke']],
	['check', ['preflight']],
	['publish', ['publish', 'tag']],
	['re-pin', ['repin']],
	['gate', ['gate']],
	['promote', ['promote']],
	['hub', []],
	['satellites', []],
	['deploy', ['deploy', 'smoke', 'after']],
	['tasks', []],
	['record', ['record', 'notes', 'assemble']],
];
const BY_TASK: ReadonlyMap<string, string> = new Map(
	STAGES.flatMap(([title, tasks]) => tasks.map((task) => [task, title] as const)),
);

/** Groups tasks by stage, in the order of the stages and then of the nodes; joins are left out, as are empty stages. */
export function stagesOf<N extends StagedNode>(
	nodes: readonly N[],
): readonly (readonly [title: string, readonly N[]])[] {
	const gems = new Set(nodes.filter((node) => node.kind === 'publish').map((node) => node.repo));
	const hub = hubOf(nodes);
	const stageOf = (node: N): string => {
		const stage = BY_TASK.get(shortName(node)) ?? 'tasks';
		if (stage === 'promote' && gems.has(node.repo)) return 'publish';
		if (stage === 'deploy' && hub !== null) return node.repo === hub ? 'hub' : 'satellites';
		return stage;
	};
	const byStage = Map.groupBy(
		nodes.filter((node) => node.kind !== 'barrier'),
		stageOf,
	);
	return STAGES.flatMap(([title]) => {
		const members = byStage.get(title);
		return members ? [[title, members] as const] : [];
	});
}

/** A plan does not say who the hub is; its edges do: every other deploy waits for it. */
function hubOf(nodes: readonly StagedNode[]): string | null {
	const repoOf = new Map(nodes.map((node) => [node.id, node.repo]));
	const deploys = nodes.filter((node) => shortName(node) === 'deploy');
	const waiting = new Map<string, number>();
	for (const deploy of deploys) {
		const before = new Set(deploy.needs.map((need) => repoOf.get(need)).filter((repo) => repo && repo !== deploy.repo));
		for (const repo of before) if (repo) waiting.set(repo, (waiting.get(repo) ?? 0) + 1);
	}
	for (const [repo, count] of waiting) if (count === deploys.length - 1) return repo;
	return null;
}
