import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { WorkflowRun } from '../../src/io/github-answers.ts';
import type { WorkflowInputs } from '../../src/io/workflow-file.ts';
import {
	findOurRun,
	noteEvidence,
	readNote,
	refusedEvidence,
} from '../../src/tasks/deploy/github-actions/dispatch-note.ts';
import { carriesSha, inputFaults, inputsFor, withWord } from '../../src/tasks/deploy/github-actions/inputs.ts';
import { suite } from '../support/suite.ts';
import { OTHER, SHIP } from '../tasks/decisions.ts';
import { TARGET } from './github-stage.ts';

const OURS = { target: TARGET, sha: SHIP, purpose: 'ship' } as const;
const NOTE = { word: 'slipway-1a2b3c4d', after: '100', told: true, at: '2026-01-02T03:04:05.000Z', run: null };

function run(id: string, more: Partial<WorkflowRun> = {}): WorkflowRun {
	const url = `https://github.com/acme/harbor/actions/runs/${id}`;
	return { id, status: 'queued', conclusion: null, branch: 'main', headSha: OTHER, title: 'Deploy', url, ...more };
}

const found = (...runs: readonly WorkflowRun[]) => findOurRun(OURS, NOTE, runs)?.id ?? null;

suite('github_actions: which run is ours', (test) => {
	test('the first above the one before the dispatch, in whatever order they come', () => {
		assert.is(found(run('103'), run('102'), run('101'), run('100'), run('99')), '101');
		assert.is(found(run('101'), run('103')), '101');
	});
	test('none that was there before', () => {
		assert.is(found(run('100'), run('99', { title: 'slipway-1a2b3c4d' })), null);
		assert.is(found(), null);
	});
	test('none of another ref', () => {
		assert.is(found(run('101', { branch: 'staging' })), null);
	});
	test('the one that is named by our word, before any other', () => {
		assert.is(found(run('101', { headSha: SHIP }), run('102', { title: 'Deploy slipway-1a2b3c4d' })), '102');
	});
	test('one at the ship SHA before an earlier one at another commit', () => {
		assert.is(found(run('101'), run('102', { headSha: SHIP })), '102');
	});
	test('ids are numbers of any length, and never compared as texts or as floats', () => {
		const note = { ...NOTE, after: '9007199254740992' };
		const ids = ['9007199254740993', '10000000000000000', '999'];
		assert.is(
			findOurRun(
				OURS,
				note,
				ids.map((id) => run(id)),
			)?.id,
			'9007199254740993',
		);
	});
	test('it is never a run from before, nor of another ref without our word', () => {
		const runs = fc.array(
			fc.record({
				id: fc.bigInt({ min: 1n, max: 300n }).map(String),
				branch: fc.constantFrom('main', 'staging', null),
				headSha: fc.constantFrom(SHIP, OTHER),
				title: fc.constantFrom('Deploy', 'Deploy slipway-1a2b3c4d'),
			}),
		);
		fc.assert(
			fc.property(runs, (listed) => {
				const ours = findOurRun(
					OURS,
					NOTE,
					listed.map(({ id, ...more }) => run(id, more)),
				);
				if (ours === null) return;
				assert.ok(BigInt(ours.id) > 100n);
				assert.ok(ours.branch === 'main' || ours.title.includes(NOTE.word));
			}),
		);
	});
});

suite('github_actions: the note of a dispatch', (test) => {
	test('is read back as it was written', () => {
		assert.equal(readNote(OURS, noteEvidence(OURS, NOTE)), NOTE);
		const known = { ...NOTE, run: '101' };
		assert.equal(readNote(OURS, JSON.parse(JSON.stringify(noteEvidence(OURS, known)))), known);
	});
	test('of another commit or workflow, of a refusal, or of another strategy is no note', () => {
		assert.is(readNote({ ...OURS, sha: OTHER }, noteEvidence(OURS, NOTE)), null);
		assert.is(readNote({ ...OURS, target: { ...TARGET, workflow: 'ship.yml' } }, noteEvidence(OURS, NOTE)), null);
		assert.is(readNote(OURS, refusedEvidence(OURS, NOTE)), null);
		assert.is(readNote(OURS, { sha: SHIP, at: NOTE.at }), null);
		assert.is(readNote(OURS, null), null);
	});
	test('its commit is not taken for one that a script deployed', () => {
		assert.is(noteEvidence(OURS, NOTE).sha, undefined);
	});
});

suite('github_actions: inputs', (test) => {
	const declared = (...names: readonly string[]): WorkflowInputs =>
		new Map(names.map((name) => [name, { isNeeded: false }]));
	const asked = { sha: SHIP, train: 'rel-20260102-a1b2c3' };
	test('an input named `sha` that the workflow declares gets the ship SHA', () => {
		assert.equal(inputsFor(TARGET, declared('sha', 'environment'), asked), { sha: SHIP, environment: 'production' });
		assert.equal(inputsFor(TARGET, declared('environment'), asked), { environment: 'production' });
	});
	test('the file has the last word on it', () => {
		const own = { ...TARGET, inputs: { sha: 'v1', commit: '{sha}' } };
		assert.equal(inputsFor(own, declared('sha', 'commit'), asked), { sha: 'v1', commit: SHIP });
	});
	test('`{sha}` and `{train}` are filled in, `{dispatch}` by the dispatch, anything else in braces is left alone', () => {
		const own = { ...TARGET, inputs: { json: '{"at":"{sha}"}', title: '{train} {dispatch} {other}' } };
		const inputs = inputsFor(own, declared('json', 'title'), asked);
		assert.equal(inputs, { json: `{"at":"${SHIP}"}`, title: 'rel-20260102-a1b2c3 {dispatch} {other}' });
		assert.is(withWord(inputs, 'slipway-1').title, 'rel-20260102-a1b2c3 slipway-1 {other}');
	});
	test('a workflow is told the commit, or is not', () => {
		assert.is(carriesSha({ commit: `refs/${SHIP}` }, SHIP), true);
		assert.is(carriesSha({ environment: 'production' }, SHIP), false);
	});
	test('what GitHub would refuse is known before', () => {
		const needs: WorkflowInputs = new Map([
			['region', { isNeeded: true }],
			['sha', { isNeeded: true }],
		]);
		assert.equal(inputFaults(TARGET, needs), [
			'deploy.yml declares no input `environment`',
			'deploy.yml needs the input `region`',
		]);
		assert.equal(inputFaults(TARGET, declared('environment')), []);
	});
});
