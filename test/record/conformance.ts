import * as assert from 'uvu/assert';
import { Refusal } from '../../src/core/diagnostic.ts';
import { orRefuse, type RecordStore, updateRecord } from '../../src/record/store.ts';
import {
	abandon,
	assemble,
	freezeMember,
	markShipped,
	memberOf,
	postNotes,
	setEvidence,
	setShip,
} from '../../src/record/transitions.ts';
import type { ReleaseRecord } from '../../src/record/types.ts';
import { suite } from '../support/suite.ts';
import { AT, appFreeze, LATER, sampleRecord, sha } from './sample.ts';

/** One place to keep records: every `open` gives another process's view of it. */
export interface StorePlace {
	open(): RecordStore;
	/** Replaces the latest record by a text that is none. */
	damage(): Promise<void>;
	remove(): Promise<void>;
}

const SECOND_SLUG = 'rel-20260401-0d0e0f';

/** What every RecordStore must do, whatever it is made of. */
export function recordStoreConformance(name: string, makePlace: () => Promise<StorePlace>): void {
	const at = (body: (place: StorePlace) => Promise<void>) => async () => {
		const place = await makePlace();
		try {
			await body(place);
		} finally {
			await place.remove();
		}
	};
	suite(`${name}: one record`, (test) => {
		test('an empty place has no record and no history', at(emptyPlace));
		test('what was saved is loaded by another, with the next revision', at(savedAndLoaded));
		test('record-raced: the slower of two writers overwrites nothing', at(slowerWriter));
		test('record-raced: a second release does not start beside an active one', at(secondRelease));
		test('bad-record: what no record may hold is not written', at(nothingBad));
		test('bad-record: a damaged record is neither read as empty nor overwritten', at(damaged));
		test('a blank never overwrites a ship SHA', at(noBlankShip));
	});
	suite(`${name}: after the end`, (test) => {
		test('a shipped record takes nothing but the note that its notes went out', at(shippedStays));
		test('a shipped record stays the latest until the next release starts, and is history then', at(history));
		test('an abandoned record stays as it is, and the next release may start', at(abandonedStays));
		test('record-raced: a writer that still holds the last release does not reach the next one', at(oldWriter));
	});
	suite(`${name}: concurrency`, (test) => {
		test('twenty writers at once lose no fact', at(twentyWriters));
		test('of ten that start a release at once one does', at(tenStarts));
	});
}

async function emptyPlace(place: StorePlace): Promise<void> {
	assert.is(await place.open().load(), null);
	assert.equal(await place.open().history(), []);
	assert.is(await codeOf(updateRecord(place.open(), assemble)), 'record-state');
}

async function savedAndLoaded(place: StorePlace): Promise<void> {
	const first = await place.open().save(withTurf(), null);
	assert.is(first.revision, 1);
	assert.equal(await place.open().load(), first);
	const second = await place.open().save(orRefuse(assemble(first)), 1);
	assert.equal([second.revision, second.state], [2, 'assembled']);
	assert.equal(await place.open().load(), second);
}

async function slowerWriter(place: StorePlace): Promise<void> {
	const read = await place.open().save(withTurf(), null);
	const faster = await place.open().save(evidence(read, 'smoke', sha(5)), read.revision);
	assert.is(await codeOf(place.open().save(evidence(read, 'deploy', sha(6)), read.revision)), 'record-raced');
	assert.equal(await place.open().load(), faster);
}

async function secondRelease(place: StorePlace): Promise<void> {
	const first = await place.open().save(withTurf(), null);
	assert.is(await codeOf(place.open().save(withTurf(SECOND_SLUG), null)), 'record-raced');
	assert.is(await codeOf(place.open().save(withTurf(SECOND_SLUG), first.revision)), 'record-raced');
	assert.equal(await place.open().load(), first);
}

async function nothingBad(place: StorePlace): Promise<void> {
	const bad = { ...withTurf(), state: 'shipped' } as const;
	assert.is(await codeOf(place.open().save(bad, null)), 'bad-record');
	assert.is(await place.open().load(), null);
}

async function damaged(place: StorePlace): Promise<void> {
	await place.open().save(withTurf(), null);
	await place.damage();
	assert.is(await codeOf(place.open().load()), 'bad-record');
	assert.is(await codeOf(place.open().history()), 'bad-record');
	assert.is(await codeOf(place.open().save(withTurf(SECOND_SLUG), null)), 'bad-record');
}

