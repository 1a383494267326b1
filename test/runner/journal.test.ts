import { readFile, stat } from 'node:fs/promises';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { taskId } from '../../src/core/brand.ts';
import { Refusal, Unreadable } from '../../src/core/diagnostic.ts';
import { openJournal, readJournal } from '../../src/runner/journal.ts';
import { type JournalEntry, openIntents, parseJournal } from '../../src/runner/journal-entries.ts';
import { inFolder } from '../io/folder.ts';
import { suite } from '../support/suite.ts';

const AT = '2026-03-14T09:26:53.589Z';
const RUN = 'run-1';
const publish = taskId('publish', 'studio-engine');
const deploy = taskId('deploy', 'turf');
const options = (state: string) => ({ state, run: RUN, redact: (text: string) => text, now: () => new Date(AT) });

const entries = fc
	.array(
		fc.record({
			type: fc.constantFrom<JournalEntry['type']>('run', 'intent', 'outcome', 'note', 'end'),
			task: fc.constantFrom(publish, deploy),
			data: fc.dictionary(fc.string(), fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant(null)), {
				noNullPrototype: true,
			}),
		}),
		{ maxLength: 8 },
	)
	.map((notes) => notes.map((note, index): JournalEntry => ({ at: AT, seq: index + 1, ...note })));

function written(list: readonly JournalEntry[]): Buffer {
	return Buffer.from(list.map((entry) => `${JSON.stringify(entry)}\n`).join(''), 'utf8');
}

suite('journal: reading', (test) => {
	test('a kill at any byte leaves a prefix of the entries, and the rest is counted as torn', () => {
		fc.assert(
			fc.property(entries, fc.nat(), (list, cut) => {
				const bytes = written(list);
				const prefix = bytes.subarray(0, bytes.length === 0 ? 0 : cut % (bytes.length + 1));
				const read = parseJournal(prefix);
				if ('problem' in read) throw new Error(read.problem);
				assert.equal(read.entries, list.slice(0, read.entries.length));
				assert.is(read.tornBytes, prefix.length - written(read.entries).length);
				assert.ok(read.tornBytes === 0 || read.entries.length < list.length);
			}),
		);
	});
	test('bad-record: garbage before the last line is damage, and the line is named', () => {
		const [a, b] = [
			{ at: AT, seq: 1, type: 'run', data: {} },
			{ at: AT, seq: 3, type: 'end', data: {} },
		].map((e) => JSON.stringify(e));
		assert.equal(parseJournal(Buffer.from(`${a}\n{"at":\n${b}\n`)), {
			problem: 'line 2: entry is not JSON: Unexpected end of JSON input',
		});
		assert.equal(parseJournal(Buffer.from(`${a}\n${b}\n`)), { problem: 'line 2: it is number 3' });
		assert.equal(parseJournal(Buffer.from(`${a}\n\n`)), {
			problem: 'line 2: entry is not JSON: Unexpected end of JSON input',
		});
	});
	test('any bytes are read or named as damage, never a crash', () => {
		fc.assert(
			fc.property(fc.uint8Array(), (bytes) => {
				const read = parseJournal(bytes);
				assert.ok('problem' in read || read.entries.length === 0);
			}),
		);
	});
	test('an intent is open until its own outcome', () => {
		const list: JournalEntry[] = [
			{ at: AT, seq: 1, type: 'intent', task: publish, data: {} },
			{ at: AT, seq: 2, type: 'intent', task: deploy, data: {} },
			{ at: AT, seq: 3, type: 'outcome', task: publish, data: { ok: true } },
			{ at: AT, seq: 4, type: 'note', task: deploy, data: {} },
		];
		assert.equal(openIntents(list), [list[1]]);
		assert.equal(openIntents([...list, { at: AT, seq: 5, type: 'outcome', task: deploy, data: {} }]), []);
		const again: JournalEntry = { at: AT, seq: 5, type: 'intent', task: publish, data: {} };
		assert.equal(openIntents([...list, again]), [list[1], again]);
	});
});

suite('journal: writing', (test) => {
	test(
		'what was appended is on the disk in the order of the calls when it resolves',
		inFolder(async (state) => {
			const journal = await openJournal(options(state));
			await journal.append({ type: 'run', data: { name: 'ship' } });
			await journal.append({ type: 'intent', task: publish });
			assert.equal(await readJournal(state, RUN), {
				entries: [
					{ at: AT, seq: 1, type: 'run', data: { name: 'ship' } },
					{ at: AT, seq: 2, type: 'intent', task: publish, data: {} },
				],
				tornBytes: 0,
			});
			await journal.close();
			assert.is((await stat(journal.path)).mode & 0o777, 0o600);
		}),
	);
	test(
		'each of a hundred concurrent appends is on the disk when its own promise resolves',
		inFolder(async (state) => {
			const journal = await openJournal(options(state));
			const appends = Array.from({ length: 100 }, async (_, index) => {
				await journal.append({ type: 'note', data: { index } });
				const read = await readJournal(state, RUN);
				assert.equal(read.entries[index]?.data, { index });
			});
			await Promise.all(appends);
			await journal.close();
		}),
	);
	test(
		'secrets are hidden in every text, however deep',
		inFolder(async (state) => {
			const redact = (text: string) => text.replaceAll('hunter2', '[redacted]');
			const journal = await openJournal({ ...options(state), redact });
			await journal.append({
				type: 'note',
				data: { line: 'key hunter2', deep: [{ words: ['hunter2'] }], n: 1, none: null },
			});
			await journal.close();
			assert.not.match(await readFile(journal.path, 'utf8'), 'hunter2');
			const read = await readJournal(state, RUN);
			const hidden = { line: 'key [redacted]', deep: [{ words: ['[redacted]'] }], n: 1, none: null };
			assert.equal(read.entries[0]?.data, hidden);
		}),
	);
	test(
		'state-write: the journal of an earlier run is never continued',
		inFolder(async (state) => {
			await (await openJournal(options(state))).close();
			const second = await openJournal(options(state)).catch((error: unknown) => error);
			assert.is(second instanceof Refusal && second.diagnostics[0]?.code, 'state-write');
		}),
	);
	test(
		'state-write: after a failed write every later append fails too',
		inFolder(async (state) => {
			const journal = await openJournal(options(state));
			await journal.append({ type: 'run' });
			await journal.close();
			for (const type of ['intent', 'note'] as const) {
				const failed = await journal.append({ type }).catch((error: unknown) => error);
				assert.is(failed instanceof Refusal && failed.diagnostics[0]?.code, 'state-write');
			}
			assert.is((await readJournal(state, RUN)).entries.length, 1);
		}),
	);
	test(
		'a journal that is not there is Unreadable, not empty',
		inFolder(async (state) => {
			assert.instance(await readJournal(state, RUN).catch((error: unknown) => error), Unreadable);
		}),
	);
});
