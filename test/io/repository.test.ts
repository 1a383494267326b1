import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Sha } from '../../src/core/brand.ts';
import { Unreadable } from '../../src/core/diagnostic.ts';
import { suite } from '../support/suite.ts';
import { treeDigest } from '../support/world.ts';
import { startFaultServer } from './fault-server.ts';
import { inFolder } from './folder.ts';
import { commit, git, makePair, withRepository } from './repos.ts';

const ABSENT = 'd'.repeat(40) as Sha;

async function unreadable(asked: Promise<unknown>): Promise<Unreadable> {
	const thrown = await asked.then(
		() => null,
		(error: unknown) => error,
	);
	assert.instance(thrown, Unreadable);
	return thrown as Unreadable;
}

suite('repository: what commits hold', (test) => {
	test('a commit is fetched when it is not here, once, and then known for good', () =>
		inFolder(async (folder) => {
			const { checkout, first } = await makePair(folder);
			await withRepository(folder, { checkout }, async ({ repository, started }) => {
				assert.equal(await Promise.all([repository.hasCommit(first), repository.hasCommit(first)]), [true, true]);
				const before = started();
				assert.is(await repository.hasCommit(first), true);
				assert.is((await repository.file(first, 'file'))?.toString(), 'one');
				assert.is(started(), before);
			});
		})());
	test('an absence is true of its moment: the commit is found when origin has it', () =>
		inFolder(async (folder) => {
			const { checkout } = await makePair(folder);
			await withRepository(folder, { checkout }, async ({ repository }) => {
				const late = await commit(checkout);
				assert.is(await repository.hasCommit(late), false);
				await git(checkout, 'push', '--quiet', 'origin', 'main');
				assert.is(await repository.hasCommit(late), true);
			});
		})());
	test('a file that the tree has not is null; a commit that origin has not is unreadable', () =>
		inFolder(async (folder) => {
			const { checkout, first } = await makePair(folder);
			await withRepository(folder, { checkout }, async ({ repository }) => {
				assert.is(await repository.file(first, 'absent'), null);
				assert.is(await repository.file(first, 'bin'), null);
				assert.match((await unreadable(repository.file(ABSENT, 'file'))).seen, /no such commit/);
				await unreadable(repository.entry(ABSENT, 'file'));
				await unreadable(repository.parents(ABSENT));
			});
		})());
	test('an entry has its mode from the tree, also in a folder', () =>
		inFolder(async (folder) => {
			const { checkout, first } = await makePair(folder);
			await withRepository(folder, { checkout }, async ({ repository }) => {
				const entries = await Promise.all(
					['bin/deploy', 'file', 'bin', 'bin/absent', 'file/below'].map((path) => repository.entry(first, path)),
				);
				assert.equal(
					entries.map((entry) => entry?.mode ?? null),
					['100755', '100644', '40000', null, null],
				);
			});
		})());
	test('ancestors, near and far; not one of another line, and not one that nobody has', () =>
		inFolder(async (folder) => {
			const { checkout, first } = await makePair(folder);
			const tip = await commit(checkout, 'for i in $(seq 80); do git commit --quiet --allow-empty -m "$i"; done');
			await git(checkout, 'checkout', '--quiet', '-b', 'side', first);
			const side = await commit(checkout, 'echo side > side');
			await git(checkout, 'push', '--quiet', 'origin', 'main', 'side');
			await withRepository(folder, { checkout }, async ({ repository }) => {
				const near = (await git(checkout, 'rev-parse', 'main~3')) as Sha;
				const asked = [
					[first, tip],
					[near, tip],
					[tip, tip],
					[tip, first],
					[side, tip],
					[ABSENT, tip],
				] as const;
				assert.equal(await Promise.all(asked.map(([a, b]) => repository.isAncestor(a, b))), [
					true,
					true,
					true,
					false,
					false,
					false,
				]);
			});
		})());
	test('parents and time of a commit, merges too', () =>
		inFolder(async (folder) => {
			const { checkout, first } = await makePair(folder);
			const main = await commit(checkout, 'echo a > a');
			await git(checkout, 'checkout', '--quiet', '-b', 'side', first);
			await commit(checkout, 'echo b > b');
			await git(checkout, 'merge', '--quiet', '--no-edit', 'main');
			const merge = (await git(checkout, 'rev-parse', 'HEAD')) as Sha;
			await git(checkout, 'push', '--quiet', 'origin', 'side');
			await withRepository(folder, { checkout }, async ({ repository }) => {
				const { parents, committedAt } = await repository.parents(merge);
				assert.equal([parents.length, parents[1]], [2, main]);
				assert.is(committedAt, Number(await git(checkout, 'log', '-1', '--format=%ct')));
			});
		})());
});

