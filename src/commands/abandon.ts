import type { Config } from '../config/types.ts';
import { type Diagnostic, refuse } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import { readableTime } from '../core/moment.ts';
import { compileTrain } from '../graph/compile-train.ts';
import { createFileStore } from '../record/file-store.ts';
import { updateRecord } from '../record/store.ts';
import { abandon as abandonRecord, isActive } from '../record/transitions.ts';
import type { ReleaseRecord } from '../record/types.ts';
import { planGraph } from '../runner/plan.ts';
import { describeFields } from '../ui/describe.ts';
import { safeLine } from '../ui/terminal.ts';
import { confirm } from './confirm.ts';
import { newRunId } from './execute-graph.ts';
import { openWorld, recordHandle } from './open-world.ts';
import { VISIBLE_KINDS } from './run-report.ts';
import { loadConfig, print, printJson, type Session } from './session.ts';
import { trainInput } from './train.ts';
import { withTrainLock } from './with-lock.ts';

export interface AbandonOptions {
	readonly yes?: boolean;
}

/** What somebody outside can see of a release, and what could not be read. */
interface Outside {
	readonly live: Readonly<Record<string, JsonObject>>;
	readonly unread: readonly Diagnostic[];
}

/**
 * `slipway abandon`: gives the active release up. Only the record changes, and it stays in the history; what the
 * release made live stays live and is named. Gives the exit code.
 */
export async function abandon(session: Session, options: AbandonOptions): Promise<number> {
	const config = await loadConfig(session);
	const store = createFileStore(config.dir);
	activeOf(await store.load());
	const by = { session, config, holder: session.by, run: newRunId(), command: 'abandon' };
	return withTrainLock(by, async () => {
		// Again, under the lock: it may have shipped meanwhile.
		const record = activeOf(await store.load());
		const outside = await readOutside(session, config, record);
		if (!session.options.json) print(session, session.redact(describe(session, record, outside)));
		if (!options.yes) await ask(session, record);
		const { slug, state } = await updateRecord(store, abandonRecord);
		const { live } = outside;
		if (session.options.json) printJson(session, { schema: 'slipway.abandon/1', record: { slug, state }, live });
		else print(session, `${slug} is ${state}; \`slipway prepare\` starts the next release`);
		return 0;
	});
}

function activeOf(record: ReleaseRecord | null): ReleaseRecord {
	if (record === null) refuse('record-state', 'there is no release to abandon');
	if (isActive(record)) return record;
	refuse('record-state', `${record.slug} is ${record.state}: there is nothing to abandon`);
}

function ask(session: Session, { slug }: ReleaseRecord): Promise<void> {
	return confirm(session, {
		question: `Abandon ${slug}? It can't be taken up again`,
		unasked: {
			summary: `abandoning ${slug} was not confirmed, and there is no terminal to ask on`,
			hint: 'pass --yes',
		},
		declined: {
			summary: `${slug} was not abandoned; nothing was changed`,
			hint: '`slipway status` says where it stands',
		},
	});
}

/** A file that no longer fits the record is a reason to abandon it, and no obstacle. */
async function readOutside(session: Session, config: Config, record: ReleaseRecord): Promise<Outside> {
	const { graph, diagnostics } = compileTrain(config, trainInput(record));
	if (graph === null) return { live: {}, unread: diagnostics };
	const handle = recordHandle(createFileStore(config.dir), record);
	const opened = await openWorld({ session, config, record: handle, by: session.by });
	try {
		opened.useGraph(graph);
		const visible = { ...graph, nodes: new Map([...graph.nodes].filter(([, node]) => VISIBLE_KINDS.has(node.kind))) };
		const jobs = config.train.concurrency;
		const { plan, findings } = await planGraph(visible, { jobs, contextOf: opened.contextOf });
		const done = plan.nodes.filter(({ id, state }) => state === 'done' && Object.hasOwn(plan.observed, id));
		return {
			live: Object.fromEntries(done.map(({ id }) => [id, plan.observed[id] as JsonObject])),
			unread: findings,
		};
	} finally {
		await opened.close();
	}
}

function describe({ palette }: Session, record: ReleaseRecord, { live, unread }: Outside): string {
	const rows = Object.entries(live).map(([task, evidence]) => `  ${task}  ${describeFields(evidence)}`);
	const problems = unread.map(({ repo, summary }) => `  ${repo ? `${repo}: ` : ''}${safeLine(summary)}`);
	return [
		`${palette.strong(record.slug)}  ${record.state}, since ${readableTime(record.createdAt)}`,
		...(rows.length > 0 ? ['', palette.strong('Live already, and it stays so'), ...rows] : []),
		...(problems.length > 0 ? ['', palette.strong('What could not be told'), ...problems] : []),
		...(rows.length + problems.length === 0 ? ['', 'Nothing of it is in production.'] : []),
		'',
	].join('\n');
}
