import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type Journal, journalPath, openJournal } from '../../src/runner/journal.ts';
import { findPlanUse } from '../../src/runner/plan-use.ts';
import { suite } from '../support/suite.ts';

const PLAN = 'a'.repeat(64);
const AT = '2026-03-14T09:26:53.589Z';

async function inState(body: (state: string) => Promise<void>): Promise<void> {
	const state = mkdtempSync(join(tmpdir(), 'slipway-state-'));
	try {
		await body(state);
	} finally {
		rmSync(state, { recursive: true, force: true });
	}
}

async function journal(state: string, run: string, write: (journal: Journal) => Promise<void>): Promise<string> {
	const opened = await openJournal({ state, run, redact: (text) => text, now: () => new Date(AT) });
	await write(opened);
	await opened.close();
	return opened.path;
}

const begin = (plan?: string) => (opened: Journal) =>
	opened.append({ type: 'run', data: { name: 'rel-1', command: 'ship', ...(plan ? { plan } : {}) } });

suite('findPlanUse', (test) => {
	test('a plan that no run has begun is unused', () =>
		inState(async (state) => {
			assert.is(await findPlanUse(state, PLAN), null);
			await journal(state, '1', begin());
			await journal(state, '2', begin('b'.repeat(64)));
			assert.is(await findPlanUse(state, PLAN), null);
		}));

	for (const outcome of ['done', 'failed', 'cancelled']) {
		test(`names the run that began it, and how it ended: ${outcome}`, () =>
			inState(async (state) => {
				await journal(state, '1', begin());
				await journal(state, '2', async (opened) => {
					await begin(PLAN)(opened);
					await opened.append({ type: 'end', data: { outcome } });
				});
				assert.equal(await findPlanUse(state, PLAN), { run: '2', at: AT, outcome });
			}));
	}

	test('a run that was killed after its first entry has begun it', () =>
		inState(async (state) => {
			await journal(state, '1', begin(PLAN));
			appendFileSync(journalPath(state, '1'), '{"at":"2026-03-14T09');
			assert.equal(await findPlanUse(state, PLAN), { run: '1', at: AT, outcome: null });
		}));

	test('a run that was killed while it wrote that entry has begun nothing', () =>
		inState(async (state) => {
			const path = await journal(state, '1', begin(PLAN));
			writeFileSync(path, readFileSync(path, 'utf8').trimEnd());
			assert.is(await findPlanUse(state, PLAN), null);
		}));

	test('a plan that is only spoken of was not begun', () =>
		inState(async (state) => {
			await journal(state, '1', async (opened) => {
				await begin()(opened);
				await opened.append({ type: 'note', data: { reasons: [`not ${PLAN}`] } });
			});
			assert.is(await findPlanUse(state, PLAN), null);
		}));

	test('a damaged journal of another run is no obstacle; one that names the plan is', () =>
		inState(async (state) => {
			const other = await journal(state, '1', begin());
			writeFileSync(other, 'garbage\n');
			assert.is(await findPlanUse(state, PLAN), null);
			const own = await journal(state, '2', begin(PLAN));
			writeFileSync(own, `garbage ${PLAN}\n`);
			const refused = await findPlanUse(state, PLAN).then(String, (error: unknown) => String(error));
			assert.match(refused, 'bad-record');
		}));
});
