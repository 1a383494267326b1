import * as assert from 'uvu/assert';
import { followPath } from '../../src/io/tree-path.ts';
import { suite } from '../support/suite.ts';
import { inFolder } from './folder.ts';
import { commit, git, makePair, withRepository } from './repos.ts';

const SCRIPT = [
	'mkdir -p scripts/deep',
	'echo exit > scripts/deploy',
	'chmod +x scripts/deploy',
	'ln -s ../scripts/deploy bin/link',
	'ln -s link bin/twice',
	'ln -s ../scripts/gone bin/dangling',
	'ln -s bin/../scripts tools',
	'ln -s /bin/true bin/absolute',
	'ln -s ../../elsewhere bin/leaves',
	'ln -s round bin/round',
	'ln -s ../file bin/plain',
].join('\n');

suite('tree path: where a path leads at a commit', (test) => {
	test('links are followed inside the tree, and what leaves it can not be told', () =>
		inFolder(async (folder) => {
			const { checkout } = await makePair(folder);
			const sha = await commit(checkout, SCRIPT);
			await git(checkout, 'push', '--quiet', 'origin', 'main');
			await withRepository(folder, { checkout }, async ({ repository }) => {
				const leadsTo = async (path: string) => {
					const found = await followPath(repository, sha, path);
					return found === null || found === 'outside' ? found : found.mode;
				};
				for (const [path, expected] of [
					['bin/deploy', '100755'],
					['./bin//deploy', '100755'],
					['bin/../bin/deploy', '100755'],
					['bin/link', '100755'],
					['bin/twice', '100755'],
					['tools/deploy', '100755'],
					['bin/plain', '100644'],
					['bin', '40000'],
					['bin/absent', null],
					['file/below', null],
					['bin/dangling', null],
					['bin/round', null],
					['bin/absolute', 'outside'],
					['bin/leaves', 'outside'],
					['../bin/deploy', 'outside'],
				] as const)
					assert.is(await leadsTo(path), expected, path);
			});
		})());
});
