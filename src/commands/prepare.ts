import { randomBytes } from 'node:crypto';
import type { Config, Repo } from '../config/types.ts';
import { type RepoName, repoName } from '../core/brand.ts';
import { CODES } from '../core/codes.ts';
import { Refusal } from '../core/diagnostic.ts';
import { didYouMean } from '../core/suggest.ts';
import { compilePreparation } from '../graph/compile-preparation.ts';
import type { Graph } from '../graph/types.ts';
import { createFileStore } from '../record/file-store.ts';
import { releaseSlug } from '../record/slug.ts';
import type { RecordStore } from '../record/store.ts';
import { isActive, newRecord, removeMember, reopen } from '../record/transitions.ts';
import type { ReleaseRecord } from '../record/types.ts';
import type { Settlement } from '../runner/execute.ts';
import { membershipOf } from '../tasks/membership.ts';
import { renderSummary } from '../ui/summary.ts';
import { plural } from '../ui/terminal.ts';
import { confirm } from './confirm.ts';
import { executeGraph, newRunId } from './execute-graph.ts';
import { type OpenedWorld, openWorld, recordHandle } from './open-world.ts';
import { reportOf } from './run-report.ts';
import { loadConfig, print, type Session, say } from './session.ts';
import { withTrainLock } from './with-lock.ts';

export interface PrepareOptions {
	readonly only?: readonly string[];
	readonly yes?: boolean;
	readonly jobs?: number;
}

/** `slipway prepare`: finds the members, freezes them, lets QA see them, assembles the record. Gives the exit code. */
export async function prepare(session: Session, options: PrepareOptions): Promise<number> {
	const config = await loadConfig(session);
	const candidates = candidatesOf(config, options.only);
	const store = createFileStore(config.dir);
	const run = newRunId();
	return withTrainLock({ session, config, holder: session.by, run, command: 'prepare' }, async ({ lost }) => {
		const loaded = await store.load();
		const active = loaded !== null && isActive(loaded) ? loaded : null;
		const draft =
			active ??
			newRecord({ slug: releaseSlug(new Date(), randomBytes(3)), by: session.by, at: new Date().toISOString() });
		const opened = await openWorld({
			session,
			config,
			record: recordHandle(store, draft),
			by: session.by,
			workspaces: 'shared',
		});
		try {
			const members = await findMembers({ session, config, opened, active }, candidates);
			const riding =
				options.only && active ? [...new Set([...Object.keys(active.members).map(repoName), ...members])] : members;
			if (riding.length === 0) {
				say(
					session,
					`nothing to prepare: no ${config.train.releaseBranch} branch is ahead of ${config.train.mainBranch}`,
				);
				return 0;
			}
			return await prepareMembers({ session, config, store, opened, active, riding }, { ...options, run, lost });
		} finally {
			await opened.close();
		}
	});
}

function candidatesOf(config: Config, only: readonly string[] | undefined): readonly Repo[] {
	const riders = [...config.gems, ...config.apps].filter((repo) => repo.parked === null);
	if (!only) return riders;
	const names = riders.map((repo) => repo.name as string);
	const unknown = only.filter((name) => !names.includes(name));
	if (unknown.length > 0) {
		throw new Refusal(
			unknown.map((name) => {
				const hint = didYouMean(name, names, `the repositories are ${names.join(', ')}`);
				return { code: 'unknown-repo', severity: 'error', summary: `--only names ${name}, which rides no train`, hint };
			}),
		);
	}
	return riders.filter((repo) => only.includes(repo.name));
}

/** `active`: the release that is prepared again; null for a new one. */
interface Looking {
	readonly session: Session;
	readonly config: Config;
	readonly opened: OpenedWorld;
	readonly active: ReleaseRecord | null;
}

