import type { Webhook } from '../../config/types.ts';
import { repoName } from '../../core/brand.ts';
import { Unreadable } from '../../core/diagnostic.ts';
import type { Specs } from '../../graph/specs.ts';
import { outputOf } from '../../io/command.ts';
import { postNotes } from '../../record/transitions.ts';
import type { MemberRecord, ReleaseRecord } from '../../record/types.ts';
import { type Decision, done, type TaskContext, TaskFailure, type TaskKind, todo } from '../contract.ts';
import { composeNotes, type RepoNotes, webhookBody } from './compose.ts';

interface Observed {
	readonly postedAt: string | null;
	readonly webhooks: number;
}

type NotesChange = {
	readonly type: 'post';
	readonly summary: string;
	readonly slug: string;
	readonly webhooks: number;
};

/** Posts what shipped to the webhooks. A failure is a warning, never a failed ship (2-train.md §4). */
export const notes: TaskKind<Specs['notes'], Observed, NotesChange> = {
	name: 'notes',
	failureIsWarning: true,
	probe: async (spec, context) => ({
		postedAt: context.world.record.current().notesPostedAt,
		webhooks: spec.webhooks.length,
	}),
	decide: decideNotes,
	run: async (change, context) => {
		const record = context.world.record.current();
		const repos = await Promise.all(
			Object.entries(record.members).map(([repo, member]) => notesOf(repo, member, context)),
		);
		const text = composeNotes(change.slug, repos);
		const refused = await postAll(record, { text, repos }, context);
		if (refused.length > 0) {
			throw new TaskFailure({
				code: 'task-failed',
				summary: 'release notes were not posted everywhere',
				seen: refused.join('\n'),
			});
		}
		await context.world.record.update((current) => postNotes(current, context.world.now()));
	},
};

export function decideNotes(spec: Specs['notes'], observed: Observed): Decision<NotesChange> {
	if (observed.webhooks === 0) return done('train.notify names no webhook');
	if (observed.postedAt) return done(`posted at ${observed.postedAt}`, { at: observed.postedAt });
	const summary = `post release notes to ${observed.webhooks} ${observed.webhooks === 1 ? 'webhook' : 'webhooks'}`;
	return todo('not posted yet', { type: 'post', summary, slug: spec.slug, webhooks: observed.webhooks });
}

async function notesOf(repo: string, member: MemberRecord, context: TaskContext): Promise<RepoNotes> {
	const ship = member.ship ?? member.frozen;
	const repository = context.world.repository(repoName(repo));
	const log = await repository.git([
		'log',
		'-z',
		'--format=%H %s',
		'--end-of-options',
		`${member.mainAtFreeze}..${ship}`,
	]);
	const lines = outputOf(log, `git log in ${repo}`).split('\0').filter(Boolean);
	const commits = lines.map((line) => ({
		sha: line.slice(0, line.indexOf(' ')),
		subject: line.slice(line.indexOf(' ') + 1),
	}));
	return { repo, version: member.gem?.version ?? null, ship, commits };
}

/** Posts to each webhook of the train; gives what each one that refused said, without its address, which is a secret. */
async function postAll(
	record: ReleaseRecord,
	{ text, repos }: { readonly text: string; readonly repos: readonly RepoNotes[] },
	context: TaskContext,
): Promise<string[]> {
	const { notify, timeouts } = context.config.train;
	const refused: string[] = [];
	for (const [i, webhook] of notify.entries()) {
		const url = addressOf(webhook, context);
		const said =
			url === null
				? `${webhook.urlEnv} is not set`
				: await post({ url, name: `webhook ${i + 1}` }, webhookBody(webhook.type, { slug: record.slug, text, repos }));
		if (said !== null) refused.push(`webhook ${i + 1} (${webhook.type}): ${said}`);
	}
	return refused;

	async function post(
		{ url, name }: { readonly url: string; readonly name: string },
		body: string,
	): Promise<string | null> {
		const headers = { 'content-type': 'application/json' };
		const request = {
			method: 'POST' as const,
			body,
			name,
			signal: context.signal,
			headers,
			timeoutMs: timeouts.probeMs,
			retries: 0,
			anyStatus: true,
		};
		try {
			const { status } = await context.world.fetchText(url, request);
			return status >= 200 && status < 300 ? null : `answers ${status}`;
		} catch (error) {
			// One that is out of reach keeps the notes from no other.
			if (error instanceof Unreadable) return `does not answer: ${error.seen}`;
			throw error;
		}
	}
}

function addressOf(webhook: Webhook, context: TaskContext): string | null {
	return webhook.url ?? (webhook.urlEnv ? (context.world.env[webhook.urlEnv] ?? null) : null);
}
