import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type Finished, output } from '../support/process.ts';
import { fail, mend } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { commandsRun, deployed, originRef, originRefs, type RanCommand, show } from '../support/world.ts';
import { pushCommit } from './colleague.ts';
import { codesOf, type StatusDocument } from './documents.ts';
import { openStage, type Stage } from './stage.ts';

/** One preparation, and what was true when it ended. */
interface Prepared {
	readonly ran: Finished;
	readonly record: NonNullable<StatusDocument['record']>;
	/** Commands of the repositories that it ran. */
	readonly commands: readonly RanCommand[];
}

async function recordOf(stage: Stage): Promise<Prepared['record']> {
	const { record } = JSON.parse((await stage.must(0, ['status', '--json'])).stdout) as StatusDocument;
	if (!record) throw new Error('there is no record');
	return record;
}

async function prepare(stage: Stage, args: readonly string[] = ['--yes']): Promise<Prepared> {
	const before = commandsRun(stage.fleet).length;
	const ran = await stage.run(['prepare', ...args]);
	return { ran, record: await recordOf(stage), commands: commandsRun(stage.fleet).slice(before) };
}

/** The tip of a branch of an origin, which exists. */
async function tip(stage: Stage, repo: string, branch = 'release'): Promise<string> {
	return (await originRef(stage.fleet, repo, `refs/heads/${branch}`)) ?? '';
}

/** From a fleet without a release branch somewhere to an assembled release, with all that can go wrong on the way. */
async function assembleInSteps() {
	const stage = await openStage({ unchanged: ['lagoon'], withoutRelease: ['quay'] });
	const { fleet } = stage;
	const world = stage.worldDigest();
	const lacking = await stage.run(['prepare', '--yes']);
	const untouched =
		stage.worldDigest() === world && !existsSync(join(fleet.layout.conductor, '.slipway', 'record.json'));
	await stage.must(0, ['init']);
	const quay = await originRefs(fleet, 'quay');
	const initAgain = await stage.run(['init']);

	const turf = { release: await tip(stage, 'turf'), hotfix: '' };
	turf.hotfix = await pushCommit(fleet, { repo: 'turf', branch: 'main', files: { 'app/hotfix.rb': 'puts "hot"\n' } });
	await fail(fleet, { command: 'qa-test', repo: 'harbor' }, 'harbor has a leak');
	const red = await prepare(stage);
	const early = await stage.run(['ship', '--yes']);
	await mend(fleet, { command: 'qa-test', repo: 'harbor' });
	await fail(fleet, { command: 'qa-push', repo: 'harbor' }, 'slug too large');
	const undeployed = await prepare(stage);
	await mend(fleet, { command: 'qa-push', repo: 'harbor' });
	const assembled = await prepare(stage);
	const tips = { merged: await tip(stage, 'turf'), harbor: await tip(stage, 'harbor') };
	const repeated = await prepare(stage);
	const fixed = await pushCommit(fleet, { repo: 'turf', branch: 'release', files: { 'app/fix.rb': 'puts "fixed"\n' } });
	const unasked = await stage.run(['prepare']);
	const fixes = await prepare(stage);
	const fixedAgain = await pushCommit(fleet, {
		repo: 'atoll',
		branch: 'release',
		files: { 'app/fix.rb': 'puts "fixed"\n' },
	});
	const only = await prepare(stage, ['--yes', '--only', 'atoll']);
	const stranger = await stage.run(['prepare', '--only', 'atol']);
	await stage.stop();
	return {
		stage,
		fleet,
		lacking,
		untouched,
		quay,
		initAgain,
		turf,
		red,
		early,
		undeployed,
		assembled,
		tips,
		repeated,
		fixed,
		unasked,
		fixes,
		fixedAgain,
		only,
		stranger,
	};
}

const steps = await assembleInSteps();
const MEMBERS = ['atoll', 'harbor', 'studio-engine', 'studio-ui', 'turf'];
const told = (ran: readonly RanCommand[]) => ran.map(({ command, repo }) => `${command} ${repo}`).sort();