suite('repository: remotes', (test) => {
	test('a relative path is relative to the checkout, with or without a dot', () =>
		inFolder(async (folder) => {
			const { checkout, origin } = await makePair(folder);
			await git(checkout, 'remote', 'set-url', 'origin', '../harbor.git');
			await git(checkout, 'remote', 'add', 'heroku', 'nested/place.git');
			await git(checkout, 'remote', 'add', 'far', 'host:harbor.git');
			await withRepository(folder, { checkout }, async ({ repository }) => {
				assert.is(await repository.originUrl(), origin);
				assert.is(await repository.remoteUrl('heroku'), join(checkout, 'nested/place.git'));
				assert.is(await repository.remoteUrl('far'), 'host:harbor.git');
				assert.is(await repository.remoteUrl('absent'), null);
				assert.is(await repository.remoteUrl('https://git.example.test/x'), 'https://git.example.test/x');
				assert.is((await repository.originRefs()).size, 2);
			});
		})());
	test('without a checkout the url of the file is origin', () =>
		inFolder(async (folder) => {
			const { origin, first } = await makePair(folder);
			await withRepository(folder, { checkout: join(folder, 'absent'), url: origin }, async ({ repository }) => {
				assert.equal([await repository.originUrl(), await repository.hasCommit(first)], [origin, true]);
			});
		})());
	test('with neither, origin is unreadable and the place that was looked at is named', () =>
		inFolder(async (folder) => {
			const checkout = join(folder, 'absent');
			await withRepository(folder, { checkout }, async ({ repository }) => {
				assert.match((await unreadable(repository.originUrl())).seen, /no checkout at .*absent/);
			});
		})());
	test('a folder that is no repository does not borrow the remotes of the one around it', () =>
		inFolder(async (folder) => {
			const { checkout: around } = await makePair(folder);
			const checkout = join(around, 'turf');
			await mkdir(checkout);
			await withRepository(folder, { checkout }, async ({ repository }) => {
				assert.match((await unreadable(repository.originUrl())).seen, /no remote named origin/);
			});
		})());
	test('an origin that does not answer is unreadable, in the words of git', () =>
		inFolder(async (folder) => {
			const { checkout } = await makePair(folder);
			await git(checkout, 'remote', 'set-url', 'origin', join(folder, 'gone.git'));
			await withRepository(folder, { checkout }, async ({ repository }) => {
				assert.match((await unreadable(repository.originRefs())).seen, /does not appear to be a git repository/);
				await unreadable(repository.hasCommit(ABSENT));
			});
		})());
	test('an origin that is away for a moment is asked again within its bounds, and one that stays away is unreadable', () =>
		inFolder(async (folder) => {
			const { checkout, first } = await makePair(folder);
			let refusals = 2;
			const origin = await startFaultServer((request, response) => {
				const isAway = refusals > 0;
				refusals -= 1;
				const page = request.url?.startsWith('/harbor.git/info/refs')
					? `${first}\trefs/heads/main\n`
					: 'ref: refs/heads/main\n';
				response.writeHead(isAway ? 503 : 200, { 'content-type': 'text/plain' }).end(isAway ? '' : page);
			});
			await git(checkout, 'remote', 'set-url', 'origin', `${origin.url}/harbor.git`);
			const ask = (retries: number) =>
				withRepository(folder, { checkout, bounds: { retries, backoffMs: 1 } }, async ({ repository }) => {
					assert.is((await repository.originRefs()).get('refs/heads/main'), first);
				});
			await ask(2);
			refusals = 2;
			assert.match((await unreadable(ask(1))).seen, '503');
			await origin.stop();
		})());
	test('the refs of a moment are read once, and again after a push to that place', () =>
		inFolder(async (folder) => {
			const { checkout, origin, first } = await makePair(folder);
			await withRepository(folder, { checkout }, async ({ repository, started }) => {
				await repository.hasCommit(first);
				await repository.originRefs();
				const before = started();
				await Promise.all([repository.originRefs(), repository.originRefs()]);
				assert.is(started(), before);
				await repository.push(origin, { sha: first, ref: 'refs/tags/v1', expected: null });
				assert.is((await repository.originRefs()).get('refs/tags/v1'), first);
			});
		})());
});

