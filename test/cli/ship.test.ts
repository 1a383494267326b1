import { appendFileSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as assert from 'uvu/assert';
import { writeFile } from '../support/fleet/repositories.ts';
import { originUrl } from '../support/fleet/layout.ts';
import type { Fleet } from '../support/fleet.ts';
import { output } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { commandsRun, deployed, originRefs, servedVersions, show, treeDigest } from '../support/world.ts';
import { pushCommit } from './colleague.ts';
import type { StatusDocument } from './documents.ts';
import { openStage, type Stage } from './stage.ts';

/** What an origin took: one line a ref, in the order of the whole fleet. */
interface Moved {
	readonly repo: string;
	readonly ref: string;
	readonly from: string;
	readonly to: string;
	readonly atMs: number;
	/** How many commands of the fleet had begun by then. */
	readonly commands: number;
}

const BUNDLE = ['Gemfile', 'Gemfile.lock'];
const APPS = ['harbor', 'turf', 'lagoon', 'quay', 'atoll'];
const GEMS = ['studio-engine', 'studio-ui'];
const REPOS = [...GEMS, ...APPS];
const ZERO = '0'.repeat(40);

/** Lets every origin note what it takes. */
function watchOrigins(fleet: Fleet): () => Moved[] {
	const notes = join(fleet.dir, 'moved.ndjson');
	for (const repo of [...REPOS, 'drydock']) {
		const text = `#!/bin/sh
set -eu
while read -r from to ref; do
	printf '{"repo":"%s","ref":"%s","from":"%s","to":"%s","atMs":%s,"commands":%s}\\n' \\
		${repo} "$ref" "$from" "$to" "$(date +%s%3N)" "$(wc -l < '${fleet.layout.rig}/commands.ndjson')" >> '${notes}'
done
`;
		writeFile(join(fleet.layout.origins, `${repo}.git`, 'hooks', 'post-receive'), text, 0o755);
	}
	appendFileSync(join(fleet.layout.rig, 'commands.ndjson'), '');
	return () =>
		!existsSync(notes) ? [] : readFileSync(notes, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Moved);
}

/** The operator is in the middle of something in every checkout. */
async function messUp(fleet: Fleet): Promise<void> {
	const at = (repo: string) => join(fleet.projectsDir, repo);
	const git = (repo: string, ...args: string[]) => output(['git', ...args], { cwd: at(repo), env: fleet.env });
	await git('turf', 'checkout', '--quiet', '-b', 'half-done');
	writeFileSync(join(at('lagoon'), 'Gemfile'), 'gem "studio-engine", (((\n');
	await git('quay', 'checkout', '--quiet', '--detach', 'origin/main');
	writeFileSync(join(at('quay'), 'app/home.rb'), 'raise "staged"\n');
	await git('quay', 'add', 'app/home.rb');
	rmSync(join(at('atoll'), 'bin/deploy'));
	await git('studio-engine', 'checkout', '--quiet', 'main');
	writeFileSync(join(at('studio-ui'), 'lib/studio_ui/version.rb'), 'module StudioUi\n  VERSION = "9.9.9"\nend\n');
}

/** bin/deploy of atoll, which writes down where it was run. */
function nosyDeploy(fleet: Fleet): string {
	return `#!/bin/sh
set -eu
"${fleet.layout.rig}/step" deploy atoll
{
	echo "head=$(git symbolic-ref --quiet HEAD || echo detached)"
	echo "sha=$(git rev-parse HEAD)"
	echo "dirt=$(git status --porcelain --ignored)"
	git config --get-regexp '^remote[.].*[.]url$'
	pwd -P
} > '${fleet.dir}/deploy-saw'
"${fleet.layout.rig}/go-live" production atoll "$(git rev-parse HEAD)"
`;
}

interface Shipped {
	readonly stage: Stage;
	readonly fleet: Fleet;
	readonly frozen: Readonly<Record<string, string>>;
	/** By repository: every ref of its origin after the ship. */
	readonly refs: Readonly<Record<string, Readonly<Record<string, string>>>>;
	readonly moved: readonly Moved[];
	readonly served: Readonly<Record<string, readonly { version: string; sha256: string }[]>>;
	readonly pushes: readonly { at: string; path: string }[];
	readonly checkouts: { readonly before: Readonly<Record<string, string>>; readonly after: Readonly<Record<string, string>> };
	readonly parked: { readonly before: unknown; readonly after: unknown };
	readonly said: { readonly init: string; readonly ship: string; readonly status: StatusDocument };
	readonly again: { readonly code: number | null; readonly stdout: string; readonly worldMoved: boolean; readonly moves: number };
	readonly bundlerAgrees: boolean;
}

function digests(fleet: Fleet): Record<string, string> {
	return Object.fromEntries([...REPOS, 'drydock'].map((repo) => [repo, treeDigest(join(fleet.projectsDir, repo))]));
}

async function allRefs(fleet: Fleet): Promise<Record<string, Record<string, string>>> {
	return Object.fromEntries(await Promise.all(REPOS.map(async (repo) => [repo, await originRefs(fleet, repo)] as const)));
}

/** Whether the real Bundler, asked to lock what was shipped, finds nothing to change. */
async function bundlerAgrees(fleet: Fleet): Promise<boolean> {
	const clone = join(fleet.dir, 'bundled');
	await output(['git', 'clone', '--quiet', '--branch=main', originUrl(fleet.layout, 'turf'), clone], { env: fleet.env });
	await output(['bundle', 'lock'], { cwd: clone, env: fleet.env });
	return (await output(['git', 'status', '--porcelain'], { cwd: clone, env: fleet.env })) === '';
}

/** init, prepare, ship and ship again on a fleet whose checkouts are a mess; all that needs a server is read at once. */
async function shipOnce(): Promise<Shipped> {
	const stage = await openStage();
	const { fleet, server } = stage;
	await pushCommit(fleet, { repo: 'atoll', branch: 'release', files: { 'bin/deploy': { executable: nosyDeploy(fleet) } } });
	await messUp(fleet);
	const moves = watchOrigins(fleet);
	const before = digests(fleet);
	const parkedBefore = await originRefs(fleet, 'drydock');
	const livePushes = server.pushes().length;

	const init = await stage.must(0, ['init']);
	await stage.must(0, ['prepare', '--yes']);
	const ship = await stage.must(0, ['ship', '--yes']);
	const refs = await allRefs(fleet);
	const moved = moves();
	const status = JSON.parse((await stage.must(0, ['status', '--json'])).stdout) as StatusDocument;
	const served = Object.fromEntries(await Promise.all(GEMS.map(async (gem) => [gem, await servedVersions(server.url, gem)] as const)));
	const world = stage.worldDigest();
	const again = await stage.run(['ship', '--yes']);

	const shipped: Shipped = {
		stage,
		fleet,
		frozen: status.record?.frozen ?? {},
		refs,
		moved,
		served,
		pushes: server.pushes().slice(livePushes),
		checkouts: { before, after: digests(fleet) },
		parked: { before: parkedBefore, after: await originRefs(fleet, 'drydock') },
		said: { init: init.stderr, ship: ship.stdout, status },
		again: { code: again.code, stdout: again.stdout, worldMoved: world !== stage.worldDigest(), moves: moves().length },
		bundlerAgrees: await bundlerAgrees(fleet),
	};
	await stage.stop();
	return shipped;
}

const shipped = await shipOnce();
const { fleet, refs, frozen, moved } = shipped;
const shipOf = (repo: string) => refs[repo]?.['refs/heads/main'] ?? '';
const gitIn = (repo: string, ...args: string[]) => output(['git', '-C', join(fleet.layout.origins, `${repo}.git`), ...args], { env: fleet.env });
const mains = () => moved.filter(({ ref }) => ref === 'refs/heads/main');

suite('ship: gems', (test) => {
	test('each gem is on the server exactly once, at its new version', () => {
		for (const gem of GEMS) assert.equal(shipped.served[gem]?.map(({ version }) => version), ['0.1.0', '0.2.0'], gem);
		assert.is(shipped.pushes.length, GEMS.length);
	});

	test('a gem is tagged and promoted at the commit that was frozen, and nothing else of it moves', () => {
		for (const gem of GEMS) {
			assert.is(refs[gem]?.['refs/tags/v0.2.0'], frozen[gem], gem);
			assert.is(refs[gem]?.['refs/heads/main'], frozen[gem], gem);
			assert.is(refs[gem]?.['refs/heads/release'], frozen[gem], gem);
			const took = moved.filter(({ repo }) => repo === gem).map(({ ref, from }) => [ref, from === ZERO]);
			assert.equal(took, [['refs/tags/v0.2.0', true], ['refs/heads/main', false]], gem);
		}
	});

	test('no origin takes anything before the last gem is on the server', () => {
		const lastPush = Math.max(...shipped.pushes.map(({ at }) => Date.parse(at)));
		const early = moved.filter(({ repo, atMs }) => APPS.includes(repo) && atMs < lastPush);
		assert.equal(early, []);
	});

	test('release_check ran once for each gem, at its frozen commit', () => {
		const ran = commandsRun(fleet).filter(({ command }) => command === 'release-check');
		assert.equal(new Set(ran.map(({ repo, sha }) => `${repo} ${sha}`)), new Set(GEMS.map((gem) => `${gem} ${frozen[gem]}`)));
		assert.is(ran.length, GEMS.length);
	});
});

suite('ship: consumers', (test) => {
	test('main and release of every app stand at its ship SHA, one commit on the frozen SHA', async () => {
		for (const app of APPS) {
			assert.is(refs[app]?.['refs/heads/release'], shipOf(app), app);
			assert.is((await gitIn(app, 'rev-list', '--parents', '-1', shipOf(app))).trim(), `${shipOf(app)} ${frozen[app]}`, app);
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
		assert.equal(new Set(ran.map(({ repo, sha }) => `${repo} ${sha}`)), new Set(APPS.map((app) => `${app} ${shipOf(app)}`)));
		assert.is(ran.length, APPS.length);
	});
});

suite('ship: deploys', (test) => {
	test('every app with a target is deployed once, at its ship SHA; one without is promoted and named', () => {
		for (const app of APPS) {
			const wanted = app === 'quay' ? [] : [shipOf(app)];
			assert.equal(deployed(fleet, app).map(({ sha }) => sha), wanted, app);
		}
		assert.match(shipped.said.ship, /^ {2}quay .*no production target, nothing dispatched$/m);
	});

	test('a Heroku-like remote receives the ship SHA on its branch and nothing else', async () => {
		for (const app of ['harbor', 'lagoon']) {
			const platform = join(fleet.layout.platform, 'production', `${app}.git`);
			const held = await output(['git', '-C', platform, 'for-each-ref', '--format=%(refname) %(objectname)'], { env: fleet.env });
			assert.is(held.trim(), `refs/heads/main ${shipOf(app)}`, app);
		}
	});

	test('no main of an app moves before the last gate is green', () => {
		const commands = commandsRun(fleet).map(({ command }) => command);
		const gatesBegun = commands.lastIndexOf('test') + 1;
		for (const { repo, commands: begun } of mains()) {
			if (APPS.includes(repo)) assert.ok(begun >= gatesBegun, `${repo} moved after ${begun} commands, and gate ${gatesBegun} had not begun`);
		}
		assert.equal(new Set(mains().map(({ repo }) => repo)), new Set(REPOS));
	});

	test('the hub is live before any satellite is touched, and no app goes live before its main moved', () => {
		const deploys = commandsRun(fleet).filter(({ command }) => command === 'push' || command === 'deploy');
		assert.is(deploys[0]?.repo, 'harbor');
		const hubLive = Date.parse(deployed(fleet, 'harbor')[0]?.at ?? '');
		for (const app of ['turf', 'lagoon', 'atoll']) assert.ok(Date.parse(deployed(fleet, app)[0]?.at ?? '') >= hubLive, app);
		const all = commandsRun(fleet);
		for (const { repo, commands: begun } of mains()) {
			const deploy = all.findIndex((ran) => ran.repo === repo && (ran.command === 'push' || ran.command === 'deploy'));
			if (deploy >= 0) assert.ok(begun <= deploy, `main of ${repo} moved after its deploy had begun`);
		}
	});

	test('a deploy script runs with HEAD detached at the ship SHA, a clean tree and the remotes of the checkout', () => {
		const saw = readFileSync(join(fleet.dir, 'deploy-saw'), 'utf8').trimEnd().split('\n');
		const folder = saw.pop() ?? '';
		assert.equal(saw, ['head=detached', `sha=${shipOf('atoll')}`, 'dirt=', `remote.origin.url ${originUrl(fleet.layout, 'atoll')}`]);
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

	test('the record is shipped, with the SHAs that the origins hold', () => {
		const { record } = shipped.said.status;
		assert.is(record?.state, 'shipped');
		assert.equal(record?.ship, Object.fromEntries(REPOS.map((repo) => [repo, shipOf(repo)])));
		const onDisk = JSON.parse(readFileSync(join(fleet.layout.conductor, '.slipway', 'record.json'), 'utf8'));
		assert.is(onDisk.state, 'shipped');
	});

	test('ship again exits 0, pushes nothing, deploys nothing and says that all was live', () => {
		assert.is(shipped.again.code, 0);
		assert.is(shipped.again.worldMoved, false);
		assert.is(shipped.again.moves, moved.length);
		assert.match(shipped.again.stdout, /^ {2}harbor .*was live already$/m);
	});

	test('what Slipway keeps is for its owner alone', () => {
		const state = join(fleet.layout.conductor, '.slipway');
		assert.is(lstatSync(state).mode & 0o777, 0o700);
		const open = ownFiles(state).filter((path) => (lstatSync(path).mode & 0o077) !== 0);
		assert.equal(open.map((path) => relative(state, path)), []);
	});

	test('a shipped train leaves no workspace and no lock behind', () => {
		const state = join(fleet.layout.conductor, '.slipway');
		assert.equal(readdirSync(join(state, 'work')), []);
		assert.equal(readdirSync(state).filter((name) => name.includes('lock')), []);
	});

	test('remotes are only those that the fleet has: nothing went to QA but the frozen commits', async () => {
		const qa = join(fleet.layout.platform, 'qa', 'harbor.git');
		assert.is((await output(['git', '-C', qa, 'rev-parse', 'main'], { env: fleet.env })).trim(), frozen.harbor);
		assert.equal(deployed(fleet, 'turf', 'qa').map(({ sha }) => sha), [frozen.turf]);
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
