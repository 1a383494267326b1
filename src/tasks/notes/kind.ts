import { readableTime } from '../../core/moment.ts';
import type { Specs } from '../../graph/specs.ts';
import { postNotes as markPosted } from '../../record/transitions.ts';
import { type Decision, done, TaskFailure, type TaskKind, todo } from '../contract.ts';
import type { Notes } from './compose.ts';
import { postNotes } from './post.ts';
import { readNotes } from './read.ts';
import { PLAIN, renderNotes } from './render.ts';

interface Observed {
	readonly postedAt: string | null;
	/** Null when nobody would get them. */
	readonly notes: Notes | null;
}

type NotesChange = {
	readonly type: 'post';
	readonly summary: string;
	readonly slug: string;
	readonly webhooks: number;
	/** As a dry run shows them; each webhook gets them in its own form. */
	readonly text: string;
};

/** Posts what shipped to the webhooks. A failure is a warning, never a failed ship (2-train.md §4). */
export const notes: TaskKind<Specs['notes'], Observed, NotesChange> = {
	name: 'notes',
	failureIsWarning: true,
	probe: async (spec, context) => {
		const record = context.world.record.current();
		const isNeeded = spec.webhooks.length > 0 && record.notesPostedAt === null;
		return {
			postedAt: record.notesPostedAt,
			notes: isNeeded ? await readNotes(record, context.config, context.world) : null,
		};
	},
	decide: decideNotes,
	run: async (_change, { world, config, signal }) => {
		const { notify: webhooks, timeouts } = config.train;
		const told = await readNotes(world.record.current(), config, world);
		const deliveries = await postNotes(told, world, { webhooks, timeoutMs: timeouts.probeMs, signal });
		const refused = deliveries.filter(({ isPosted }) => !isPosted);
		if (refused.length > 0) {
			throw new TaskFailure({
				code: 'task-failed',
				summary: `the release notes reached ${deliveries.length - refused.length} of ${deliveries.length} webhooks`,
				seen: refused.map(({ webhook, said }) => `${webhook}: ${said}`).join('\n'),
				hint: 'the release itself is complete; `slipway report --notify` sends them again',
			});
		}
		await world.record.update((current) => markPosted(current, world.now()));
	},
};

export function decideNotes(spec: Specs['notes'], { postedAt, notes: told }: Observed): Decision<NotesChange> {
	const webhooks = spec.webhooks.length;
	if (webhooks === 0) return done('train.notify names no webhook');
	if (postedAt) return done(`posted at ${readableTime(postedAt)}`, { at: postedAt });
	const summary = `post release notes to ${webhooks} ${webhooks === 1 ? 'webhook' : 'webhooks'}`;
	const text = told ? renderNotes(told, PLAIN).join('\n') : '';
	return todo('not posted yet', { type: 'post', summary, slug: spec.slug, webhooks, text });
}
