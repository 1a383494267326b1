import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { Sha } from '../../src/core/brand.ts';
import { checkRecord } from '../../src/record/document.ts';
import { isReleaseSlug, releaseSlug } from '../../src/record/slug.ts';
import {
	abandon,
	addVerdict,
	assemble,
	freezeMember,
	markShipped,
	memberOf,
	postNotes,
	removeMember,
	reopen,
	setEvidence,
	setShip,
} from '../../src/record/transitions.ts';
import type { RecordResult, RecordState, ReleaseRecord } from '../../src/record/types.ts';
import { suite } from '../support/suite.ts';
import {
	AT,
	allowed,
	appFreeze,
	BUILT,
	gemFreeze,
	LATER,
	refusal,
	repoNames,
	sampleRecord,
	sha,
	shas,
	verdict,
} from './sample.ts';

/** Assembling, with the app `turf` frozen at 1111… and the gem `studio-engine` at 2222…. */
function assembling(): ReleaseRecord {
	const withApp = allowed(freezeMember(sampleRecord(), 'turf', appFreeze(sha(1))));
	return allowed(freezeMember(withApp, 'studio-engine', gemFreeze(sha(2))));
}

function assembled(): ReleaseRecord {
	return allowed(assemble(assembling()));
}

function shipped(): ReleaseRecord {
	return allowed(markShipped(allowed(setShip(assembled(), 'turf', sha(3))), { at: LATER, by: 'ada@harbor' }));
}

suite('release slug', (test) => {
	test('it is the UTC day and six hex digits', () => {
		const slug = releaseSlug(new Date('2026-01-02T23:59:59.000-05:00'), Uint8Array.of(0, 255, 16, 9));
		assert.is(slug, 'rel-20260103-00ff10');
		assert.ok(isReleaseSlug(slug));
	});
	test('nothing that could leave a folder is a slug', () => {
		for (const text of [
			'',
			'rel-20260103-00ff1',
			'../rel-20260103-00ff10',
			'rel-20260103-00ff10\n',
			'rel-20260103-00FF10',
		]) {
			assert.not.ok(isReleaseSlug(text), text);
		}
	});
});

suite('record: freezing', (test) => {
	test('a member frozen at another SHA loses verdicts and evidence of the old one', () => {
		const judged = allowed(addVerdict(assembling(), 'turf', verdict()));
		const seen = allowed(setEvidence(judged, 'turf', { kind: 'qa-deploy', evidence: { url: 'https://turf.test' } }));
		const again = memberOf(allowed(freezeMember(seen, 'turf', appFreeze(sha(4)))), 'turf');
		assert.equal([again?.frozen, again?.verdicts, again?.evidence, again?.ship], [sha(4), [], {}, null]);
	});
	test('a member frozen again at the same SHA keeps its verdicts and its built gem', () => {
		const judged = allowed(addVerdict(assembling(), 'turf', verdict()));
		const again = allowed(freezeMember(judged, 'turf', { ...appFreeze(sha(1)), frozenAt: LATER }));
		assert.equal(memberOf(again, 'turf')?.verdicts, [verdict()]);
		const gem = allowed(freezeMember(again, 'studio-engine', gemFreeze(sha(2), null)));
		assert.equal(memberOf(gem, 'studio-engine')?.gem, BUILT);
	});
	test('an assembled record is frozen anew only after an explicit reopen', () => {
		assert.is(refusal(freezeMember(assembled(), 'turf', appFreeze(sha(4)))), 'record-state');
		const reopened = allowed(reopen(assembled()));
		assert.is(reopened.state, 'assembling');
		assert.is(memberOf(allowed(freezeMember(reopened, 'turf', appFreeze(sha(4)))), 'turf')?.frozen, sha(4));
	});
	test('a blank or short SHA is refused', () => {
		for (const blank of ['', 'abc1234', null]) {
			assert.is(refusal(freezeMember(assembling(), 'turf', appFreeze(blank as Sha))), 'bad-record');
		}
	});
	test('a removed member is gone, and only a member can be removed', () => {
		assert.equal(Object.keys(allowed(removeMember(assembling(), 'turf')).members), ['studio-engine']);
		assert.is(refusal(removeMember(assembling(), 'constructor')), 'record-state');
	});
});

suite('record: verdicts and evidence', (test) => {
	test('a QA verdict about a SHA that is no longer the frozen one is refused', () => {
		assert.is(refusal(addVerdict(assembling(), 'turf', verdict({ sha: sha(9) }))), 'record-state');
	});
	test('the newer verdict on the same question replaces the older', () => {
		const red = allowed(addVerdict(assembling(), 'turf', verdict({ ok: false })));
		const green = allowed(addVerdict(red, 'turf', verdict({ at: LATER })));
		assert.equal(memberOf(green, 'turf')?.verdicts, [verdict({ at: LATER })]);
	});
	test('a blank never overwrites a SHA of earlier evidence', () => {
		const known = allowed(setEvidence(assembled(), 'turf', { kind: 'deploy', evidence: { sha: sha(3), url: 'a' } }));
		for (const blank of [{ sha: null }, { sha: '' }, {}]) {
			const next = allowed(setEvidence(known, 'turf', { kind: 'deploy', evidence: { ...blank, url: 'b' } }));
			assert.equal(memberOf(next, 'turf')?.evidence, { deploy: { sha: sha(3), url: 'b' } });
		}
	});
	test('a blank never overwrites a ship SHA', () => {
		const known = allowed(setShip(assembled(), 'turf', sha(3)));
		for (const blank of ['', null, undefined]) assert.is(refusal(setShip(known, 'turf', blank as Sha)), 'bad-record');
		assert.is(memberOf(known, 'turf')?.ship, sha(3));
	});
	test('nothing is written of a repository that is no member', () => {
		assert.is(refusal(setShip(assembled(), '__proto__', sha(3))), 'record-state');
		assert.is(refusal(addVerdict(assembled(), 'toString', verdict())), 'record-state');
	});
});

