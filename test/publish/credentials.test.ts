import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { findCredential } from '../../src/io/gem-credentials.ts';
import { buildGem } from '../io/build-gem.ts';
import { inFolder } from '../io/folder.ts';
import { startGemStandIn } from '../support/gem-stand-in.ts';
import { runProcess } from '../support/process.ts';
import { suite } from '../support/suite.ts';

suite('publish: where the key is', (test) => {
	const agrees = inFolder(async (home) => {
		const registry = await startGemStandIn();
		try {
			const file = buildGem(home, { name: 'cleat', version: '1.0.0' });
			mkdirSync(join(home, '.gem'));
			const { url, apiKey } = registry;
			const lines: readonly (readonly [string, boolean])[] = [
				[`${url}: ${apiKey}`, true],
				[`"${url}": "${apiKey}"`, true],
				[`:rubygems_api_key: ${apiKey}`, true],
				[`${url}/: ${apiKey}`, false],
				[`:${url}: ${apiKey}`, false],
				[`rubygems_api_key: ${apiKey}`, false],
				[`https://elsewhere.test: ${apiKey}`, false],
			];
			for (const [line, works] of lines) {
				writeFileSync(join(home, '.gem', 'credentials'), `---\n${line}\n`, { mode: 0o600 });
				const argv = ['gem', 'push', '--host', url, file];
				const { code } = await runProcess(argv, { cwd: home, env: { PATH: process.env.PATH, HOME: home } });
				assert.is(code === 0, works, line);
				assert.is((await findCredential(url, { HOME: home })) !== null, works, line);
			}
		} finally {
			await registry.stop();
		}
	});
	test('preflight finds a key in exactly the files with which the real `gem push` finds one', agrees);
});
