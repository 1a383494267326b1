import { isSha, type Sha } from '../core/brand.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Json, JsonObject } from '../core/json.ts';
import {
	count,
	filledText,
	flag,
	is,
	isObject,
	listOf,
	mapOf,
	moment,
	nullable,
	object,
	oneOf,
	sha256,
	shaped,
	shapedJson,
	text,
} from '../core/shape.ts';
import { isReleaseSlug } from './slug.ts';
import type { BuiltGem, MemberRecord, RecordResult, ReleaseRecord, UsedGem, Verdict } from './types.ts';

const sha = is<Sha>('a full commit SHA', (value) => typeof value === 'string' && isSha(value));
const json = is<Json>('JSON', isJson);
const argv = is<Verdict['cmd']>(
	'a command',
	(value) => Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string'),
);

const MEMBER = object<MemberRecord>({
	type: oneOf('gem', 'app'),
	frozen: sha,
	mainAtFreeze: sha,
	frozenAt: moment,
	gem: nullable(
		object<BuiltGem>({ name: filledText, version: filledText, platform: filledText, file: filledText, sha256 }),
	),
	uses: listOf(object<UsedGem>({ gem: filledText, repo: filledText, source: text })),
	verdicts: listOf(object<Verdict>({ purpose: oneOf('qa', 'ship'), sha, cmd: argv, ok: flag, at: moment })),
	ship: nullable(sha),
	evidence: mapOf<JsonObject>(mapOf(json)),
});

const RECORD = object<ReleaseRecord>({
	schema: oneOf('slipway.record/1'),
	revision: count,
	slug: is('a release slug', (value) => typeof value === 'string' && isReleaseSlug(value)),
	state: oneOf('assembling', 'assembled', 'shipped', 'abandoned'),
	createdAt: moment,
	updatedAt: moment,
	by: filledText,
	shippedAt: nullable(moment),
	shippedBy: nullable(filledText),
	members: mapOf(MEMBER),
	notesPostedAt: nullable(moment),
});

/** The text of a record as stores keep it. */
export function formatRecord(record: ReleaseRecord): string {
	return `${JSON.stringify(record, null, '\t')}\n`;
}

/** Reads it back; `source` names the place in messages. Torn, foreign or edited text is `bad-record`, never an empty record. */
export function parseRecord(content: string, source: string): RecordResult {
	const read = shapedJson(RECORD, content, 'record');
	return read.ok ? consistent(read.value, source) : badRecord(read.problems, source);
}

/** The same checks of a record in memory: what a store does before it writes. */
export function checkRecord(record: ReleaseRecord, source: string): RecordResult {
	const read = shaped(RECORD, record, 'record');
	return read.ok ? consistent(read.value, source) : badRecord(read.problems, source);
}

/** What holds in every state, over and above the shape of each field. */
function consistent(record: ReleaseRecord, source: string): RecordResult {
	const problems = [...stateProblems(record), ...memberProblems(record)];
	return problems.length === 0 ? { ok: true, record } : badRecord(problems, source);
}

function* stateProblems({ state, shippedAt, shippedBy, notesPostedAt, members }: ReleaseRecord): Iterable<string> {
	const shipped = state === 'shipped';
	if (shipped !== (shippedAt !== null) || shipped !== (shippedBy !== null)) {
		yield `record is ${state}, and shippedAt and shippedBy say otherwise`;
	}
	if (!shipped && notesPostedAt !== null) yield `record is ${state}, and its notes were posted`;
	if ((shipped || state === 'assembled') && Object.keys(members).length === 0)
		yield `record is ${state} with no member`;
	const unshipped = Object.keys(members).filter((repo) => members[repo]?.ship === null);
	if (shipped && unshipped.length > 0) yield `record is shipped without a ship SHA of ${unshipped.join(', ')}`;
}

function* memberProblems({ members }: ReleaseRecord): Iterable<string> {
	for (const [repo, { type, gem, ship, frozen }] of Object.entries(members)) {
		if (repo === '') yield 'record.members has a member without a name';
		if (type === 'app' && gem !== null) yield `record.members.${repo} is an app and has a gem`;
		if (type === 'gem' && ship !== null && ship !== frozen) {
			yield `record.members.${repo} is a gem that ships another commit than the frozen one`;
		}
	}
}

function badRecord(problems: readonly string[], source: string): RecordResult {
	const diagnostic: Diagnostic = {
		code: 'bad-record',
		severity: 'error',
		summary: `${source} is damaged`,
		seen: problems.slice(0, 5).join('\n'),
		hint: 'put a good copy in its place, or move it aside and prepare again: what is live is read from the world',
	};
	return { ok: false, diagnostics: [diagnostic] };
}

function isJson(value: unknown): value is Json {
	if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
	if (typeof value === 'number') return Number.isFinite(value);
	return Array.isArray(value) ? value.every(isJson) : isObject(value) && Object.values(value).every(isJson);
}
