import { isSha, type Sha, shortSha } from '../core/brand.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { checkRecord } from './document.ts';
import type { MemberRecord, RecordResult, RecordState, ReleaseRecord, Verdict } from './types.ts';

/**
 * The record's state machine (2-train.md §2), pure: `assembling → assembled → shipped`, or
 * `abandoned`. Each move takes a record and gives the next one, or why it is not allowed:
 * `record-state` for the wrong moment, `bad-record` for a value that no record may hold. Moments are
 * as `Date.toISOString` writes them; `revision` and `updatedAt` are the store's business.
 */
export interface Start {
	readonly slug: string;
	/** `user@host`. */
	readonly by: string;
	readonly at: string;
}

/** A record with no members that no store has seen yet. */
export function newRecord({ slug, by, at }: Start): ReleaseRecord {
	return {
		schema: 'slipway.record/1',
		revision: 0,
		slug,
		state: 'assembling',
		createdAt: at,
		updatedAt: at,
		by,
		shippedAt: null,
		shippedBy: null,
		members: {},
		notesPostedAt: null,
	};
}

export type Freeze = Omit<MemberRecord, 'verdicts' | 'ship' | 'evidence'>;

/**
 * Freezes a member, or freezes it again. At another SHA, what was said of the old one goes:
 * verdicts, ship SHA and evidence. At the same SHA they stay, and so does a built gem.
 */
export function freezeMember(record: ReleaseRecord, repo: string, freeze: Freeze): RecordResult {
	const wrong = notIn(record, ['assembling'], `freeze ${repo}`);
	if (wrong) return wrong;
	const before = memberOf(record, repo);
	const same = before?.frozen === freeze.frozen && before.type === freeze.type ? before : null;
	return withMembers(record, {
		...record.members,
		[repo]: {
			...freeze,
			gem: freeze.gem ?? same?.gem ?? null,
			verdicts: same?.verdicts ?? [],
			ship: same?.ship ?? null,
			evidence: same?.evidence ?? {},
		},
	});
}

/** Takes a repository out of the train. */
export function removeMember(record: ReleaseRecord, repo: string): RecordResult {
	const wrong = notIn(record, ['assembling'], `remove ${repo}`);
	if (wrong) return wrong;
	if (memberOf(record, repo) === null) return noMember(record, repo);
	return withMembers(record, Object.fromEntries(Object.entries(record.members).filter(([name]) => name !== repo)));
}

/**
 * Adds what a gate said; an earlier word on the same SHA, command and purpose is replaced. The QA
 * gate speaks of the frozen SHA only: one that ran while the member was frozen anew came too late.
 */
export function addVerdict(record: ReleaseRecord, repo: string, verdict: Verdict): RecordResult {
	return changeMember(record, { repo, in: ['assembling', 'assembled'] }, (member) => {
		if (verdict.purpose === 'qa' && verdict.sha !== member.frozen) {
			return refused(`the QA verdict of ${repo} is about ${shortSha(verdict.sha)}, not about the frozen SHA`);
		}
		const others = member.verdicts.filter((other) => !sameQuestion(other, verdict));
		return { ...member, verdicts: [...others, verdict] };
	});
}

/** Says what will be live: the frozen SHA, or for an app the re-pin commit on top of it. A blank is refused. */
export function setShip(record: ReleaseRecord, repo: string, sha: Sha): RecordResult {
	return changeMember(record, { repo, in: ['assembled'] }, (member) =>
		isSha(sha) ? { ...member, ship: sha } : refused(`the ship SHA of ${repo} is not a full commit SHA`, 'bad-record'),
	);
}

export interface KindEvidence {
	/** The kind of task that saw it. */
	readonly kind: string;
	readonly evidence: JsonObject;
}

/** Keeps what a task saw last. Where the earlier evidence has a SHA and this one a blank, the SHA stays. */
export function setEvidence(record: ReleaseRecord, repo: string, { kind, evidence }: KindEvidence): RecordResult {
	return changeMember(record, { repo, in: ['assembling', 'assembled'] }, (member) => {
		const before = Object.hasOwn(member.evidence, kind) ? (member.evidence[kind] ?? {}) : {};
		const kept = Object.entries(before).filter(([key, value]) => isShaText(value) && isBlank(evidence, key));
		return { ...member, evidence: { ...member.evidence, [kind]: { ...evidence, ...Object.fromEntries(kept) } } };
	});
}

/** `assembling → assembled`: somebody is aboard, every gem is built, and no QA gate said no last. */
export function assemble(record: ReleaseRecord): RecordResult {
	const wrong = notIn(record, ['assembling'], 'assemble it');
	if (wrong) return wrong;
	const members = Object.entries(record.members);
	if (members.length === 0) return refused(`${record.slug} has no members`);
	const unbuilt = members.filter(([, { type, gem }]) => type === 'gem' && gem === null);
	if (unbuilt.length > 0) return refused(`no built gem is known of ${names(unbuilt)}`);
	const red = members.filter(([, { verdicts }]) => lastQa(verdicts)?.ok === false);
	if (red.length > 0) return refused(`the QA gate is red for ${names(red)}`);
	return checked({ ...record, state: 'assembled' });
}

