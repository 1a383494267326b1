import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { TargetOf } from '../../src/tasks/deploy/adapter.ts';
import { against } from '../io/fault-server.ts';
import { suite } from '../support/suite.ts';
import { type DeployStage, onDeployStage } from './stage.ts';

const SCRIPT: TargetOf<'repo_script'> = {
	strategy: 'repo_script',
	command: 'bin/ship',
	args: ['production'],
	liveCmd: null,
	revisionUrl: null,
};

const KAMAL: TargetOf<'kamal'> = {
	strategy: 'kamal',
	command: ['bin/kamal'],
	destination: null,
	liveCmd: null,
	smokeUrl: null,
};

/** Writes programs into the tree; `$live` is a file beside the checkout that outlives every workspace. */
function programs(files: Readonly<Record<string, string>>): string {
	const written = Object.entries(files).map(
		([path, text]) => `cat > ${path} <<'SH'\n#!/bin/sh\nset -eu\n${text}\nSH\nchmod +x ${path}`,
	);
	return ['mkdir -p bin', ...written].join('\n');
}

const log = ({ folder }: DeployStage) =>
	existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : '';

/** Where a program of the tree finds the folder of its stage: the remote `origin` is in it. */
const FOLDER = 'folder=$(dirname "$(git remote get-url origin)")';

suite('repo_script: what it is run in', (test) => {
	const nosy = programs({
		'bin/ship': `${FOLDER}\necho "$1 $(git rev-parse HEAD) $(git symbolic-ref --quiet HEAD || echo detached) dirt=$(git status --porcelain) $SLIPWAY_SHA" >> "$folder/log"`,
	});
	test('the workspace at the ship SHA, detached and clean, with its arguments and the remotes of the checkout', () =>
		onDeployStage({ target: SCRIPT, script: nosy }, async (stage) => {
			assert.is((await stage.ship()).outcome, 'done');
			assert.is(log(stage), `production ${stage.sha} detached dirt= ${stage.sha}\n`);
			assert.is(stage.evidence()?.sha, stage.sha);
			assert.is((await stage.ship()).outcome, 'skipped');
		}));
	test('a deploy to QA of the same commit is no deploy to production', () =>
		onDeployStage({ target: SCRIPT, script: nosy, purpose: 'qa' }, async (stage) => {
			assert.is((await stage.ship()).outcome, 'done');
			assert.is(stage.productionEvidence(), null);
		}));
	test('revision_url has the last word: a script that ended well and put nothing live is not done', () => {
		let live = '';
		return against(
			(_request, response) => response.end(`${live}\n`),
			(server) =>
				onDeployStage(
					{ target: { ...SCRIPT, revisionUrl: `${server.url}/revision` }, script: nosy, timeouts: { smokeMs: 300 } },
					async (stage) => {
						const { outcome, findings } = await stage.ship();
						assert.equal([outcome, findings[0]?.code], ['failed', 'not-proven']);
						live = stage.sha;
						assert.is((await stage.look()).state, 'done');
						live = 'latest';
						assert.is((await stage.look()).state, 'unknown');
					},
				),
		)();
	});
});

/** A Kamal of two hosts, of which `$folder/second` may lag behind. */
const KAMAL_PROGRAM = `${FOLDER}
echo "$*" >> "$folder/log"
case "$1" in
deploy) echo "$3" > "$folder/first"; test -e "$folder/halfway" || echo "$3" > "$folder/second" ;;
app) for host in first second; do
	echo "  INFO [1a2b3c4d] Running docker ps on $host" >&2
	echo "App Host: $host"; cat "$folder/$host" 2>/dev/null || true; echo
done ;;
esac`;

suite('kamal: run for real, with a program of its words', (test) => {
	test('`deploy --version SHA`, and done when every host says that version', () =>
		onDeployStage({ target: KAMAL, script: programs({ 'bin/kamal': KAMAL_PROGRAM }) }, async (stage) => {
			const settled = await stage.ship();
			assert.is(settled.outcome, 'done', settled.reasons.join());
			assert.equal(log(stage).split('\n'), ['app version', `deploy --version ${stage.sha}`, 'app version', '']);
			assert.is((await stage.ship()).outcome, 'skipped');
		}));
	test('one host that stayed behind is not done, whatever the exit code', () =>
		onDeployStage(
			{
				target: KAMAL,
				script: programs({ 'bin/kamal': `${KAMAL_PROGRAM.replace('deploy) ', 'deploy) touch "$folder/halfway"; ')}` }),
			},
			async (stage) => {
				const { outcome, findings } = await stage.ship();
				assert.equal([outcome, findings[0]?.code], ['failed', 'not-proven']);
				assert.match(findings[0]?.seen ?? '', 'second runs nothing');
			},
		));
	test('live_cmd speaks for all hosts where it is given', () =>
		onDeployStage(
			{
				target: { ...KAMAL, destination: 'staging', liveCmd: ['bin/live'] },
				script: programs({
					'bin/kamal': KAMAL_PROGRAM,
					'bin/live': `${FOLDER}\ncat "$folder/first" 2>/dev/null || true`,
				}),
			},
			async (stage) => {
				assert.is((await stage.ship()).outcome, 'done');
				assert.is(log(stage), `deploy --version ${stage.sha} --destination staging\n`);
			},
		));
	test('a failing Kamal is a failed task in its own words; one that can not say what runs is unknown', () =>
		onDeployStage(
			{
				target: KAMAL,
				script: programs({ 'bin/kamal': 'test "$1" != deploy || { echo "Deploy lock found" >&2; exit 1; }' }),
			},
			async (stage) => {
				const { outcome, findings } = await stage.ship();
				assert.equal(
					[outcome, findings[0]?.code, findings[0]?.seen],
					['failed', 'command-failed', 'Deploy lock found'],
				);
			},
		));
	test('a host that can not be reached is unknown', () =>
		onDeployStage(
			{ target: KAMAL, script: programs({ 'bin/kamal': 'echo "no route to host" >&2; exit 1' }) },
			async (stage) => {
				const { state, findings } = await stage.look();
				assert.is(state, 'unknown');
				assert.match(findings[0]?.seen ?? '', 'no route to host');
			},
		));
});
