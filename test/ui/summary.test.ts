import * as assert from 'uvu/assert';
import type { RunReport } from '../../src/ui/report.ts';
import { renderSummary } from '../../src/ui/summary.ts';
import { suite } from '../support/suite.ts';
import { PLAIN } from './fake-run.ts';

const SHIPPED: RunReport = {
	train: 'rel-20261120-ab12cd',
	outcome: 'done',
	changed: true,
	elapsedMs: 724_000,
	shipped: [
		{
			repo: 'studio-engine',
			version: '0.2.0',
			sha: 'a'.repeat(40),
			url: 'https://gems.test/studio-engine',
			note: null,
		},
		{ repo: 'quay', version: null, sha: 'b'.repeat(40), url: null, note: 'no production target, nothing dispatched' },
	],
	failures: [],
	warnings: [],
	live: [],
	notStarted: [],
	recordState: 'shipped',
	resume: null,
};

const STOPPED: RunReport = {
	...SHIPPED,
	outcome: 'failed',
	elapsedMs: 4000,
	shipped: [],
	failures: [
		{
			task: 'gate:turf',
			summary: 'bin/test exited with 1',
			command: 'bin/test --ci',
			cwd: '.slipway/work/rel/turf',
			exitCode: 1,
			lastLines: ['expected 1', '\x1b[31mgot 2\x1b[0m'],
			hint: 'fix it on the release branch',
		},
	],
	live: [{ task: 'publish:studio-engine', evidence: { version: '0.2.0' } }],
	notStarted: ['deploy:harbor', 'record'],
	recordState: 'assembled',
	resume: 'slipway ship --yes',
};

suite('renderSummary', (test) => {
	test('a train that found everything done says that nothing was left to do', () => {
		const [first] = renderSummary({ ...SHIPPED, changed: false }, PLAIN).split('\n');
		assert.is(first, '✔ Done  rel-20261120-ab12cd in 12m 04s: nothing was left to do');
	});

	test('a shipped train says what is where, and for an app without a target that nothing was dispatched', () => {
		assert.is(
			renderSummary(SHIPPED, PLAIN),
			[
				'✔ Done  rel-20261120-ab12cd in 12m 04s',
				'',
				'Shipped',
				'  studio-engine  0.2.0  aaaaaaaa  https://gems.test/studio-engine',
				'  quay                  bbbbbbbb  no production target, nothing dispatched',
				'',
				'Record  shipped',
				'',
			].join('\n'),
		);
	});

	test('a stopped train says what failed, what is live, what was not started, and ends with the way on', () => {
		assert.is(
			renderSummary(STOPPED, PLAIN),
			[
				'✖ Stopped  rel-20261120-ab12cd after 4s: 1 task failed',
				'',
				'✖ gate:turf  bin/test exited with 1',
				'  command  bin/test --ci',
				'  in       .slipway/work/rel/turf',
				'  exit     1',
				'  │ expected 1',
				'  │ got 2',
				'  hint: fix it on the release branch',
				'',
				'Live now',
				'  publish:studio-engine  version 0.2.0',
				'',
				'Not started (2)',
				'  deploy:harbor',
				'  record',
				'',
				'Record  assembled',
				'Resume  slipway ship --yes',
				'',
			].join('\n'),
		);
	});

	test('what failed without stopping the train is a warning below what shipped', () => {
		const warning = {
			task: 'notes',
			summary: 'the notes reached 0 of 1 webhooks',
			command: null,
			cwd: null,
			exitCode: null,
		};
		const warnings = [{ ...warning, lastLines: ['webhook 1 (slack): answers 404'], hint: 'send them again' }];
		const text = renderSummary({ ...SHIPPED, warnings }, PLAIN);
		const told =
			'⚠ notes  the notes reached 0 of 1 webhooks\n  │ webhook 1 (slack): answers 404\n  hint: send them again\n';
		assert.match(text, `dispatched\n\n${told}\nRecord  shipped`);
	});

	test('a train that stopped before anything was live says so', () => {
		assert.match(renderSummary({ ...STOPPED, live: [] }, PLAIN), 'Live now\n  nothing of this train\n');
	});

	test('hundreds of tasks that were not started take a dozen lines, and are counted', () => {
		const notStarted = Array.from({ length: 300 }, (_, index) => `deploy:app-${index}`);
		const text = renderSummary({ ...STOPPED, notStarted }, PLAIN);
		assert.match(text, 'Not started (300)\n');
		assert.match(text, '  … and 288 more\n');
		assert.ok(text.split('\n').length < 40);
	});

	test('a cancelled train is told from a failed one', () => {
		assert.match(renderSummary({ ...STOPPED, outcome: 'cancelled', failures: [] }, PLAIN), /^⊘ Cancelled/);
	});

	test('a secret in the last lines is hidden', () => {
		const [failure] = STOPPED.failures;
		assert.ok(failure);
		const lastLines = ['fatal: https://bob:hunter2@git.test/'];
		assert.not.match(renderSummary({ ...STOPPED, failures: [{ ...failure, lastLines }] }, PLAIN), 'hunter2');
	});
});
