import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { fileSha256 } from '../../src/io/files.ts';
import { inFolder } from '../io/folder.ts';
import type { PushFault } from '../support/gem-stand-in.ts';
import type { Finished } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { originRef, servedVersions } from '../support/world.ts';
import { otherGem } from './other-gem.ts';
import { FILE, GEM, openStage, type Scene, VERSION_FILE } from './stage.ts';

const stage = await openStage();

function all(run: Finished): string {
	return `${run.stdout}\n${run.stderr}`;
}

/** The train went through: exactly one gem, with the bytes that were built, and its tag after it. */
async function assertShipped(scene: Scene, run: Finished): Promise<void> {
	assert.is(run.code, 0, all(run));
	const served = await servedVersions(scene.registry.url, GEM);
	assert.equal(
		served.map(({ version }) => version),
		['0.1.0', '0.2.0'],
	);
	const built = join(scene.fleet.layout.conductor, '.slipway', 'built');
	const sha = await originRef(scene.fleet, GEM, 'refs/tags/v0.2.0');
	assert.is(served[1]?.sha256, await fileSha256(join(built, `${GEM}-${sha}`, FILE)));
}

/** Nothing moved past the publish: no tag, main where it was. */
async function assertStopped(scene: Scene, run: Finished): Promise<void> {
	assert.is(run.code, 1, all(run));
	assert.is(await originRef(scene.fleet, GEM, 'refs/tags/v0.2.0'), null);
	assert.is(
		await originRef(scene.fleet, GEM, 'refs/heads/main'),
		await originRef(scene.fleet, GEM, 'refs/tags/v0.1.0'),
	);
	assert.match(run.stdout, 'Resume  slipway ship');
}

type Refusal = PushFault & { readonly answer: { readonly status: number; readonly body: string } };

const refuse = (status: number, body: string): Refusal => ({ answer: { status, body } });

suite('publish: the push is taken', (test) => {
	for (const interfaces of ['both', 'index', 'api'] as const) {
		test(`a registry with ${interfaces === 'both' ? 'both interfaces' : `only the ${interfaces}`}: one push`, () =>
			stage.play({ interfaces }, async (scene) => {
				const run = await scene.ship();
				assert.is(run.code, 0, all(run));
				assert.equal([scene.pushes(), scene.taken()], [1, 1]);
				const again = await scene.ship();
				assert.is(again.code, 0, all(again));
				assert.is(scene.pushes(), 1);
			}));
	}

	test('409 for our own bytes, pushed by another machine meanwhile: done by their digest', () =>
		stage.play({}, async (scene) => {
			scene.registry.faultPushes({ take: true, ...refuse(409, 'Repushing of gem versions is not allowed.') });
			await assertShipped(scene, await scene.ship());
			assert.is(scene.pushes(), 1);
		}));

	test('an index that lags is waited for, with one push', () =>
		stage.play({}, async (scene) => {
			scene.registry.lagIndex(3);
			await assertShipped(scene, await scene.ship());
			assert.is(scene.pushes(), 1);
		}));

	test('a versions API that lags, where there is no index, is waited for too', () =>
		stage.play({ interfaces: 'api' }, async (scene) => {
			scene.registry.lagIndex(3);
			const run = await scene.ship();
			assert.is(run.code, 0, all(run));
			assert.is(scene.pushes(), 1);
		}));

	test('half a page of the index after the push is no answer: it is read again', () =>
		stage.play({}, async (scene) => {
			scene.registry.faultPushes({ meanwhile: () => scene.registry.tearIndex(2) });
			await assertShipped(scene, await scene.ship());
			assert.is(scene.pushes(), 1);
		}));

	test('an index that never comes fails as not proven; runs after it wait, and push nothing', () =>
		stage.play({ interfaces: 'index', impatient: true }, async (scene) => {
			scene.registry.lagIndex(Number.POSITIVE_INFINITY);
			const first = await scene.ship();
			await assertStopped(scene, first);
			assert.match(first.stdout, 'the index that Bundler reads does not list it');
			await assertStopped(scene, await scene.ship());
			scene.registry.lagIndex(0);
			await assertShipped(scene, await scene.ship());
			assert.equal([scene.pushes(), scene.taken()], [1, 1]);
		}));
});

