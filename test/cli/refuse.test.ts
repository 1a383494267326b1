import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { originUrl } from '../support/fleet/layout.ts';
import { writeFile } from '../support/fleet/repositories.ts';
import type { Finished } from '../support/process.ts';
import type { SlipwayOptions } from '../support/slipway.ts';
import { suite } from '../support/suite.ts';
import { originRef } from '../support/world.ts';
import { pushCommit, setRef } from './colleague.ts';
import { codesOf } from './documents.ts';
import { closedPort } from './port.ts';
import { openStage, type Stage } from './stage.ts';

/** A ship that should refuse, and whether anything of the world or the record is another than before. */
interface Refused {
	readonly ran: Finished;
	readonly untouched: boolean;
}

async function refused(stage: Stage, args: readonly string[], options: SlipwayOptions = {}): Promise<Refused> {
	const state = () =>
		readFileSync(join(stage.fleet.layout.conductor, '.slipway', 'record.json'), 'utf8') + stage.worldDigest();
	const before = state();
	const ran = await stage.run(['ship', ...args], options);
	return { ran, untouched: state() === before };
}

/** While a branch of an origin has one more commit. */
async function whileMoved(stage: Stage, at: { readonly repo: string; readonly branch: string }): Promise<Refused> {
	const ref = `refs/heads/${at.branch}`;
	const sha = await originRef(stage.fleet, at.repo, ref);
	await pushCommit(stage.fleet, { ...at, files: { 'app/late.rb': 'puts "late"\n' } });
	const done = await refused(stage, ['--yes']);
	await setRef(stage.fleet, at.repo, { ref, sha });
	return done;
}

/** Git's own settings, with one repository's URL leading nowhere. */
function gitConfigWithout(stage: Stage, url: string): Record<string, string> {
	const { layout } = stage.fleet;
	const file = join(layout.dir, `gitconfig-${url.replaceAll(/\W/g, '-')}`);
	const own = readFileSync(join(layout.home, '.gitconfig'), 'utf8');
	writeFileSync(file, `${own}[url "file:///nowhere"]\n\tinsteadOf = ${url}\n`);
	return { GIT_CONFIG_GLOBAL: file };
}

/** A `gem` that can't build; all else is the real one's. */
function brokenGemTool(stage: Stage): Record<string, string> {
	const bin = join(stage.fleet.dir, 'broken-bin');
	const path = stage.fleet.env.PATH ?? '';
	const text = `#!/bin/sh\nif [ "$1" = build ]; then echo "no space left for gems" >&2; exit 1; fi\nPATH='${path}' exec gem "$@"\n`;
	writeFile(join(bin, 'gem'), text, 0o755);
	return { PATH: `${bin}:${path}` };
}

/** One assembled train, and every way in which it must not leave; each is undone before the next. */
async function refuseInTurn() {
	const stage = await openStage({ satellites: 2 });
	const { fleet } = stage;
	const unprepared = await stage.run(['ship', '--yes']);
	await stage.must(0, ['prepare', '--yes']);
	const unasked = await refused(stage, []);
	const drifted = await whileMoved(stage, { repo: 'turf', branch: 'release' });
	const mainMoved = await whileMoved(stage, { repo: 'turf', branch: 'main' });
	const port = await closedPort();
	const dead = join(fleet.layout.conductor, 'dead.yml');
	writeFileSync(
		dead,
		readFileSync(fleet.registryFile, 'utf8').replaceAll(stage.server.url, `http://127.0.0.1:${port}`),
	);
	const noGemServer = await refused(stage, ['--yes', '--registry', dead]);
	const { platform, home, tmp } = fleet.layout;
	const noOrigin = await refused(stage, ['--yes'], { env: gitConfigWithout(stage, originUrl(fleet.layout, 'lagoon')) });
	const noHeroku = await refused(stage, ['--yes'], {
		env: gitConfigWithout(stage, pathToFileURL(join(platform, 'production')).href),
	});
	const noKey = await refused(stage, ['--yes'], { env: { HOME: tmp, GIT_CONFIG_GLOBAL: join(home, '.gitconfig') } });
	rmSync(join(fleet.layout.conductor, '.slipway', 'built'), { recursive: true });
	const noBuild = await refused(stage, ['--yes'], { env: brokenGemTool(stage) });
	const noTool = await refused(stage, ['--yes', '--jobs', '1'], { env: { PATH: pathWithoutBundler(stage) } });
	await stage.stop();
	return { unprepared, unasked, drifted, mainMoved, port, noGemServer, noOrigin, noHeroku, noKey, noBuild, noTool };
}

