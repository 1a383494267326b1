import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as assert from 'uvu/assert';
import { originUrl } from '../support/fleet/layout.ts';
import { output } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { commandsRun, deployed, show } from '../support/world.ts';
import { APPS, GEMS, REPOS, shipOnce } from './ship-story.ts';

const BUNDLE = ['Gemfile', 'Gemfile.lock'];
const ZERO = '0'.repeat(40);
const shipped = await shipOnce();
const { fleet, refs, frozen, moved } = shipped;
const shipOf = (repo: string) => refs[repo]?.['refs/heads/main'] ?? '';
const gitIn = (repo: string, ...args: string[]) =>
	output(['git', '-C', join(fleet.layout.origins, `${repo}.git`), ...args], { env: fleet.env });
const mains = () => moved.filter(({ ref }) => ref === 'refs/heads/main');

suite('ship: gems', (test) => {
	test('each gem is on the server exactly once, at its new version', () => {
		for (const gem of GEMS)
			assert.equal(
				shipped.served[gem]?.map(({ version }) => version),
				['0.1.0', '0.2.0'],
				gem,
			);
		assert.is(shipped.pushes.length, GEMS.length);
	});

	test('a gem is tagged and promoted at the commit that was frozen, and nothing else of it moves', () => {
		for (const gem of GEMS) {
			assert.is(refs[gem]?.['refs/tags/v0.2.0'], frozen[gem], gem);
			assert.is(refs[gem]?.['refs/heads/main'], frozen[gem], gem);
			assert.is(refs[gem]?.['refs/heads/release'], frozen[gem], gem);
			const took = moved.filter(({ repo }) => repo === gem).map(({ ref, from }) => [ref, from === ZERO]);
			assert.equal(
				took,
				[
					['refs/tags/v0.2.0', true],
					['refs/heads/main', false],
				],
				gem,
			);
		}
	});

	test('no origin takes anything before the last gem is on the server', () => {
		const lastPush = Math.max(...shipped.pushes.map(({ at }) => Date.parse(at)));
		const early = moved.filter(({ repo, atMs }) => APPS.includes(repo) && atMs < lastPush);
		assert.equal(early, []);
	});

	test('release_check ran once for each gem, at its frozen commit', () => {
		const ran = commandsRun(fleet).filter(({ command }) => command === 'release-check');
		assert.equal(
			new Set(ran.map(({ repo, sha }) => `${repo} ${sha}`)),
			new Set(GEMS.map((gem) => `${gem} ${frozen[gem]}`)),
		);
		assert.is(ran.length, GEMS.length);
	});
});

suite('ship: consumers', (test) => {
	test('main and release of every app stand at its ship SHA, one commit on the frozen SHA', async () => {
		for (const app of APPS) {
			assert.is(refs[app]?.['refs/heads/release'], shipOf(app), app);
			assert.is(
				(await gitIn(app, 'rev-list', '--parents', '-1', shipOf(app))).trim(),
				`${shipOf(app)} ${frozen[app]}`,
				app,
			);
		}
	});

	test('the re-pin commit touches Gemfile and lock alone, and the lock alone where the pin admits the version', async () => {
		for (const app of APPS) {
			const touched = (await gitIn(app, 'diff', '--name-only', `${frozen[app]}..${shipOf(app)}`)).trim().split('\n');
			assert.equal(touched, app === 'quay' ? ['Gemfile.lock'] : BUNDLE, app);
		}
	});

	test('the Gemfile names the published gems by a pin; comments and other gems stay as they were', async () => {
		for (const app of APPS) {
			const gemfile = await show(fleet, { repo: app, ref: shipOf(app), path: 'Gemfile' });
			const pin = app === 'quay' ? '~> 0.1' : '~> 0.2';
			const lines = [
				`source "${fleet.gemServerUrl}"`,
				'',
				'gem "tack", "~> 1.0"',
				'',
				'# Shared by every app of the fleet.',
				`gem "studio-engine", "${pin}"`,
				`gem "studio-ui", "${pin}"`,
				'',
			];
			assert.is(gemfile, lines.join('\n'), app);
		}
	});

	test('the lock holds the published versions from the gem registry, no git, no folder, and no other gem moved', async () => {
		for (const app of APPS) {
			const lock = (await show(fleet, { repo: app, ref: shipOf(app), path: 'Gemfile.lock' })) ?? '';
			assert.not.match(lock, /^(?:GIT|PATH)$/m, app);
			assert.match(lock, `GEM\n  remote: ${fleet.gemServerUrl}/\n  specs:\n`, app);
			assert.match(lock, /^ {4}studio-engine \(0\.2\.0\)$/m, app);
			assert.match(lock, /^ {4}studio-ui \(0\.2\.0\)\n {6}studio-engine \(~> 0\.2\)$/m, app);
			assert.match(lock, /^ {4}tack \(1\.0\.0\)$/m, app);
		}
	});

	test('Bundler, asked to lock what was shipped, finds nothing to change', () => {
		assert.ok(shipped.bundlerAgrees);
	});

	test('tests ran once for each app, at its ship SHA', () => {
		const ran = commandsRun(fleet).filter(({ command }) => command === 'test');
		assert.equal(
			new Set(ran.map(({ repo, sha }) => `${repo} ${sha}`)),
			new Set(APPS.map((app) => `${app} ${shipOf(app)}`)),
		);
		assert.is(ran.length, APPS.length);
	});
});