suite('publish: a reply that is no verdict', (test) => {
	test('500 after the gem was taken: done by the next probe, with no second push', () =>
		stage.play({}, async (scene) => {
			scene.registry.faultPushes({ take: true, ...refuse(500, 'There was a problem saving your gem.') });
			await assertShipped(scene, await scene.ship());
			assert.equal([scene.pushes(), scene.taken()], [1, 1]);
		}));

	test('500 after the gem was taken, and an index that lags: done, with no second push', () =>
		stage.play({}, async (scene) => {
			scene.registry.lagIndex(3);
			scene.registry.faultPushes({ take: true, ...refuse(502, '') });
			await assertShipped(scene, await scene.ship());
			assert.equal([scene.pushes(), scene.taken()], [1, 1]);
		}));

	test('a connection that is cut after the gem was taken: done, with one `gem push`', () =>
		stage.play({}, async (scene) => {
			// RubyGems itself sends a cut request once more, within one `gem push`.
			scene.registry.faultPushes({ take: true, answer: null }, 2);
			await assertShipped(scene, await scene.ship());
			assert.equal([scene.pushes(), scene.taken()], [2, 1]);
		}));

	test('a connection that is cut before the gem was taken: pushed again once the registry was seen without it', () =>
		stage.play({}, async (scene) => {
			scene.registry.faultPushes({ answer: null }, 2);
			await assertShipped(scene, await scene.ship());
			assert.equal([scene.pushes(), scene.taken()], [3, 1]);
			const paths = scene.registry.requests().map(({ method, path }) => `${method} ${path}`);
			const lastPush = paths.lastIndexOf('POST /api/v1/gems');
			assert.is(paths[lastPush - 1], `GET /gems/${FILE}`);
			assert.is(paths[lastPush - 2], `GET /info/${GEM}`);
		}));

	test('cut again: the train stops, and the next one goes on', () =>
		stage.play({}, async (scene) => {
			scene.registry.faultPushes({ answer: null }, 4);
			const run = await scene.ship();
			await assertStopped(scene, run);
			assert.match(run.stdout, 'broke off, and the gem is not there');
			assert.equal([scene.pushes(), scene.taken()], [4, 0]);
			await assertShipped(scene, await scene.ship());
			assert.is(scene.taken(), 1);
		}));

	for (const [status, body] of [
		[503, 'Repository lock is held by another process'],
		[429, 'Retry later'],
	] as const) {
		test(`${status}: pushed again until it is taken`, () =>
			stage.play({}, async (scene) => {
				scene.registry.faultPushes({ answer: { status, body, retryAfter: 1 } }, 2);
				await assertShipped(scene, await scene.ship());
				assert.equal([scene.pushes(), scene.taken()], [3, 1]);
			}));
	}

	test('503 for ever: bounded by the time for the index, and then said', () =>
		stage.play({ impatient: true }, async (scene) => {
			scene.registry.faultPushes(refuse(503, 'Repository lock is held by another process'), 100);
			const run = await scene.ship();
			await assertStopped(scene, run);
			assert.match(run.stdout, 'was busy for all the time');
			assert.ok(scene.pushes() < 10, String(scene.pushes()));
		}));

	test('"did not finish pushing" waits, and the gem that then appears is ours', () =>
		stage.play({}, async (scene) => {
			const words = 'It appears that studio-engine-0.2.0 did not finish pushing.';
			scene.registry.lagIndex(3);
			scene.registry.faultPushes({ take: true, ...refuse(409, words) });
			await assertShipped(scene, await scene.ship());
			assert.is(scene.pushes(), 1);
		}));

	test('"did not finish pushing" that stays so is told, with what can be done', () =>
		stage.play({ impatient: true }, async (scene) => {
			scene.registry.faultPushes(refuse(409, 'It appears that studio-engine-0.2.0 did not finish pushing.'), 9);
			const run = await scene.ship();
			await assertStopped(scene, run);
			assert.match(run.stdout, 'began to take');
			assert.is(scene.pushes(), 1);
		}));
});

