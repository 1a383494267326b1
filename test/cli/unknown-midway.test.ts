import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { startGitHttp } from '../support/git-http.ts';
import { output } from '../support/process.ts';
import { fail, hold, mend } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { commandsRun, originRef } from '../support/world.ts';
import { codesOf, type StatusDocument } from './documents.ts';
import { openStage } from './stage.ts';

const GATE = { command: 'test', repo: 'harbor' };
/** `retries.probe` of a fleet: what release_repos.yml does not say. */
const RETRIES = 3;

/** One app's origin is a server that loses reads: for a moment, then for good, then no more. */
async function loseOrigin() {
	const stage = await openStage({ satellites: 1 });
	const { fleet } = stage;
	const { layout, env } = fleet;
	const origins = await startGitHttp({ root: layout.origins, user: 'ada', password: 'sesame', env });
	const url = `http://ada:sesame@127.0.0.1:${origins.port}/turf.git`;
	await output(['git', '-C', join(layout.projects, 'turf'), 'remote', 'set-url', 'origin', url], { env });
	await stage.must(0, ['prepare', '--yes']);

	const frozen = await originRef(fleet, 'turf', 'refs/heads/release');
	origins.loseReads(RETRIES + 1);
	const before = stage.worldDigest();
	const early = await stage.run(['ship', '--yes']);
	const untouched = stage.worldDigest() === before;

	// Our re-pins are on their way; QA's answer is still open.
	const held = await hold(fleet, GATE);
	const blinking = stage.run(['ship', '--yes']);
	await held.reached;
	const lostBefore = origins.lostReads();
	origins.loseReads(RETRIES);
	await fail(fleet, GATE);
	await held.release();
	const stopped = await blinking;
	await mend(fleet, GATE);
	const moment = await stage.run(['ship', '--dry-run']);
	const lostInAMoment = origins.lostReads() - lostBefore;

	const again = await hold(fleet, GATE);
	const dying = stage.run(['ship', '--yes']);
	await again.reached;
	origins.loseReads(Number.POSITIVE_INFINITY);
	await again.release();
	const dead = await dying;
	const mainWhenDead = await originRef(fleet, 'turf', 'refs/heads/main');
	const deployedWhenDead = commandsRun(fleet).filter(({ command }) => command === 'deploy').length;
	origins.loseReads(0);
	const resumed = await stage.run(['ship', '--yes']);
	const { record } = JSON.parse((await stage.must(0, ['status', '--json'])).stdout) as StatusDocument;
	const deploys = commandsRun(fleet).filter(({ command, repo }) => command === 'deploy' && repo === 'turf');
	await Promise.all([stage.stop(), origins.stop()]);
	return {
		early,
		untouched,
		stopped,
		moment,
		lostInAMoment,
		dead,
		frozen,
		mainWhenDead,
		deployedWhenDead,
		resumed,
		record,
		deploys,
	};
}

const seen = await loseOrigin();

suite('unknown: an origin that can not be read', (test) => {
	test('before anything changed: exit 3 in the words of git, and nothing is published', () => {
		assert.is(seen.early.code, 3);
		assert.equal(codesOf(seen.early), ['unknown']);
		assert.match(seen.early.stderr, /turf: could not read git ls-remote [\s\S]*503/);
		assert.ok(seen.untouched);
	});

	test('a read that is lost for a moment is repeated, and nobody is told', () => {
		assert.is(seen.stopped.code, 1);
		assert.is(seen.moment.code, 0, seen.moment.stderr);
		assert.is(seen.lostInAMoment, RETRIES);
	});

	test('during a train: what stays unread after its retries stops it, and is neither done nor to do again', () => {
		assert.is(seen.dead.code, 1);
		assert.match(seen.dead.stdout, /✖ (?:promote|deploy):turf/);
		assert.match(seen.dead.stdout, /could not read git ls-remote/);
		assert.is(seen.deployedWhenDead, 0);
		assert.match(seen.dead.stdout, /Resume {2}slipway ship\n$/);
	});

	test('when it answers again the train goes on, and each thing was done once', () => {
		assert.is(seen.resumed.code, 0, seen.resumed.stderr);
		assert.is(seen.record?.state, 'shipped');
		assert.equal(
			seen.deploys.map(({ sha }) => sha),
			[seen.record?.ship.turf],
		);
	});
});
