import type { Config } from '../config/types.ts';
import { repoName, shortSha, taskId } from '../core/brand.ts';
import { Unreadable } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import { readableTime } from '../core/moment.ts';
import { compileTrain } from '../graph/compile-train.ts';
import type { TaskNode } from '../graph/types.ts';
import { createFileStore } from '../record/file-store.ts';
import { isActive } from '../record/transitions.ts';
import type { MemberRecord, ReleaseRecord } from '../record/types.ts';
import { probeTask } from '../runner/probe.ts';
import { repoOf, type TaskContext } from '../tasks/contract.ts';
import { fetchListed } from '../tasks/listed.ts';
import { membersInOrder } from '../tasks/member.ts';
import { renderTable } from '../ui/table.ts';
import { type OpenedWorld, openWorld, recordHandle } from './open-world.ts';
import { loadConfig, print, printJson, type Session } from './session.ts';
import { trainInput } from './train.ts';

/** What the world shows of one member beside what the record says. Unread is a text, never an absence. */
type Seen = { readonly [key: string]: string | boolean | null };

/** `slipway status`: the record, what is live, and what has drifted since it was frozen. Gives the exit code. */
export async function status(session: Session): Promise<number> {
	const config = await loadConfig(session);
	const store = createFileStore(config.dir);
	const record = await store.load();
	if (record === null) {
		if (session.options.json) printJson(session, { schema: 'slipway.status/1', record: null, live: {}, drift: {} });
		else print(session, 'no release yet: `slipway prepare` starts one');
		return 0;
	}
	const opened = await openWorld({ session, config, record: recordHandle(store, record), by: session.by });
	try {
		const names = membersInOrder(config, record).map(([repo]) => repo);
		// A file that no longer fits the record still has a status.
		const { graph } = compileTrain(config, trainInput(record));
		if (graph) opened.useGraph(graph);
		const world = await Promise.all(
			names.map(async (repo) => {
				const member = record.members[repo] as MemberRecord;
				const deploy = graph?.nodes.get(taskId('deploy', repo)) ?? null;
				return { repo, ...(await readMember(member, { deploy, opened, context: opened.reader(repoName(repo)) })) };
			}),
		);
		if (session.options.json) printJson(session, document(record, world));
		else print(session, session.redact(text(config, record, { world, session })));
		return 0;
	} finally {
		await opened.close();
	}
}

interface Place {
	readonly opened: OpenedWorld;
	readonly context: TaskContext;
	/** The task that puts the app live. */
	readonly deploy: TaskNode | null;
}

interface MemberSeen {
	readonly live: Seen;
	readonly drift: Seen;
}

type World = readonly (MemberSeen & { readonly repo: string })[];

async function readMember(member: MemberRecord, place: Place): Promise<MemberSeen> {
	const { context } = place;
	const repository = context.world.repository(repoOf(context));
	const { mainBranch, releaseBranch } = context.config.train;
	const refs = await orUnread(() => repository.originRefs());
	if (typeof refs === 'string') return { live: { unknown: refs }, drift: { unknown: refs } };
	const main = refs.get(`refs/heads/${mainBranch}`) ?? null;
	const release = refs.get(`refs/heads/${releaseBranch}`) ?? null;
	const ours = release !== null && release === member.ship;
	const drift = { frozen: member.frozen, release, drifted: release !== member.frozen && !ours };
	const shown = member.type === 'gem' ? await readGem(member, context) : await readApp(member, place);
	return { live: { main, ...shown }, drift };
}

async function readGem(member: MemberRecord, context: TaskContext): Promise<Seen> {
	const gem = context.config.gems.find((entry) => entry.name === context.repo);
	if (!gem || !member.gem) return {};
	const listed = await orUnread(() => fetchListed({ gem: gem.gemName, registry: gem.registry }, context));
	if (typeof listed === 'string') return { unknown: listed };
	return {
		version: member.gem.version,
		published: listed.versions.some((entry) => entry.version === member.gem?.version),
	};
}

