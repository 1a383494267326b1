import type { Config } from '../config/types.ts';
import { refuse } from '../core/diagnostic.ts';
import { createFileStore } from '../record/file-store.ts';
import { postNotes as markPosted } from '../record/transitions.ts';
import type { ReleaseRecord } from '../record/types.ts';
import { type Delivery, postNotes } from '../tasks/notes/post.ts';
import { readNotes } from '../tasks/notes/read.ts';
import { openWorld, recordHandle } from './open-world.ts';
import { print, printJson, type Session } from './session.ts';

/** The newest of the records that shipped; null when none did. */
export function lastShipped(records: readonly ReleaseRecord[]): ReleaseRecord | null {
	return records.find(({ state }) => state === 'shipped') ?? null;
}

/** `slipway report --notify`: sends the notes of a shipped release to every webhook of the file, sent before or not. */
export async function notify(session: Session, config: Config, record: ReleaseRecord | null): Promise<number> {
	const { notify: webhooks, timeouts } = config.train;
	if (record === null) refuse('record-state', 'there is no release whose notes could be sent');
	if (record.state !== 'shipped') {
		const hint = '`slipway ship --dry-run` shows the notes of a release that has not shipped';
		refuse('record-state', `${record.slug} is ${record.state}: only a shipped release is announced`, { hint });
	}
	if (webhooks.length === 0) {
		refuse('usage', 'train.notify names no webhook', {
			hint: 'name one in release_repos.yml: docs/config.md, `train.notify`',
		});
	}
	const store = createFileStore(config.dir);
	const opened = await openWorld({ session, config, record: recordHandle(store, record), by: session.by });
	try {
		const notes = await readNotes(record, config, opened.world);
		const posting = { webhooks, timeoutMs: timeouts.probeMs, signal: session.stop };
		const deliveries = await postNotes(notes, opened.world, posting);
		const isSent = deliveries.every(({ isPosted }) => isPosted);
		if (isSent && (await store.load())?.slug === record.slug) {
			await opened.world.record.update((current) => markPosted(current, opened.world.now()));
		}
		tell(session, record.slug, deliveries);
		return isSent ? 0 : 1;
	} finally {
		await opened.close();
	}
}

function tell(session: Session, train: string, deliveries: readonly Delivery[]): void {
	if (session.options.json) {
		const webhooks = deliveries.map(({ webhook, isPosted, said }) => ({ webhook, posted: isPosted, said }));
		printJson(session, { schema: 'slipway.notify/1', train, webhooks });
		return;
	}
	const { palette } = session;
	const lines = deliveries.map(({ webhook, isPosted, said }) =>
		isPosted ? `${palette.done('✔')} ${webhook}: ${said}` : `${palette.failed('✖')} ${webhook}: ${said}`,
	);
	print(session, session.redact([`Release notes of ${palette.strong(train)}`, ...lines].join('\n')));
}