suite('record: states', (test) => {
	test('an empty record, an unbuilt gem and a red QA gate are not assembled', () => {
		assert.is(refusal(assemble(sampleRecord())), 'record-state');
		const unbuilt = allowed(freezeMember(sampleRecord(), 'studio-engine', gemFreeze(sha(2), null)));
		assert.is(refusal(assemble(unbuilt)), 'record-state');
		const red = allowed(addVerdict(assembling(), 'turf', verdict({ ok: false })));
		assert.is(refusal(assemble(red)), 'record-state');
		const otherCommand = allowed(addVerdict(red, 'turf', verdict({ cmd: ['bin/check'], at: LATER })));
		assert.is(allowed(assemble(otherCommand)).state, 'assembled');
	});
	test('an app without a ship SHA does not ship, and a gem ships its frozen SHA', () => {
		assert.is(refusal(markShipped(assembled(), { at: LATER, by: 'ada@harbor' })), 'record-state');
		const record = shipped();
		assert.equal([record.state, record.shippedAt, record.shippedBy], ['shipped', LATER, 'ada@harbor']);
		assert.equal([memberOf(record, 'turf')?.ship, memberOf(record, 'studio-engine')?.ship], [sha(3), sha(2)]);
	});
	test('notes are posted once, and only of a shipped record', () => {
		assert.is(refusal(postNotes(assembled(), AT)), 'record-state');
		const posted = allowed(postNotes(shipped(), LATER));
		assert.is(posted.notesPostedAt, LATER);
		assert.is(allowed(postNotes(posted, AT)), posted);
	});
	test('a shipped or abandoned record never goes back', () => {
		for (const over of [shipped(), allowed(abandon(assembled()))]) {
			const moves = [
				freezeMember(over, 'turf', appFreeze(sha(4))),
				removeMember(over, 'turf'),
				addVerdict(over, 'turf', verdict()),
				setShip(over, 'turf', sha(4)),
				setEvidence(over, 'turf', { kind: 'deploy', evidence: {} }),
				assemble(over),
				reopen(over),
				markShipped(over, { at: LATER, by: 'x' }),
				abandon(over),
			];
			assert.equal(
				moves.map(refusal),
				moves.map(() => 'record-state'),
			);
		}
	});
});

type Move = (record: ReleaseRecord) => RecordResult;
const moves: fc.Arbitrary<Move> = fc.oneof(
	fc.tuple(repoNames, shas, fc.boolean()).map(([repo, at, gem]): Move => {
		const freeze = gem ? gemFreeze(at) : appFreeze(at);
		return (record) => freezeMember(record, repo, freeze);
	}),
	repoNames.map(
		(repo): Move =>
			(record) =>
				removeMember(record, repo),
	),
	fc.tuple(repoNames, shas, fc.boolean()).map(
		([repo, at, ok]): Move =>
			(record) =>
				addVerdict(record, repo, verdict({ sha: at, ok })),
	),
	fc.tuple(repoNames, shas).map(
		([repo, at]): Move =>
			(record) =>
				setShip(record, repo, at),
	),
	fc.tuple(repoNames, fc.option(shas)).map(
		([repo, at]): Move =>
			(record) =>
				setEvidence(record, repo, { kind: 'deploy', evidence: { sha: at } }),
	),
	fc.constantFrom<Move>(
		assemble,
		reopen,
		(record) => markShipped(record, { at: LATER, by: 'x' }),
		(record) => postNotes(record, LATER),
	),
	fc.constant<Move>(abandon),
);
const NEXT: Readonly<Record<RecordState, readonly RecordState[]>> = {
	assembling: ['assembling', 'assembled', 'abandoned'],
	assembled: ['assembled', 'assembling', 'shipped', 'abandoned'],
	shipped: ['shipped'],
	abandoned: ['abandoned'],
};

function assertFollows(before: ReleaseRecord, after: ReleaseRecord): void {
	assert.ok(checkRecord(after, 'test').ok);
	assert.ok(NEXT[before.state].includes(after.state));
	for (const [repo, { type, frozen, ship }] of Object.entries(after.members)) {
		const was = memberOf(before, repo);
		if (was?.ship && was.frozen === frozen && was.type === type) assert.ok(ship);
	}
}

suite('record: properties', (test) => {
	test('any sequence of moves gives valid records, keeps to the states and loses no ship SHA to a blank', () => {
		fc.assert(
			fc.property(fc.array(moves, { maxLength: 30 }), (sequence) => {
				let record = sampleRecord();
				for (const move of sequence) {
					const before = JSON.stringify(record);
					const result = move(record);
					assert.is(JSON.stringify(record), before);
					if (!result.ok) continue;
					assertFollows(record, result.record);
					record = result.record;
				}
			}),
		);
	});
});
