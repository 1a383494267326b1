import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { remotesConfig, remotesEnvironment } from '../../src/io/remotes.ts';
import { output } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { inFolder } from './folder.ts';

const REMOTES = new Map([
	['origin', 'https://ada:four%2Ffathoms@git.test/cleat.git'],
	['heroku', 'https://seven-bells@git.heroku.test/cleat.git'],
	['plain', 'https://git.test/other.git'],
	['ssh', 'git@git.test:cleat.git'],
	['long-ssh', 'ssh://git@git.test/cleat.git'],
	['odd "name"', '/srv/with "quotes"/cleat.git'],
]);

suite('remotes: those of the checkout, for a script that pushes', (test) => {
	test('no user or password of a web address is in the file; every other address is as it was', () => {
		const text = remotesConfig(REMOTES);
		assert.not.match(text, /ada|fathoms|bells/);
		for (const kept of ['https://git.test/other.git', 'git@git.test:cleat.git', 'ssh://git@git.test/cleat.git']) {
			assert.ok(text.includes(`"${kept}"`), kept);
		}
	});

	test(
		'with the environment of one command, git names each remote as the checkout has it; without it, no secret',
		inFolder(async (folder) => {
			const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
			await output(['git', 'init', '--quiet', folder], { env });
			const config = join(folder, '.git', 'config');
			writeFileSync(config, `${readFileSync(config, 'utf8')}${remotesConfig(REMOTES)}`);
			const lent = { ...env, ...remotesEnvironment(REMOTES) };
			for (const [name, url] of REMOTES) {
				const argv = ['git', '-C', folder, 'remote', 'get-url', '--push', name];
				assert.is((await output(argv, { env: lent })).trim(), url);
				assert.not.match(await output(argv, { env }), /ada|fathoms|bells/);
			}
		}),
	);

	test('remotes without a secret need no environment', () => {
		assert.equal(remotesEnvironment(new Map([['origin', 'git@git.test:cleat.git']])), {});
	});
});
