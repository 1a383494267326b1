import { readFileSync, writeFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { deployed, originRef } from '../support/world.ts';
import { onStage, type Stage } from './stage.ts';

/** What every app that answers is asked, in place of /up. */
function askFor(smoke: string, { fleet }: Stage): void {
	const text = readFileSync(fleet.registryFile, 'utf8');
	writeFileSync(fleet.registryFile, text.replace(/(smoke_url: "[^"]+")/g, `$1, smoke: ${smoke}`));
}

const IMPATIENT = '  timeouts: {probe: 5s, command: 60s, deploy: 60s, smoke: 1s, index: 20s}';

suite('smoke', (test) => {
	test('an app that names its commit is up when that is the ship SHA', () =>
		onStage({ satellites: 0 }, async (stage) => {
			askFor('{path: /revision, revision: body}', stage);
			await stage.must(0, ['prepare', '--yes']);
			const { stdout } = await stage.must(0, ['ship', '--yes', '--json']);
			const main = await originRef(stage.fleet, 'harbor', 'refs/heads/main');
			const events = stdout
				.split('\n')
				.filter(Boolean)
				.map((line) => JSON.parse(line));
			const smoke = events.find(({ type, task }) => type === 'task.finished' && task === 'smoke:harbor');
			assert.is(smoke.evidence.sha, main);
			assert.match(smoke.note, `/revision answers 200 at ${main?.slice(0, 8)}`);
		}));

	test('an older version that answers 200 is not up: the train stops, says which one, and does not deploy twice', () =>
		onStage({ satellites: 0 }, async (stage) => {
			const text = readFileSync(stage.fleet.registryFile, 'utf8');
			writeFileSync(stage.fleet.registryFile, text.replace(/^ {2}timeouts:.*$/m, IMPATIENT));
			await stage.must(0, ['prepare', '--yes']);
			askFor('{path: /up, revision: body}', stage);
			const { stdout } = await stage.must(1, ['ship', '--yes']);
			const main = await originRef(stage.fleet, 'harbor', 'refs/heads/main');
			assert.match(stdout, `/up answers 200 at revision "200", not ${main?.slice(0, 8)}`);
			await stage.must(1, ['ship', '--yes']);
			assert.is(deployed(stage.fleet, 'harbor').length, 1);
		}));
});
