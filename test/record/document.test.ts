import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { formatRecord, parseRecord } from '../../src/record/document.ts';
import { addVerdict, freezeMember, setEvidence } from '../../src/record/transitions.ts';
import type { ReleaseRecord } from '../../src/record/types.ts';
import { suite } from '../support/suite.ts';
import { allowed, appFreeze, gemFreeze, refusal, sampleRecord, sha, verdict } from './sample.ts';

function fullRecord(): ReleaseRecord {
	const gem = allowed(freezeMember(sampleRecord(), 'studio-engine', gemFreeze(sha(2))));
	const uses = [{ gem: 'studio-engine', repo: 'studio-engine', source: 'Gemfile:3 at 11111111' }];
	const app = allowed(freezeMember(gem, 'turf', { ...appFreeze(sha(1)), uses }));
	const judged = allowed(addVerdict(app, 'turf', verdict()));
	return allowed(
		setEvidence(judged, 'turf', { kind: 'deploy', evidence: { sha: sha(3), list: [1, null, { a: true }] } }),
	);
}

/** The text with one value replaced, found by the path of its keys. */
function withValue(record: ReleaseRecord, path: readonly string[], value: unknown): string {
	const copy: unknown = JSON.parse(formatRecord(record));
	let place = copy as Record<string, unknown>;
	for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>;
	place[path.at(-1) ?? ''] = value;
	return JSON.stringify(copy);
}

suite('record document', (test) => {
	test('what is written is read back equal', () => {
		const record = fullRecord();
		assert.equal(allowed(parseRecord(formatRecord(record), 'record.json')), record);
	});

	test('bad-record: every field is checked, and the message names it', () => {
		const cases: readonly (readonly [readonly string[], unknown])[] = [
			[['schema'], 'slipway.record/2'],
			[['revision'], -1],
			[['revision'], '3'],
			[['slug'], '../../etc/x'],
			[['state'], 'live'],
			[['createdAt'], 'yesterday'],
			[['by'], ''],
			[['members'], []],
			[['members', 'turf', 'type'], 'lib'],
			[['members', 'turf', 'frozen'], ''],
			[['members', 'turf', 'frozen'], 'abc1234'],
			[['members', 'turf', 'mainAtFreeze'], null],
			[['members', 'turf', 'ship'], 'HEAD'],
			[['members', 'turf', 'verdicts', '0', 'ok'], 1],
			[['members', 'turf', 'verdicts', '0', 'cmd'], []],
			[['members', 'turf', 'uses'], null],
			[['members', 'turf', 'evidence', 'deploy'], 'yes'],
			[['members', 'studio-engine', 'gem', 'sha256'], 'short'],
			[['extra'], 1],
		];
		for (const [path, value] of cases) {
			const result = parseRecord(withValue(fullRecord(), path, value), 'record.json');
			assert.is(refusal(result), 'bad-record', path.join('.'));
			const key = path.filter((part) => !/^\d+$/.test(part)).at(-1) ?? '';
			assert.ok(!result.ok && result.diagnostics[0]?.seen?.includes(key), path.join('.'));
		}
	});

	test('bad-record: states that contradict their fields', () => {
		const at = '2026-03-14T09:26:53.589Z';
		assert.is(refusal(parseRecord(withValue(fullRecord(), ['state'], 'shipped'), 'r')), 'bad-record');
		assert.is(refusal(parseRecord(withValue(fullRecord(), ['shippedAt'], at), 'r')), 'bad-record');
		assert.is(refusal(parseRecord(withValue(fullRecord(), ['notesPostedAt'], at), 'r')), 'bad-record');
		assert.is(
			refusal(parseRecord(withValue(fullRecord(), ['members', 'studio-engine', 'ship'], sha(7)), 'r')),
			'bad-record',
		);
		assert.is(
			refusal(parseRecord(withValue({ ...sampleRecord(), state: 'assembled' }, ['revision'], 1), 'r')),
			'bad-record',
		);
	});

	test('bad-record: a text cut anywhere is damage, never an empty or smaller record', () => {
		const whole = formatRecord(fullRecord()).trimEnd();
		for (let length = 0; length < whole.length; length += 1) {
			assert.is(refusal(parseRecord(whole.slice(0, length), 'record.json')), 'bad-record', `cut at ${length}`);
		}
	});

	test('any text is either a record that is written back equal, or bad-record', () => {
		const values = fc.oneof(
			fc.string(),
			fc.json(),
			fc.constantFrom('null', '{}', '[]', '0', '\u0000\u0000', '\ufeff{}'),
		);
		fc.assert(fc.property(values, (text) => assert.is(refusal(parseRecord(text, 'record.json')), 'bad-record')));
	});

	test('any JSON in place of any field never crashes', () => {
		const record = fullRecord();
		const paths = [
			...Object.keys(record).map((key) => [key]),
			['members', 'turf'],
			['members', 'turf', 'verdicts'],
			['members', 'turf', 'gem'],
		];
		fc.assert(
			fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
				const result = parseRecord(withValue(record, path, value), 'record.json');
				if (result.ok) assert.equal(allowed(parseRecord(formatRecord(result.record), 'again')), result.record);
				else assert.is(refusal(result), 'bad-record');
			}),
		);
	});
});