suite('publish: a refusal says what to do', (test) => {
	test('a yanked version: bump its version file', () =>
		stage.play({}, async (scene) => {
			await inFolder(async (folder) => scene.registry.put(await otherGem(folder)))();
			scene.registry.yank(FILE);
			const run = await scene.ship();
			await assertStopped(scene, run);
			assert.match(run.stdout, `version yanked: bump ${VERSION_FILE} and re-run`);
			assert.is(scene.pushes(), 1);
		}));

	const rows: readonly (readonly [string, Refusal, string])[] = [
		['401', refuse(401, 'Access Denied. Please sign up for an account.'), 'GEM_HOST_API_KEY'],
		// RubyGems says it in words of its own, and asks in vain for a password to change that.
		["403 of a key that can't push", refuse(403, "The API key doesn't have access"), 'the scope push_rubygem'],
		['403 of somebody who is no owner', refuse(403, 'You do not have permission to push to this gem.'), 'gem owner'],
		['413', refuse(413, 'too large'), 'is too large for'],
		['422', refuse(422, 'RubyGems.org cannot process this gem.'), 'did not take'],
	];
	for (const [name, fault, advice] of rows) {
		test(`${name}: one push, its words, and what to do`, () =>
			stage.play({}, async (scene) => {
				scene.registry.faultPushes(fault, 9);
				const run = await scene.ship();
				await assertStopped(scene, run);
				assert.match(run.stdout, advice);
				assert.match(run.stdout, fault.answer.body.replace('The API key', ''));
				assert.is(scene.taken(), 0);
			}));
	}

	test('a wrong key in the environment: said, and the right one goes on', () =>
		stage.play({}, async (scene) => {
			const run = await scene.ship({ GEM_HOST_API_KEY: 'rubygems_wrong' });
			await assertStopped(scene, run);
			assert.match(run.stdout, 'did not accept the key');
			await assertShipped(scene, await scene.ship());
		}));

	test('a one-time password: asked for by name, refused when wrong, taken from GEM_HOST_OTP_CODE', () =>
		stage.play({ otp: '135790' }, async (scene) => {
			const without = await scene.ship();
			await assertStopped(scene, without);
			assert.match(without.stdout, 'asks for a one-time password');
			assert.match(without.stdout, 'GEM_HOST_OTP_CODE');
			const wrong = await scene.ship({ GEM_HOST_OTP_CODE: '975310' });
			await assertStopped(scene, wrong);
			assert.match(wrong.stdout, 'did not accept the one-time password');
			const right = await scene.ship({ GEM_HOST_OTP_CODE: '135790' });
			await assertShipped(scene, right);
			for (const run of [without, wrong, right]) assert.not.match(all(run), /135790|975310/);
		}));
});

suite('publish: a colleague was there', (test) => {
	const foreign = async (scene: Scene, when: (put: () => Promise<void>) => Promise<void>) =>
		inFolder(async (folder) => {
			const bytes = await otherGem(folder);
			await when(() => scene.registry.put(bytes));
		})();

	test('other content, published after the freeze: refused before anything changes, naming the files', () =>
		stage.play({}, async (scene) => {
			await foreign(scene, (put) => put());
			const run = await scene.ship();
			assert.is(run.code, 3, all(run));
			assert.match(run.stderr, 'error[stranded]');
			assert.match(run.stderr, 'lib/studio_engine/greeting.rb');
			assert.match(run.stderr, `bump ${VERSION_FILE}`);
			assert.is(scene.pushes(), 0);
		}));

	test('other content, published between our look and our push: 409, and blocked naming the files', () =>
		stage.play({}, async (scene) => {
			await foreign(scene, async (put) => {
				scene.registry.faultPushes({ meanwhile: put });
				const run = await scene.ship();
				await assertStopped(scene, run);
				assert.match(run.stdout, 'was not built from');
				assert.match(run.stdout, 'lib/studio_engine/greeting.rb');
				assert.equal([scene.pushes(), scene.taken()], [1, 0]);
			});
		}));
});
