import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { repoName, type Sha } from '../../src/core/brand.ts';
import type { RefUpdate } from '../../src/io/git.ts';
import { type TaskContext, TaskFailure } from '../../src/tasks/contract.ts';
import { pushAndCheck } from '../../src/tasks/push.ts';
import { inFolder } from '../io/folder.ts';
import { commit, git, makePair, type Pair, withRepository } from '../io/repos.ts';
import { suite } from '../support/suite.ts';

interface Pushing extends Pair {
	readonly next: Sha;
	/** Gives what the task was told when the push failed. */
	push(url: string, update: RefUpdate): Promise<TaskFailure>;
}

/** A real repository with a commit that its origin has on no branch of the train. */
function pushing(body: (pushing: Pushing) => Promise<void>): () => Promise<void> {
	return inFolder(async (folder) => {
		const pair = await makePair(folder);
		const next = await commit(pair.checkout, 'echo two > file');
		await git(pair.checkout, 'push', '--quiet', 'origin', 'main:next');
		await withRepository(folder, { checkout: pair.checkout }, async ({ repository }) => {
			await repository.hasCommit(next);
			const context = {
				repo: repoName('harbor'),
				world: { repository: () => repository },
				signal: new AbortController().signal,
				output: () => undefined,
			} as unknown as TaskContext;
			const push: Pushing['push'] = async (url, update) => {
				const failure = await pushAndCheck(context, url, update).catch((error: unknown) => error);
				assert.instance(failure, TaskFailure);
				return failure as TaskFailure;
			};
			await body({ ...pair, next, push });
		});
	});
}

suite('push: what a failed one tells to look at', (test) => {
	test(
		'a ref that moved meanwhile: who moved it',
		pushing(async ({ origin, next, push }) => {
			const { finding } = await push(origin, { sha: next, ref: 'refs/heads/main', expected: next });
			assert.is(finding.code, 'push-refused');
			assert.match(finding.summary, /^refs\/heads\/main of harbor was not moved to [0-9a-f]{8} \(exit 1\)$/);
			assert.match(finding.seen ?? '', '[rejected] (stale info)');
			assert.match(finding.hint ?? '', 'see what moved it');
		}),
	);
	test(
		'a remote that said no: what it said',
		pushing(async ({ origin, first, next, push }) => {
			const hook = join(origin, 'hooks', 'pre-receive');
			await git(origin, 'config', 'core.hooksPath', join(origin, 'hooks'));
			await mkdir(join(origin, 'hooks'), { recursive: true });
			await writeFile(hook, '#!/bin/sh\necho "frozen for the weekend" >&2\nexit 1\n');
			await chmod(hook, 0o755);
			const { finding } = await push(origin, { sha: next, ref: 'refs/heads/main', expected: first });
			assert.match(finding.seen ?? '', 'frozen for the weekend');
			assert.match(finding.hint ?? '', 'correct what the remote says');
		}),
	);
	test(
		'a remote that was not there: nothing to correct, the next run looks first',
		pushing(async ({ origin, first, next, push }) => {
			const { finding } = await push(`${origin}.gone`, { sha: next, ref: 'refs/heads/main', expected: first });
			assert.match(finding.summary, /\(exit 128\)$/);
			assert.match(finding.hint ?? '', 'looks first whether the push arrived');
		}),
	);
});
