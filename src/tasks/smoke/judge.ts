import type { RevisionPlace } from '../../config/types.ts';
import { type Sha, shortSha } from '../../core/brand.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Question } from './question.ts';

/** What came back, after the redirects within the app's own host. */
export interface Reply {
	readonly status: number;
	readonly headers: Headers;
	readonly body: string;
	/** The page that answered; null when it is the one that was asked for. */
	readonly movedTo: string | null;
	/** Where a redirect that was not followed leads; null for any other answer. */
	readonly elsewhere: string | null;
}

export interface Verdict {
	readonly up: boolean;
	/** Goes after the address: `answers 503`. */
	readonly said: string;
	/** Where to look first, when the answer tells that much. */
	readonly hint?: string;
}

/** Fewer digits of a commit name too many commits. */
const LEAST_DIGITS = 7;
const LONGEST_QUOTE = 40;

/** Whether an answer is the one that was wanted. Pure. */
export function judgeReply({ status, body, revision }: Question, reply: Reply): Verdict {
	const said = `answers ${reply.status}${reply.movedTo === null ? '' : ` after a redirect to ${reply.movedTo}`}`;
	if (reply.status !== status) return { up: false, said: refusal(said, status, reply), ...hintFor(reply) };
	if (body !== null && !reply.body.includes(body)) {
		return {
			up: false,
			said: `${said} without ${quoted(body)}`,
			hint: 'look at the page, and at `smoke.body` in the file',
		};
	}
	if (revision === null) return { up: true, said };
	const named = revisionIn(revision.place, reply);
	if (isRevision(named, revision.sha)) return { up: true, said: `${said} at ${shortSha(revision.sha)}` };
	return { up: false, ...wrongRevision(said, named, revision) };
}

function refusal(said: string, wanted: number, { elsewhere }: Reply): string {
	if (elsewhere !== null) return `${said}, a redirect to ${elsewhere} which is not followed`;
	return wanted === 200 ? said : `${said} and not ${wanted}`;
}

function hintFor({ status, elsewhere }: Reply): Pick<Verdict, 'hint'> {
	if (elsewhere !== null)
		return {
			hint: 'give the address that answers by itself as `smoke_url`, or the status that it redirects with as `smoke.status`',
		};
	if (status === 404)
		return { hint: 'the app answers and has no such page: see `smoke_url` and `smoke.path` in the file' };
	if (status === 401 || status === 403)
		return { hint: 'the page wants a login: name one that needs none as `smoke.path`' };
	return status >= 500 ? { hint: 'the app answers and fails: look at its log' } : {};
}

function wrongRevision(
	said: string,
	named: string | null,
	{ place, sha }: NonNullable<Question['revision']>,
): Pick<Verdict, 'said' | 'hint'> {
	if (named === null) {
		return { said: `${said} and names no revision in ${placeName(place)}`, hint: 'see `smoke.revision` in the file' };
	}
	return {
		said: `${said} at revision ${quoted(named)}, not ${shortSha(sha)}`,
		hint: 'an older version still answers: see whether the release of the new one failed',
	};
}

function placeName(place: RevisionPlace): string {
	switch (place.in) {
		case 'body':
			return 'its page';
		case 'header':
			return `the header ${place.name}`;
		case 'json':
			return `${place.key} of its JSON`;
		default:
			return unreachable(place);
	}
}

/** What the app says it runs; null when it says nothing there. */
function revisionIn(place: RevisionPlace, { headers, body }: Reply): string | null {
	switch (place.in) {
		case 'body':
			return textOrNull(body);
		case 'header':
			return textOrNull(headers.get(place.name));
		case 'json':
			return textOrNull(valueAt(body, place.key));
		default:
			return unreachable(place);
	}
}

function textOrNull(value: unknown): string | null {
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** A key with dots in it is tried as it is written before it is taken for a path. */
function valueAt(body: string, key: string): unknown {
	const document = parsed(body);
	const own = fieldOf(document, key);
	return own ?? key.split('.').reduce(fieldOf, document);
}

function fieldOf(value: unknown, key: string): unknown {
	return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
		? (value as Record<string, unknown>)[key]
		: undefined;
}

function parsed(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}

/** The whole commit, or its beginning as apps like to show it. */
function isRevision(named: string | null, sha: Sha): boolean {
	return named !== null && named.length >= LEAST_DIGITS && sha.startsWith(named.toLowerCase());
}

function quoted(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	return JSON.stringify(line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line);
}

/** How `http.ts` begins what it saw of a request without an answer, and what that means to a person. */
const SILENCES: readonly (readonly [RegExp, Verdict['said'], hint: string])[] = [
	[/^tls: /, 'is there, and its TLS fails: ', 'the app may be fine: look at the certificate and the name it is for'],
	[/^refused: /, 'refuses the connection: ', 'nothing listens there: see whether the app was started'],
	[/^timeout: /, 'does not answer in time: ', 'it may still be starting: look at its log'],
	[/^dns: /, 'has no address: ', 'see `smoke_url` in the file, and the DNS of that name'],
	[/^connection: /, 'breaks the connection: ', 'something between here and the app ended it: look at its log'],
];

/** The same for no answer at all, in the words of the system. Pure. */
export function judgeSilence(seen: string): Verdict {
	const known = SILENCES.find(([start]) => start.test(seen));
	if (!known) return { up: false, said: `does not answer: ${seen}` };
	const [start, words, hint] = known;
	return { up: false, said: `${words}${seen.replace(start, '')}`, hint };
}