suite('repository: push', (test) => {
	test('a ref that is where it was seen moves, and one that is new is made', () =>
		inFolder(async (folder) => {
			const { checkout, origin, first } = await makePair(folder);
			const next = await commit(checkout, 'echo two > file');
			await git(checkout, 'push', '--quiet', 'origin', 'main:next');
			await withRepository(folder, { checkout }, async ({ repository }) => {
				await repository.hasCommit(next);
				const moved = await repository.push(origin, { sha: next, ref: 'refs/heads/main', expected: first });
				const made = await repository.push(origin, { sha: next, ref: 'refs/tags/v1', expected: null });
				assert.equal([moved.exitCode, made.exitCode], [0, 0]);
				assert.equal([await git(origin, 'rev-parse', 'main'), await git(origin, 'rev-parse', 'v1')], [next, next]);
			});
		})());
	test('compare-and-swap: a ref that somebody moved meanwhile stays where they put it', () =>
		inFolder(async (folder) => {
			const { checkout, origin, first } = await makePair(folder);
			const ours = await commit(checkout, 'echo ours > file');
			await git(checkout, 'push', '--quiet', 'origin', 'main:ours');
			await withRepository(folder, { checkout }, async ({ repository }) => {
				await repository.hasCommit(ours);
				const theirs = await commit(checkout, 'echo theirs > file');
				await git(checkout, 'push', '--quiet', 'origin', 'main', 'HEAD:refs/tags/v1');
				const moved = await repository.push(origin, { sha: ours, ref: 'refs/heads/main', expected: first });
				const made = await repository.push(origin, { sha: ours, ref: 'refs/tags/v1', expected: null });
				assert.ok(moved.exitCode !== 0 && made.exitCode !== 0);
				assert.equal([await git(origin, 'rev-parse', 'main'), await git(origin, 'rev-parse', 'v1')], [theirs, theirs]);
			});
		})());
});

suite('repository: the checkout', (test) => {
	test('stays byte for byte as it was, dirt included, through reads, a fetch and a push', () =>
		inFolder(async (folder) => {
			const { checkout, origin, first } = await makePair(folder);
			await writeFile(join(checkout, 'file'), 'not committed');
			await writeFile(join(checkout, 'untracked'), 'mine');
			const before = treeDigest(checkout);
			await withRepository(folder, { checkout }, async ({ repository }) => {
				await repository.originRefs();
				await repository.file(first, 'file');
				await repository.isAncestor(first, first);
				await repository.push(origin, { sha: first, ref: 'refs/tags/v1', expected: null });
				await repository.exposeRemotes();
			});
			assert.is(treeDigest(checkout), before);
		})());
});
