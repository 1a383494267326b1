import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { hold } from '../support/steer.ts';
import { suite } from '../support/suite.ts';
import { deployed, originRef } from '../support/world.ts';
import { pushCommit } from './colleague.ts';
import { openStage } from './stage.ts';

const LOOKS = [
	['ship', '--dry-run'],
	['ship', '--dry-run', '--json'],
	['graph', '--state'],
	['status'],
	['doctor'],
	['explain', 'deploy:turf'],
] as const;

function namesIn(folder: string): string[] {
	return existsSync(folder) ? readdirSync(folder) : [];
}

/** People look at a train while a deploy script of it is in the middle of its work, files of its own around it. */
async function lookWhileDeploying() {
	const stage = await openStage({ satellites: 1 });
	const { fleet } = stage;
	const deploy = `#!/bin/sh
set -eu
if [ "\${1:-}" = qa ]; then exec "${fleet.layout.rig}/go-live" qa turf "$(git rev-parse HEAD)"; fi
echo half > bundle.tmp
echo changed > README.md
"${fleet.layout.rig}/step" deploy turf
cat bundle.tmp README.md
"${fleet.layout.rig}/go-live" production turf "$(git rev-parse HEAD)"
`;
	await pushCommit(fleet, { repo: 'turf', branch: 'release', files: { 'bin/deploy': { executable: deploy } } });
	await stage.must(0, ['prepare', '--yes']);
	const held = await hold(fleet, { command: 'deploy', repo: 'turf' });
	const shipping = stage.run(['ship', '--yes']);
	await held.reached;
	const looks = await Promise.all(LOOKS.map((args) => stage.run(args)));
	await held.release();
	const shipped = await shipping;
	const state = join(fleet.layout.conductor, '.slipway');
	const facts = {
		fleet,
		looks,
		shipped,
		main: await originRef(fleet, 'turf', 'refs/heads/main'),
		left: [
			...namesIn(state).filter((name) => name.startsWith('look')),
			...namesIn(join(state, 'work')),
			...fleet.repos.flatMap((repo) => namesIn(join(state, 'repos', `${repo}.git`, 'worktrees'))),
		],
	};
	await stage.stop();
	return facts;
}

const seen = await lookWhileDeploying();

suite('looking at a running train', (test) => {
	test('takes nothing from under a script that runs: it finds its files as it left them', () => {
		assert.is(seen.shipped.code, 0, seen.shipped.stdout);
		assert.match(seen.shipped.stderr, /deploy:turf +\| half\n.*deploy:turf +\| changed/);
		assert.equal(
			deployed(seen.fleet, 'turf').map(({ sha }) => sha),
			[seen.main],
		);
	});

	test('shows the hub live and the satellite to do', () => {
		for (const [i, { code, stderr }] of seen.looks.entries()) {
			// For the doctor a lock that is held is something to be told of; its own tests say how.
			if (LOOKS[i]?.[0] !== 'doctor') assert.is(code, 0, `${LOOKS[i]?.join(' ')}\n${stderr}`);
		}
		assert.match(seen.looks[0]?.stdout ?? '', /✓ deploy:harbor/);
		assert.match(seen.looks[0]?.stdout ?? '', /○ deploy:turf/);
	});

	test('leaves no work tree behind, neither as files nor in the books of git', () => {
		assert.equal(seen.left, []);
	});
});
