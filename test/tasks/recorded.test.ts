import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { Argv } from '../../src/core/argv.ts';
import type { ReleaseRecord } from '../../src/record/types.ts';
import { decideAfter } from '../../src/tasks/after/decide.ts';
import { decideAssemble } from '../../src/tasks/assemble/kind.ts';
import { barrier } from '../../src/tasks/barrier/kind.ts';
import { decideGate } from '../../src/tasks/gate/decide.ts';
import { decideNotes } from '../../src/tasks/notes/kind.ts';
import { decideFlip } from '../../src/tasks/record/kind.ts';
import { AT, verdict as said, sampleRecord } from '../record/sample.ts';
import { suite } from '../support/suite.ts';
import { changeOf, FROZEN, OTHER, SHIP, verdict } from './decisions.ts';

const COMMAND: Argv = ['bin/test', '--fast'];

suite('gate', (test) => {
	const spec = { frozen: FROZEN, command: COMMAND, purpose: 'ship' } as const;
	const green = said({ sha: SHIP, cmd: COMMAND });
	test('a green verdict for this very commit and command is done, whoever asked for it', () => {
		assert.is(verdict(decideGate(spec, { sha: SHIP, verdicts: [green] })), 'done');
		assert.is(verdict(decideGate({ ...spec, purpose: 'qa' }, { sha: SHIP, verdicts: [green] })), 'done');
	});
	for (const [what, other] of [
		['another commit', { ...green, sha: OTHER }],
		['a red verdict', { ...green, ok: false }],
		['fewer arguments', { ...green, cmd: ['bin/test'] }],
		['more arguments', { ...green, cmd: [...COMMAND, '-v'] }],
		['other words that read the same', { ...green, cmd: ['bin/test --fast'] }],
	] as const) {
		test(`${what} does not count`, () => {
			const change = changeOf(decideGate(spec, { sha: SHIP, verdicts: [other as typeof green] }));
			assert.equal([change.command, change.sha, change.purpose], [COMMAND, SHIP, 'ship']);
		});
	}
	test('a red verdict does not undo a green one, nor a green one of another command a red one', () => {
		const red = { ...green, ok: false };
		assert.is(verdict(decideGate(spec, { sha: SHIP, verdicts: [red, green] })), 'done');
		assert.is(verdict(decideGate(spec, { sha: SHIP, verdicts: [red, { ...green, cmd: ['true'] }] })), 'todo');
	});
	test('no command: nothing gates this app, and the key is named', () => {
		const decision = decideGate({ ...spec, command: null }, { sha: SHIP, verdicts: [] });
		assert.equal(decision.type === 'done' && decision.reasons, ['no test_cmd: nothing gates this app']);
	});
	test('before the re-pin its commit is not known: it waits', () => {
		assert.is(verdict(decideGate(spec, { sha: null, verdicts: [green] })), 'waits');
	});
	test('never done without a green verdict of the commit', () => {
		const verdicts = fc.array(
			fc.record({
				purpose: fc.constantFrom('qa' as const, 'ship' as const),
				sha: fc.constantFrom(SHIP, OTHER),
				cmd: fc.constantFrom<Argv>(COMMAND, ['bin/test'], ['true']),
				ok: fc.boolean(),
				at: fc.constant(AT),
			}),
		);
		fc.assert(
			fc.property(verdicts, (all) => {
				const decision = decideGate(spec, { sha: SHIP, verdicts: all });
				const counts = all.some(({ sha, ok, cmd }) => ok && sha === SHIP && cmd === COMMAND);
				assert.is(decision.type, counts ? 'done' : 'todo');
			}),
		);
	});
});

suite('after', (test) => {
	const spec = { frozen: FROZEN, command: COMMAND };
	test('it runs once for each ship SHA', () => {
		assert.is(verdict(decideAfter(spec, { ship: SHIP, ranFor: SHIP })), 'done');
		const change = changeOf(decideAfter(spec, { ship: SHIP, ranFor: OTHER }));
		assert.equal([change.command, change.sha], [COMMAND, SHIP]);
		assert.is(verdict(decideAfter(spec, { ship: SHIP, ranFor: null })), 'todo');
	});
	test('while the ship SHA is not known it waits, even if it never ran', () => {
		assert.is(verdict(decideAfter(spec, { ship: null, ranFor: null })), 'waits');
	});
});

suite('record', (test) => {
	const record = sampleRecord();
	const at = (state: ReleaseRecord['state'], slug = record.slug): ReleaseRecord => ({
		...record,
		slug,
		state,
		shippedAt: AT,
	});
	const spec = { slug: record.slug };
	test('a shipped record is done, any other is to flip', () => {
		assert.is(verdict(decideFlip(spec, at('shipped'))), 'done');
		assert.equal(
			[changeOf(decideFlip(spec, at('assembled'))).slug, changeOf(decideFlip(spec, at('assembled'))).to],
			[record.slug, 'shipped'],
		);
	});
	test('another record became active meanwhile: it is never flipped for this train', () => {
		for (const state of ['assembled', 'shipped'] as const) {
			assert.is(verdict(decideFlip(spec, at(state, 'rel-20260101-ffffff'))), 'blocked record-state');
		}
	});
	test('assemble: an assembled record is done, an assembling one is to flip', () => {
		const assembling = { ...spec, members: [] };
		assert.is(verdict(decideAssemble(assembling, at('assembled'))), 'done');
		assert.is(changeOf(decideAssemble(assembling, at('assembling'))).to, 'assembled');
	});
});

suite('notes', (test) => {
	const spec = { slug: 'rel-20260314-a1b2c3', webhooks: [] };
	test('with no webhook there is nothing to post', () => {
		assert.is(verdict(decideNotes(spec, { postedAt: null, notes: null })), 'done');
	});
	test('they are posted once', () => {
		const hook = { type: 'slack', url: null, urlEnv: 'HOOK' } as const;
		const notes = { train: spec.slug, repos: [] };
		const to = (...webhooks: (typeof hook)[]) =>
			changeOf(decideNotes({ ...spec, webhooks }, { postedAt: null, notes }));
		assert.is(verdict(decideNotes({ ...spec, webhooks: [hook] }, { postedAt: AT, notes: null })), 'done');
		assert.is(to(hook, hook).summary, 'post release notes to 2 webhooks');
		assert.is(to(hook).summary, 'post release notes to 1 webhook');
		assert.is(to(hook).text, `Release ${spec.slug}`);
	});
});

suite('barrier', (test) => {
	test('a join is done when it is reached', () => {
		assert.is(verdict(barrier.decide({}, null)), 'done');
		assert.is(barrier.isCheck, true);
	});
});
