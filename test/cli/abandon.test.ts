import * as assert from 'uvu/assert';
import { fail, mend } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { codesOf, type StatusDocument } from './documents.ts';
import { openStage } from './stage.ts';

interface HistoryDocument {
	readonly releases: readonly { readonly slug: string; readonly state: string }[];
}

/** A train that stopped half-way is given up, and another one starts. */
async function giveUp() {
	const stage = await openStage({ satellites: 1 });
	const { fleet } = stage;
	const none = await stage.run(['abandon', '--yes']);
	await stage.must(0, ['prepare', '--yes']);
	await fail(fleet, { command: 'test', repo: 'turf' });
	await stage.must(1, ['ship', '--yes']);
	await mend(fleet, { command: 'test', repo: 'turf' });
	const before = stage.worldDigest();
	const unasked = await stage.run(['abandon']);
	const kept = await stage.run(['status', '--json']);
	const done = await stage.run(['abandon', '--yes']);
	const after = stage.worldDigest();
	const twice = await stage.run(['abandon', '--yes']);
	const shipping = await stage.run(['ship', '--yes']);
	await stage.must(0, ['prepare', '--yes']);
	const history = await stage.must(0, ['history', '--json']);
	await stage.stop();
	return { none, unasked, kept, done, twice, shipping, same: before === after, history };
}

const seen = await giveUp();
const { record } = JSON.parse(seen.kept.stdout) as StatusDocument;

suite('abandon', (test) => {
	test('with no release there is nothing to abandon: exit 3', () => {
		assert.is(seen.none.code, 3);
		assert.equal(codesOf(seen.none), ['record-state']);
	});

	test('without a yes and without a terminal: exit 3, and the release stays', () => {
		assert.is(seen.unasked.code, 3);
		assert.equal(codesOf(seen.unasked), ['not-confirmed']);
		assert.is(record?.state, 'assembled');
	});

	test('what is live already is named before the question, and stays live', () => {
		for (const { stdout } of [seen.unasked, seen.done]) {
			assert.match(stdout, /Live already, and it stays so\n/);
			assert.match(stdout, /publish:studio-engine {2}gem studio-engine · version 0\.2\.0/);
			assert.not.match(stdout, /deploy:turf/);
		}
		assert.ok(seen.same);
	});

	test('the release is over for good: it does not ship, and is not abandoned twice', () => {
		assert.is(seen.done.code, 0, seen.done.stderr);
		assert.match(seen.done.stdout, /is abandoned; `slipway prepare` starts the next release/);
		assert.is(seen.shipping.code, 3);
		assert.is(seen.twice.code, 3);
		assert.match(seen.twice.stderr, /is abandoned: there is nothing to abandon/);
	});

	test('its record stays in the history beside the next one', () => {
		const { releases } = JSON.parse(seen.history.stdout) as HistoryDocument;
		assert.equal(
			releases.map(({ state }) => state),
			['assembled', 'abandoned'],
		);
		assert.is(releases[1]?.slug, record?.slug);
		assert.is.not(releases[0]?.slug, record?.slug);
	});
});