suite('prepare: members', (test) => {
	test('a repository whose release is ahead of main rides, one whose release is not stays, and each is told why', () => {
		assert.equal(Object.keys(steps.assembled.record.frozen).sort(), MEMBERS);
		assert.match(steps.assembled.ran.stderr, 'harbor: 2 commits ahead of main\n');
		assert.match(steps.assembled.ran.stderr, 'lagoon: release is not ahead of main, stays\n');
		assert.not.match(steps.assembled.ran.stderr, 'drydock');
	});

	test('an origin without a release branch is refused with the command that makes it, and nothing changes', () => {
		assert.is(steps.lacking.code, 3);
		assert.equal(codesOf(steps.lacking), ['blocked']);
		assert.match(steps.lacking.stderr, /error\[blocked\]: quay: origin has no release\n.*slipway init/);
		assert.ok(steps.untouched);
	});

	test('init makes the branch at main, and finds it there the second time', () => {
		assert.is(steps.quay['refs/heads/release'], steps.quay['refs/heads/main']);
		assert.is(steps.initAgain.code, 0);
		assert.match(steps.initAgain.stderr, /^release branches: 0 created/m);
	});

	test('a QA deploy wants a yes: without a terminal it is refused', () => {
		assert.is(steps.unasked.code, 3);
		assert.equal(codesOf(steps.unasked), ['not-confirmed']);
	});

	test('--only with a name that is no repository is a mistake of usage, with the name that was meant', () => {
		assert.is(steps.stranger.code, 2);
		assert.match(steps.stranger.stderr, /error\[unknown-repo\]: .*atol.*\nhint: did you mean `atoll`\?/);
	});
});

suite('prepare: merge-forward', (test) => {
	test('main is merged into the release branch and pushed, and the merge is what QA sees', async () => {
		const { fleet, tips, turf, assembled } = steps;
		const git = (...args: string[]) =>
			output(['git', '-C', join(fleet.layout.origins, 'turf.git'), ...args], { env: fleet.env });
		assert.is(
			(await git('rev-list', '--parents', '-1', tips.merged)).trim(),
			`${tips.merged} ${turf.release} ${turf.hotfix}`,
		);
		assert.is(assembled.record.frozen.turf, tips.merged);
		assert.is(await show(fleet, { repo: 'turf', ref: tips.merged, path: 'app/hotfix.rb' }), 'puts "hot"\n');
		assert.is(await tip(steps.stage, 'turf', 'main'), turf.hotfix);
	});
});

suite('prepare: QA', (test) => {
	test('a red QA gate leaves the record assembling, nothing is deployed to QA, and nothing ships', () => {
		assert.is(steps.red.ran.code, 1);
		assert.is(steps.red.record.state, 'assembling');
		assert.match(steps.red.ran.stdout, /harbor has a leak[\s\S]*Record {2}assembling\nResume {2}slipway prepare/);
		assert.equal(
			steps.red.commands.filter(({ command }) => command === 'qa-push' || command === 'qa-deploy'),
			[],
		);
		assert.is(steps.early.code, 3);
		assert.equal(codesOf(steps.early), ['not-assembled']);
	});

	test('a failed QA deploy leaves the record assembling and says so, in the words of the platform', () => {
		assert.is(steps.undeployed.ran.code, 1);
		assert.is(steps.undeployed.record.state, 'assembling');
		assert.match(steps.undeployed.ran.stdout, 'slug too large');
		assert.match(steps.undeployed.ran.stdout, 'Record  assembling');
	});

	test('what was green at a commit is not asked again: only the red gate and the failed deploy run anew', () => {
		assert.equal(
			told(steps.undeployed.commands).filter((ran) => ran.startsWith('qa-test')),
			['qa-test harbor'],
		);
		assert.equal(told(steps.assembled.commands), ['qa-deploy turf', 'qa-push harbor']);
		assert.is(steps.assembled.record.state, 'assembled');
	});

	test('QA runs at the frozen commits', () => {
		const { frozen } = steps.assembled.record;
		assert.is(deployed(steps.fleet, 'harbor', 'qa')[0]?.sha, frozen.harbor);
		assert.is(deployed(steps.fleet, 'turf', 'qa')[0]?.sha, frozen.turf);
	});
});

suite('prepare: again', (test) => {
	test('a second preparation of the same branches runs nothing and stays assembled', () => {
		const { ran, record, commands } = steps.repeated;
		assert.is(ran.code, 0);
		assert.equal(commands, []);
		assert.equal(record.frozen, steps.assembled.record.frozen);
		assert.is(record.state, 'assembled');
		assert.is(record.slug, steps.assembled.record.slug);
	});

	test('after a fix only what moved is frozen anew, and only that sees QA again', () => {
		const { ran, record, commands } = steps.fixes;
		assert.is(ran.code, 0);
		assert.equal(record.frozen, { ...steps.assembled.record.frozen, turf: steps.fixed });
		assert.equal(told(commands), ['qa-deploy turf', 'qa-test turf']);
		assert.is(record.state, 'assembled');
	});

	test('--only prepares one repository of an active release and keeps the others aboard as they were', () => {
		const { ran, record, commands } = steps.only;
		assert.is(ran.code, 0);
		assert.equal(record.frozen, { ...steps.fixes.record.frozen, atoll: steps.fixedAgain });
		assert.equal(told(commands), ['qa-test atoll']);
		assert.is(record.state, 'assembled');
	});
});