/** `assembled → assembling`, by an explicit wish: only so can a member of an assembled record be frozen anew. */
export function reopen(record: ReleaseRecord): RecordResult {
	return notIn(record, ['assembled'], 'reopen it') ?? checked({ ...record, state: 'assembling' });
}

/** `assembled → shipped`, for good. A gem ships its frozen SHA; every app must have a ship SHA. */
export function markShipped(record: ReleaseRecord, { at, by }: Pick<Start, 'at' | 'by'>): RecordResult {
	const wrong = notIn(record, ['assembled'], 'ship it');
	if (wrong) return wrong;
	const unknown = Object.entries(record.members).filter(([, { type, ship }]) => type === 'app' && ship === null);
	if (unknown.length > 0) return refused(`no ship SHA is known of ${names(unknown)}`);
	const members = Object.fromEntries(
		Object.entries(record.members).map(([repo, member]) => [repo, { ...member, ship: member.ship ?? member.frozen }]),
	);
	return checked({ ...record, state: 'shipped', members, shippedAt: at, shippedBy: by });
}

/** Notes that the release notes went out; the first moment counts. */
export function postNotes(record: ReleaseRecord, at: string): RecordResult {
	const wrong = notIn(record, ['shipped'], 'post its notes');
	if (wrong) return wrong;
	return record.notesPostedAt === null ? checked({ ...record, notesPostedAt: at }) : { ok: true, record };
}

/** `assembling` or `assembled → abandoned`, for good. */
export function abandon(record: ReleaseRecord): RecordResult {
	const wrong = notIn(record, ['assembling', 'assembled'], 'abandon it');
	return wrong ?? checked({ ...record, state: 'abandoned' });
}

/** A record that work goes on with: at most one exists. */
export function isActive({ state }: Pick<ReleaseRecord, 'state'>): boolean {
	return state === 'assembling' || state === 'assembled';
}

/** The member of that name, or null: a name such as `constructor` finds nothing. */
export function memberOf(record: ReleaseRecord, repo: string): MemberRecord | null {
	return Object.hasOwn(record.members, repo) ? (record.members[repo] ?? null) : null;
}

type Refused = Extract<RecordResult, { ok: false }>;

interface Place {
	readonly repo: string;
	readonly in: readonly RecordState[];
}

function changeMember(
	record: ReleaseRecord,
	place: Place,
	change: (member: MemberRecord) => MemberRecord | Refused,
): RecordResult {
	const member = memberOf(record, place.repo);
	const wrong = notIn(record, place.in, `write what was seen of ${place.repo}`);
	if (wrong || member === null) return wrong ?? noMember(record, place.repo);
	const changed = change(member);
	return 'ok' in changed ? changed : withMembers(record, { ...record.members, [place.repo]: changed });
}

function withMembers(record: ReleaseRecord, members: ReleaseRecord['members']): RecordResult {
	return checked({ ...record, members });
}

function notIn(record: ReleaseRecord, states: readonly RecordState[], move: string): Refused | null {
	if (states.includes(record.state)) return null;
	return refused(`${record.slug} is ${record.state}: can't ${move}`);
}

function noMember(record: ReleaseRecord, repo: string): Refused {
	return refused(`${repo} is no member of ${record.slug}`);
}

function refused(summary: string, code: 'record-state' | 'bad-record' = 'record-state'): Refused {
	return { ok: false, diagnostics: [{ code, severity: 'error', summary }] };
}

/** Callers may hold values that were never checked; nothing that `parseRecord` would refuse leaves here. */
function checked(record: ReleaseRecord): RecordResult {
	return checkRecord(record, `the next state of ${record.slug}`);
}

function sameQuestion(one: Verdict, other: Verdict): boolean {
	return (
		one.purpose === other.purpose && one.sha === other.sha && JSON.stringify(one.cmd) === JSON.stringify(other.cmd)
	);
}

function lastQa(verdicts: readonly Verdict[]): Verdict | undefined {
	return verdicts.findLast(({ purpose }) => purpose === 'qa');
}

function isShaText(value: Json): boolean {
	return typeof value === 'string' && isSha(value);
}

function isBlank(evidence: JsonObject, key: string): boolean {
	return !Object.hasOwn(evidence, key) || evidence[key] === null || evidence[key] === '';
}

function names(members: readonly (readonly [string, MemberRecord])[]): string {
	return members.map(([repo]) => repo).join(', ');
}
