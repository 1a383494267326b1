import * as assert from 'uvu/assert';
import { repoName } from '../../src/core/brand.ts';
import { Refusal, Unreadable } from '../../src/core/diagnostic.ts';
import type { CommandResult } from '../../src/io/command.ts';
import { executeTask, type Settlement } from '../../src/runner/execute.ts';
import type { Probed } from '../../src/runner/probe.ts';
import { blocked, done, TaskFailure, todo, waits } from '../../src/tasks/contract.ts';
import { suite } from '../support/suite.ts';
import { type Change, context, effect, kinds, node, type Toy, type ToyContext } from './toys.ts';

interface Executed {
	readonly settlement: Settlement;
	readonly probed: readonly Probed[];
	/** What was announced before it was done. */
	readonly announced: readonly Change[];
	readonly given: ToyContext;
}

async function execute(
	toy: Toy,
	beforeRun: (change: Change) => Promise<void> = async () => undefined,
): Promise<Executed> {
	const probed: Probed[] = [];
	const announced: Change[] = [];
	const given = context(repoName('harbor'));
	const settlement = await executeTask(node('toy', { repo: 'harbor' }), given, {
		kindOf: kinds({ toy }),
		onProbed: (found) => probed.push(found),
		beforeRun: async (change) => {
			announced.push(change);
			await beforeRun(change);
		},
	});
	return { settlement, probed, announced, given };
}

async function rejection(running: Promise<unknown>): Promise<unknown> {
	return running.then(
		() => 'nothing was thrown',
		(error: unknown) => error,
	);
}

const wanted = todo('is not there', { summary: 'put it there', place: 'here' });
const neverRuns = () => {
	throw new Error('it ran');
};

suite('execute: before anything is done', (test) => {
	test('what the world shows as done is skipped, with the evidence, and nothing is announced or run', async () => {
		const { settlement, announced } = await execute({ probe: () => done('is there', { sha: 'abc' }), run: neverRuns });
		assert.is(settlement.outcome, 'skipped');
		assert.is(settlement.began, false);
		assert.equal([settlement.evidence, settlement.reasons], [{ sha: 'abc' }, ['is there']]);
		assert.equal(announced, []);
	});
	test('a check whose probe is its work was done, not skipped', async () => {
		const { settlement } = await execute({ isCheck: true, probe: () => done('all well'), run: neverRuns });
		assert.equal([settlement.outcome, settlement.began], ['done', false]);
	});
	test('a blocked task fails without beginning, and its finding names the repository', async () => {
		const stands = blocked({ code: 'drift', summary: 'it moved', hint: 'prepare again' });
		const { settlement, announced } = await execute({ probe: () => stands, run: neverRuns });
		assert.equal([settlement.outcome, settlement.began, announced.length], ['failed', false, 0]);
		assert.equal(settlement.findings, [
			{ code: 'drift', severity: 'error', summary: 'it moved', hint: 'prepare again', repo: 'harbor' },
		]);
	});
	test('unknown: a read that failed is neither done nor todo, and keeps the words of the tool', async () => {
		const probe = () => {
			throw new Unreadable('git ls-remote', 'Connection refused');
		};
		const { settlement, probed, announced } = await execute({ probe, run: neverRuns });
		assert.is(probed[0]?.state, 'unknown');
		assert.equal([settlement.outcome, settlement.began, announced.length], ['failed', false, 0]);
		const [finding] = settlement.findings;
		assert.equal([finding?.code, finding?.seen], ['unknown', 'Connection refused']);
	});
	test('a probe that had to run something which failed is blocked by that failure', async () => {
		const probe = () => {
			throw new TaskFailure({ code: 'command-failed', summary: 'it does not build' });
		};
		const { settlement, probed } = await execute({ probe, run: neverRuns });
		assert.is(probed[0]?.state, 'blocked');
		assert.equal([settlement.outcome, settlement.findings[0]?.code], ['failed', 'command-failed']);
	});
	test('a bug in a probe is not a failed task: it comes out as it is', async () => {
		const bug = new TypeError('our own');
		const probe = () => {
			throw bug;
		};
		assert.is(await rejection(execute({ probe, run: neverRuns })), bug);
	});
	test('a task that still waits although all that it needs is settled is a bug of the graph', async () => {
		const error = await rejection(execute({ probe: () => waits('for a task'), run: neverRuns }));
		assert.match(String(error), /toy waits for a task that it does not need/);
	});
	test('nothing is done when its intent could not be written', async () => {
		const full = new Refusal([{ code: 'state-write', severity: 'error', summary: 'disk full' }]);
		const error = await rejection(execute({ probe: () => wanted, run: neverRuns }, () => Promise.reject(full)));
		assert.is(error, full);
	});
});