suite('ship: deploys', (test) => {
	test('every app with a target is deployed once, at its ship SHA; one without is promoted and named', () => {
		for (const app of APPS) {
			const wanted = app === 'quay' ? [] : [shipOf(app)];
			assert.equal(
				deployed(fleet, app).map(({ sha }) => sha),
				wanted,
				app,
			);
		}
		assert.match(shipped.said.ship, /^ {2}quay .*no production target, nothing dispatched$/m);
	});

	test('a Heroku-like remote receives the ship SHA on its branch and nothing else', async () => {
		for (const app of ['harbor', 'lagoon']) {
			const platform = join(fleet.layout.platform, 'production', `${app}.git`);
			const held = await output(['git', '-C', platform, 'for-each-ref', '--format=%(refname) %(objectname)'], {
				env: fleet.env,
			});
			assert.is(held.trim(), `refs/heads/main ${shipOf(app)}`, app);
		}
	});

	test('no main of an app moves before the last gate is green', () => {
		const commands = commandsRun(fleet).map(({ command }) => command);
		const gatesBegun = commands.lastIndexOf('test') + 1;
		for (const { repo, commands: begun } of mains()) {
			if (APPS.includes(repo))
				assert.ok(begun >= gatesBegun, `${repo} moved after ${begun} commands, and gate ${gatesBegun} had not begun`);
		}
		assert.equal(new Set(mains().map(({ repo }) => repo)), new Set(REPOS));
	});

	test('the hub is live before any satellite is touched, and no app goes live before its main moved', () => {
		const deploys = commandsRun(fleet).filter(({ command }) => command === 'push' || command === 'deploy');
		assert.is(deploys[0]?.repo, 'harbor');
		const hubLive = Date.parse(deployed(fleet, 'harbor')[0]?.at ?? '');
		for (const app of ['turf', 'lagoon', 'atoll'])
			assert.ok(Date.parse(deployed(fleet, app)[0]?.at ?? '') >= hubLive, app);
		const all = commandsRun(fleet);
		for (const { repo, commands: begun } of mains()) {
			const deploy = all.findIndex((ran) => ran.repo === repo && (ran.command === 'push' || ran.command === 'deploy'));
			if (deploy >= 0) assert.ok(begun <= deploy, `main of ${repo} moved after its deploy had begun`);
		}
	});

	test('a deploy script runs with HEAD detached at the ship SHA, a clean tree and the remotes of the checkout', () => {
		const saw = readFileSync(join(fleet.dir, 'deploy-saw'), 'utf8').trimEnd().split('\n');
		const folder = saw.pop() ?? '';
		assert.equal(saw, [
			'head=detached',
			`sha=${shipOf('atoll')}`,
			'dirt=',
			`remote.origin.url ${originUrl(fleet.layout, 'atoll')}`,
		]);
		assert.not.ok(folder.startsWith(join(fleet.projectsDir, 'atoll')), folder);
	});
});

suite('ship: what stays', (test) => {
	test('no checkout changes in a single byte, however dirty it is', () => {
		assert.equal(shipped.checkouts.after, shipped.checkouts.before);
	});

	test('a parked repository is never read nor written, and status says why', () => {
		assert.equal(shipped.parked.after, shipped.parked.before);
		assert.not.match(shipped.said.init, 'drydock');
		assert.is(shipped.said.status.record?.frozen.drydock, undefined);
		assert.not.ok(existsSync(join(fleet.layout.conductor, '.slipway', 'repos', 'drydock.git')));
	});

	test('status says of every app where it stands, whatever puts it live', () => {
		const { live } = shipped.said.status;
		for (const app of ['harbor', 'turf', 'lagoon', 'atoll']) assert.is(live[app]?.deployed, shipOf(app), app);
		assert.equal(live.quay, { main: shipOf('quay') });
	});

	test('the record is shipped, with the SHAs that the origins hold', () => {
		const { record } = shipped.said.status;
		assert.is(record?.state, 'shipped');
		assert.equal(record?.ship, Object.fromEntries(REPOS.map((repo) => [repo, shipOf(repo)])));
		const onDisk = JSON.parse(readFileSync(join(fleet.layout.conductor, '.slipway', 'record.json'), 'utf8'));
		assert.is(onDisk.state, 'shipped');
	});

	test('ship again exits 0, pushes nothing, deploys nothing and says that all was live', () => {
		assert.is(shipped.again.code, 0);
		assert.match(shipped.again.stdout, /^✔ Done .*: nothing was left to do$/m);
		assert.is(shipped.again.worldMoved, false);
		assert.is(shipped.again.moves, moved.length);
		assert.match(shipped.again.stdout, /^ {2}harbor .*was live already$/m);
	});

	test('what Slipway keeps is for its owner alone', () => {
		const state = join(fleet.layout.conductor, '.slipway');
		assert.is(lstatSync(state).mode & 0o777, 0o700);
		const open = ownFiles(state).filter((path) => (lstatSync(path).mode & 0o077) !== 0);
		assert.equal(
			open.map((path) => relative(state, path)),
			[],
		);
	});

	test('a shipped train leaves no workspace and no lock behind', () => {
		const state = join(fleet.layout.conductor, '.slipway');
		assert.equal(readdirSync(join(state, 'work')), []);
		assert.equal(
			readdirSync(state).filter((name) => name.includes('lock')),
			[],
		);
	});

	test('remotes are only those that the fleet has: nothing went to QA but the frozen commits', async () => {
		const qa = join(fleet.layout.platform, 'qa', 'harbor.git');
		assert.is((await output(['git', '-C', qa, 'rev-parse', 'main'], { env: fleet.env })).trim(), frozen.harbor);
		assert.equal(
			deployed(fleet, 'turf', 'qa').map(({ sha }) => sha),
			[frozen.turf],
		);
	});
});

/** Everything under a folder but what git keeps in its repositories: those lie in a folder that is private. */
function ownFiles(dir: string): string[] {
	return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
		const path = join(dir, entry.name);
		if (entry.name.endsWith('.git')) return [];
		return entry.isDirectory() ? [path, ...ownFiles(path)] : [path];
	});
}