async function findMembers(looking: Looking, candidates: readonly Repo[]): Promise<RepoName[]> {
	const { session, opened } = looking;
	const judged = await Promise.all(candidates.map((repo) => membershipOf(repo, opened.reader)));
	const problems = judged.flatMap((one) => (one.type === 'problem' ? [one.finding] : []));
	if (problems.length > 0) throw new Refusal(problems, 3);
	const members: RepoName[] = [];
	for (const one of judged) {
		if (one.type === 'problem') continue;
		// What a train that stopped half-way has promoted is ahead of nothing any more, and the rest still needs it.
		const isAboard = one.type === 'member' || (await isWhereFrozen(one.repo, looking));
		if (isAboard) members.push(one.repo);
		const stays = isAboard ? ', stays aboard: this release holds it' : ', stays';
		say(session, `${one.repo}: ${one.reason}${one.type === 'stays' ? stays : ''}`);
	}
	return members;
}

interface Preparation extends Looking {
	readonly store: RecordStore;
	readonly riding: readonly RepoName[];
}

async function prepareMembers(
	preparation: Preparation,
	options: PrepareOptions & { run: string; lost: AbortSignal },
): Promise<number> {
	const { session, config, opened, riding } = preparation;
	const slug = opened.world.record.current().slug;
	const { graph, diagnostics } = compilePreparation(config, slug, riding);
	if (graph === null) throw new Refusal(diagnostics);
	await confirmDeploys(session, graph, { slug, ...options });
	await openRecord(preparation);
	const jobs = options.jobs ?? config.train.concurrency;
	const result = await executeGraph({
		session,
		config,
		opened,
		graph,
		run: options.run,
		command: 'prepare',
		jobs,
		lost: options.lost,
	});
	const record = opened.world.record.current();
	if (!session.options.json) {
		const report = {
			...reportOf({ config, graph, record: null, result, resume: 'slipway prepare' }),
			recordState: record.state,
		};
		print(session, session.redact(renderSummary(report, session.palette)));
	}
	if (result.outcome === 'done') return 0;
	return [...result.settled.values()].some(changedTheWorld) ? 1 : 3;
}

/**
 * A freeze writes the record alone. Where the first finding is one of those that mean "nothing was
 * changed", such as a merge that conflicts, the failed task left the world as it was.
 */
function changedTheWorld({ began, node, outcome, findings }: Settlement): boolean {
	const [first] = findings;
	const refused = outcome === 'failed' && first !== undefined && CODES[first.code].exit === 3;
	return began && node.kind !== 'freeze' && !refused;
}

/** A deploy to QA is a deploy: it wants a yes like any other. */
async function confirmDeploys(
	session: Session,
	graph: Graph,
	options: PrepareOptions & { readonly slug: string },
): Promise<void> {
	const deploys = [...graph.nodes.values()].filter((node) => node.kind === 'deploy');
	if (deploys.length === 0 || options.yes) return;
	await confirm(session, {
		question: `Prepare ${options.slug}? It deploys ${plural(deploys.length, 'app')} to QA`,
		unasked: {
			summary: `this preparation deploys ${plural(deploys.length, 'app')} to QA, and there is no terminal to ask on`,
			hint: 'pass --yes',
		},
		declined: {
			summary: 'the preparation was not confirmed; nothing was changed',
			hint: 'run `slipway prepare` when it may go',
		},
	});
}

/** Makes the record writable for this preparation: a new one, or the active one without who left. */
async function openRecord(preparation: Preparation): Promise<void> {
	const { store, opened, active, riding } = preparation;
	const { record } = opened.world;
	if (active === null) {
		await store.save(record.current(), null);
		await record.update((current) => ({ ok: true, record: current }));
		return;
	}
	const gone = Object.keys(active.members).filter((repo) => !riding.includes(repoName(repo)));
	const moved = await hasMoved(preparation);
	if (active.state === 'assembled' && (gone.length > 0 || moved)) await record.update(reopen);
	for (const repo of gone) await record.update((current) => removeMember(current, repo));
}

async function hasMoved(preparation: Preparation): Promise<boolean> {
	for (const repo of preparation.riding) if (!(await isWhereFrozen(repo, preparation))) return true;
	return false;
}

/** Whether a release branch stands where the active release froze it; our own re-pin counts as there. */
async function isWhereFrozen(repo: RepoName, { config, opened, active }: Looking): Promise<boolean> {
	const member = active?.members[repo];
	const tip = (await opened.world.repository(repo).originRefs()).get(`refs/heads/${config.train.releaseBranch}`);
	return member !== undefined && tip !== undefined && (tip === member.frozen || tip === member.ship);
}