/** A remote says which commit it has, whatever that is; any other target only whether it has the one that ships. */
async function readApp({ ship }: MemberRecord, { context, deploy, opened }: Place): Promise<Seen> {
	const target = context.config.apps.find((entry) => entry.name === context.repo)?.prodDeploy;
	if (target?.strategy !== 'git_push_heroku') {
		if (ship === null || deploy === null) return {};
		const { state, evidence, reasons } = await probeTask(deploy, opened.contextOf(deploy));
		if (state === 'unknown') return { unknown: reasons.join('; ') };
		return state === 'done' && typeof evidence?.sha === 'string' ? { deployed: evidence.sha } : {};
	}
	const repository = context.world.repository(repoOf(context));
	const url = await repository.remoteUrl(target.remote);
	if (url === null) return { unknown: `the checkout has no remote named ${target.remote}` };
	const ref = `refs/heads/${target.branch}`;
	const refs = await orUnread(() => repository.refsAt(url, [ref]));
	return typeof refs === 'string' ? { unknown: refs } : { deployed: refs.get(ref) ?? null };
}

async function orUnread<T extends object>(read: () => Promise<T>): Promise<T | string> {
	try {
		return await read();
	} catch (error) {
		if (error instanceof Unreadable) return error.message;
		throw error;
	}
}

function document(record: ReleaseRecord, world: World): object {
	const { slug, state, revision, createdAt, by, shippedAt, shippedBy } = record;
	const members = Object.entries(record.members);
	const frozen: JsonObject = Object.fromEntries(members.map(([repo, member]) => [repo, member.frozen]));
	const ship: JsonObject = Object.fromEntries(members.map(([repo, member]) => [repo, member.ship]));
	return {
		schema: 'slipway.status/1',
		record: { slug, state, frozen, ship, revision, createdAt, by, shippedAt, shippedBy },
		live: Object.fromEntries(world.map(({ repo, live }) => [repo, live])),
		drift: Object.fromEntries(world.map(({ repo, drift }) => [repo, drift])),
	};
}

function text(
	config: Config,
	record: ReleaseRecord,
	{ world, session }: { readonly world: World; readonly session: Session },
): string {
	const { palette } = session;
	const rows = world.map(({ repo, live, drift }) => {
		const member = record.members[repo] as MemberRecord;
		return [
			repo,
			member.gem?.version ?? '',
			shortSha(member.frozen),
			member.ship ? shortSha(member.ship) : '',
			liveText(live),
			driftText(drift, record),
		];
	});
	const since =
		record.state === 'shipped'
			? `shipped at ${readableTime(record.shippedAt ?? '')} by ${record.shippedBy}`
			: `${record.state}, since ${readableTime(record.createdAt)}`;
	const parked = [...config.gems, ...config.apps]
		.filter((repo) => repo.parked !== null)
		.map((repo) => `${repo.name} rides no train: ${repo.parked}`);
	return [
		`${palette.strong(record.slug)}  ${since}`,
		'',
		renderTable(['repository', 'version', 'frozen', 'ship', 'live', 'drift'], rows, palette),
		...(parked.length > 0 ? ['', ...parked] : []),
	].join('\n');
}

function liveText(live: Seen): string {
	if (typeof live.unknown === 'string') return `unknown: ${live.unknown.split('\n')[0]}`;
	if (typeof live.published === 'boolean') return live.published ? 'published' : 'not published';
	if (live.deployed === undefined) return `main ${typeof live.main === 'string' ? shortSha(live.main) : 'missing'}`;
	return typeof live.deployed === 'string' ? `deployed ${shortSha(live.deployed)}` : 'not deployed';
}

function driftText(drift: Seen, record: ReleaseRecord): string {
	if (typeof drift.unknown === 'string') return 'unknown';
	if (drift.drifted !== true) return '';
	const tip = typeof drift.release === 'string' ? shortSha(drift.release) : 'gone';
	return isActive(record) ? `release moved to ${tip}` : `next: ${tip}`;
}