/** A PATH on which all is found but `bundle`. */
function pathWithoutBundler(stage: Stage): string {
	const bin = join(stage.fleet.dir, 'few-tools');
	for (const tool of ['git', 'gem', 'ruby', 'sh']) {
		writeFile(join(bin, tool), `#!/bin/sh\nPATH='${stage.fleet.env.PATH}' exec ${tool} "$@"\n`, 0o755);
	}
	return bin;
}

const seen = await refuseInTurn();

suite('ship: refused before anything changed', (test) => {
	test('without a record: prepare comes first', () => {
		assert.is(seen.unprepared.code, 3);
		assert.equal(codesOf(seen.unprepared), ['not-assembled']);
		assert.match(seen.unprepared.stderr, 'hint: run `slipway prepare` first');
	});

	test('without --yes and without a terminal', () => {
		const { ran, untouched } = seen.unasked;
		assert.is(ran.code, 3);
		assert.equal(codesOf(ran), ['not-confirmed']);
		assert.match(ran.stderr, '--yes');
		assert.ok(untouched);
	});

	test('a release branch that moved after QA saw it', () => {
		const { ran, untouched } = seen.drifted;
		assert.is(ran.code, 3);
		assert.equal(codesOf(ran), ['drift']);
		assert.match(
			ran.stderr,
			/turf: origin\/release is at [0-9a-f]{8}, and QA approved [0-9a-f]{8}\nhint: run `slipway prepare` again/,
		);
		assert.ok(untouched);
	});

	test('a main that can no longer fast-forward', () => {
		const { ran, untouched } = seen.mainMoved;
		assert.is(ran.code, 3);
		assert.equal(codesOf(ran), ['drift']);
		assert.match(ran.stderr, /turf: main \([0-9a-f]{8}\) can't fast-forward to the frozen SHA/);
		assert.ok(untouched);
	});

	test('a gem server that does not answer is unknown, in the words of the system, and never "not published"', () => {
		const { ran, untouched } = seen.noGemServer;
		assert.is(ran.code, 3);
		assert.equal(new Set(codesOf(ran)), new Set(['unknown']));
		assert.match(ran.stderr, `127.0.0.1:${seen.port}`);
		assert.match(ran.stderr, 'ECONNREFUSED');
		assert.not.match(ran.stderr, 'is not on');
		assert.ok(untouched);
	});

	test('an origin that does not answer is unknown, in the words of git', () => {
		const { ran, untouched } = seen.noOrigin;
		assert.is(ran.code, 3);
		assert.equal(codesOf(ran), ['unknown']);
		assert.match(
			ran.stderr,
			/error\[unknown\]: lagoon: could not read .*lagoon\.git\nseen: .*does not appear to be a git repository/,
		);
		assert.ok(untouched);
	});

	test('a Heroku-like remote that does not answer: for the hub and the satellite at once', () => {
		const { ran, untouched } = seen.noHeroku;
		assert.is(ran.code, 3);
		assert.equal(codesOf(ran), ['unknown', 'unknown']);
		assert.match(ran.stderr, /harbor: could not read[\s\S]*lagoon: could not read/);
		assert.ok(untouched);
	});

	test('a gem server that wants a key when there is none, and how to get one', () => {
		const { ran, untouched } = seen.noKey;
		assert.is(ran.code, 3);
		assert.equal(codesOf(ran), ['preflight', 'preflight']);
		assert.match(ran.stderr, /there is no key to push studio-engine[\s\S]*GEM_HOST_API_KEY[\s\S]*gem signin/);
		assert.ok(untouched);
	});

	test('a gem that no longer builds is a refusal, not a failed task', () => {
		const { ran, untouched } = seen.noBuild;
		assert.is(ran.code, 3);
		assert.match(ran.stderr, /studio-engine does not build[\s\S]*no space left for gems/);
		assert.ok(untouched);
	});

	test('a program that the train needs and the machine lacks', () => {
		const { ran, untouched } = seen.noTool;
		assert.is(ran.code, 3);
		assert.match(ran.stderr, /error\[preflight\]: .*bundle is not installed\nhint: install bundle/);
		assert.ok(untouched);
	});
});