async function noBlankShip(place: StorePlace): Promise<void> {
	await place.open().save(withTurf(), null);
	await updateRecord(place.open(), assemble);
	const known = await updateRecord(place.open(), (record) => setShip(record, 'turf', sha(3)));
	const blanked = { ...known, members: { turf: { ...turfOf(known), ship: null } } };
	assert.is(await codeOf(place.open().save(blanked, known.revision)), 'record-state');
	assert.is(turfOf(await latest(place)).ship, sha(3));
}

async function shippedStays(place: StorePlace): Promise<void> {
	const shipped = await ship(place);
	const back = { ...shipped, state: 'assembled', shippedAt: null, shippedBy: null } as const;
	assert.is(await codeOf(place.open().save(back, shipped.revision)), 'record-state');
	const edited = { ...shipped, members: { turf: { ...turfOf(shipped), ship: sha(9) } } };
	assert.is(await codeOf(place.open().save(edited, shipped.revision)), 'record-state');
	const posted = await updateRecord(place.open(), (record) => postNotes(record, LATER));
	assert.equal([posted.state, posted.notesPostedAt, posted.revision], ['shipped', LATER, shipped.revision + 1]);
	assert.is(await codeOf(place.open().save({ ...posted, notesPostedAt: null }, posted.revision)), 'record-state');
	assert.equal(await place.open().load(), posted);
}

async function history(place: StorePlace): Promise<void> {
	const shipped = await ship(place);
	assert.equal(await place.open().load(), shipped);
	const next = await place.open().save({ ...withTurf(SECOND_SLUG), createdAt: LATER }, null);
	assert.equal(await place.open().load(), next);
	assert.equal(await place.open().history(), [next, shipped]);
}

async function abandonedStays(place: StorePlace): Promise<void> {
	await place.open().save(withTurf(), null);
	const given = await updateRecord(place.open(), abandon);
	assert.is(await codeOf(place.open().save({ ...given, state: 'assembling' }, given.revision)), 'record-state');
	assert.is((await place.open().save(withTurf(SECOND_SLUG), null)).state, 'assembling');
}

async function oldWriter(place: StorePlace): Promise<void> {
	const first = await place.open().save(withTurf(), null);
	await updateRecord(place.open(), abandon);
	const next = await place.open().save(withTurf(SECOND_SLUG), null);
	assert.is(next.revision, first.revision);
	assert.is(await codeOf(place.open().save(evidence(first, 'deploy', sha(6)), first.revision)), 'record-raced');
	assert.equal(await place.open().load(), next);
}

async function twentyWriters(place: StorePlace): Promise<void> {
	await place.open().save(withTurf(), null);
	const kinds = Array.from({ length: 20 }, (_, index) => `kind-${index}`);
	const writes = kinds.map((kind) =>
		updateRecord(place.open(), (record) => setEvidence(record, 'turf', { kind, evidence: { kind } })),
	);
	await Promise.all(writes);
	const record = await latest(place);
	assert.equal(Object.keys(turfOf(record).evidence).sort(), [...kinds].sort());
	assert.is(record.revision, 21);
}

async function tenStarts(place: StorePlace): Promise<void> {
	const starts = Array.from({ length: 10 }, (_, index) =>
		place.open().save(withTurf(`rel-20260501-00000${index}`), null),
	);
	const settled = await Promise.allSettled(starts);
	const started = settled.filter((result) => result.status === 'fulfilled');
	assert.is(started.length, 1);
	assert.equal(await place.open().load(), started[0]?.value);
	assert.is((await place.open().history()).length, 1);
}

async function ship(place: StorePlace): Promise<ReleaseRecord> {
	await place.open().save(withTurf(), null);
	await updateRecord(place.open(), assemble);
	await updateRecord(place.open(), (record) => setShip(record, 'turf', sha(3)));
	return updateRecord(place.open(), (record) => markShipped(record, { at: LATER, by: 'ada@harbor' }));
}

function withTurf(slug?: string): ReleaseRecord {
	return orRefuse(freezeMember({ ...sampleRecord(slug), createdAt: AT }, 'turf', appFreeze(sha(1))));
}

function evidence(record: ReleaseRecord, kind: string, seen: string): ReleaseRecord {
	return orRefuse(setEvidence(record, 'turf', { kind, evidence: { sha: seen } }));
}

async function latest(place: StorePlace): Promise<ReleaseRecord> {
	const record = await place.open().load();
	if (record === null) throw new Error('the record is gone');
	return record;
}

function turfOf(record: ReleaseRecord) {
	const member = memberOf(record, 'turf');
	if (member === null) throw new Error('turf is gone');
	return member;
}

/** The code that a promise was refused with; fails when it was not refused. */
async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof Refusal) return error.diagnostics[0]?.code;
		throw error;
	}
	throw new Error('it was not refused');
}