suite('execute: the change', (test) => {
	test('exactly the change that was decided is announced, then performed, then proven', async () => {
		const world = new Set<string>();
		const steps: string[] = [];
		const toy = effect(world, 'moored', (change) => {
			steps.push(`run ${change.summary}`);
		});
		const { settlement, announced } = await execute(toy, async (change) => {
			steps.push(`announce ${change.summary}`);
			assert.is(world.has('moored'), false);
		});
		assert.equal(steps, ['announce add moored', 'run add moored']);
		assert.equal(announced, [{ type: 'add', summary: 'add moored', word: 'moored' }]);
		assert.equal([settlement.outcome, settlement.began], ['done', true]);
		assert.equal(settlement.evidence, { word: 'moored' });
	});
	test('not-proven: a run that threw nothing is not done while the world does not show it', async () => {
		const { settlement } = await execute({ probe: () => wanted });
		assert.equal([settlement.outcome, settlement.began, settlement.evidence], ['failed', true, null]);
		const [finding] = settlement.findings;
		assert.equal([finding?.code, finding?.seen], ['not-proven', 'todo: is not there']);
	});
	test('not-proven: an effect that can no longer be read is not taken for done', async () => {
		let reads = 0;
		const probe = () => {
			reads += 1;
			if (reads > 1) throw new Unreadable('the gem server', 'answers 503');
			return wanted;
		};
		const { settlement } = await execute({ probe });
		assert.is(settlement.outcome, 'failed');
		assert.equal(settlement.findings[0]?.seen, 'could not read the gem server: answers 503');
	});
	test('a failed run is a failed task, with the command behind it', async () => {
		const command = { argv: ['bin/deploy'], exitCode: 7 } as unknown as CommandResult;
		const run = () => {
			throw new TaskFailure({ code: 'command-failed', summary: 'bin/deploy failed', seen: 'boom' }, command);
		};
		const { settlement } = await execute({ probe: () => wanted, run });
		assert.equal([settlement.outcome, settlement.began, settlement.reasons], ['failed', true, ['bin/deploy failed']]);
		assert.is(settlement.command, command);
		assert.equal(settlement.findings, [
			{ severity: 'error', code: 'command-failed', summary: 'bin/deploy failed', seen: 'boom' },
		]);
	});
	test('a read that fails in the middle of a run is a failed task', async () => {
		const run = () => {
			throw new Unreadable('the index', 'connection reset');
		};
		const { settlement } = await execute({ probe: () => wanted, run });
		assert.equal([settlement.outcome, settlement.began], ['failed', true]);
		assert.equal([settlement.findings[0]?.code, settlement.findings[0]?.seen], ['unknown', 'connection reset']);
	});
	test('a refusal of the record in the middle of a run is a failed task with its own code', async () => {
		const run = () => {
			throw new Refusal([{ code: 'record-raced', severity: 'error', summary: 'another was first' }]);
		};
		const { settlement } = await execute({ probe: () => wanted, run });
		assert.equal([settlement.outcome, settlement.findings[0]?.code], ['failed', 'record-raced']);
	});
	test('a bug in a run comes out as it is', async () => {
		const bug = new RangeError('our own');
		const run = () => {
			throw bug;
		};
		assert.is(await rejection(execute({ probe: () => wanted, run })), bug);
	});
	for (const [how, run] of [
		['worked', () => undefined],
		[
			'failed',
			() => {
				throw new TaskFailure({ code: 'push-refused', summary: 'no' });
			},
		],
	] as const) {
		test(`the ship SHA of the repository is asked again after a run that ${how}`, async () => {
			const { given } = await execute({ probe: () => wanted, run });
			assert.equal(given.forgotten, ['harbor']);
		});
	}
});

suite('execute: a kind whose failure is a warning', (test) => {
	for (const [what, toy] of [
		[
			'a run that failed',
			{
				probe: () => wanted,
				run: () => {
					throw new TaskFailure({ code: 'task-failed', summary: 'nobody listens' });
				},
			},
		],
		['an effect that does not show', { probe: () => wanted }],
		['something in its way', { probe: () => blocked({ code: 'blocked', summary: 'in the way' }) }],
		[
			'a read that failed',
			{
				probe: () => {
					throw new Unreadable('the webhook', 'no route');
				},
			},
		],
	] as const) {
		test(`${what} does not stop the run, and is told as a warning`, async () => {
			const { settlement } = await execute({ ...toy, failureIsWarning: true });
			assert.is(settlement.outcome, 'done');
			assert.equal(
				settlement.findings.map((finding) => finding.severity),
				['warning'],
			);
			assert.is(settlement.evidence, null);
		});
	}
});
