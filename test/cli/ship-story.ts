import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { originUrl } from '../support/fleet/layout.ts';
import { writeFile } from '../support/fleet/repositories.ts';
import type { Fleet } from '../support/fleet.ts';
import { output } from '../support/process.ts';
import { originRefs, servedVersions, treeDigest } from '../support/world.ts';
import { pushCommit } from './colleague.ts';
import type { StatusDocument } from './documents.ts';
import { openStage } from './stage.ts';

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

export const APPS = ['harbor', 'turf', 'lagoon', 'quay', 'atoll'];
export const GEMS = ['studio-engine', 'studio-ui'];
export const REPOS = [...GEMS, ...APPS];

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
		!existsSync(notes)
			? []
			: readFileSync(notes, 'utf8')
					.trimEnd()
					.split('\n')
					.map((line) => JSON.parse(line) as Moved);
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
	readonly fleet: Fleet;
	readonly frozen: Readonly<Record<string, string>>;
	/** By repository: every ref of its origin after the ship. */
	readonly refs: Readonly<Record<string, Readonly<Record<string, string>>>>;
	readonly moved: readonly Moved[];
	readonly served: Readonly<Record<string, readonly { version: string; sha256: string }[]>>;
	readonly pushes: readonly { at: string; path: string }[];
	readonly checkouts: {
		readonly before: Readonly<Record<string, string>>;
		readonly after: Readonly<Record<string, string>>;
	};
	readonly parked: { readonly before: unknown; readonly after: unknown };
	readonly said: { readonly init: string; readonly ship: string; readonly status: StatusDocument };
	readonly again: {
		readonly code: number | null;
		readonly stdout: string;
		readonly worldMoved: boolean;
		readonly moves: number;
	};
	readonly bundlerAgrees: boolean;
}

function digests(fleet: Fleet): Record<string, string> {
	return Object.fromEntries([...REPOS, 'drydock'].map((repo) => [repo, treeDigest(join(fleet.projectsDir, repo))]));
}

async function allRefs(fleet: Fleet): Promise<Record<string, Record<string, string>>> {
	return Object.fromEntries(
		await Promise.all(REPOS.map(async (repo) => [repo, await originRefs(fleet, repo)] as const)),
	);
}

/** Whether the real Bundler, asked to lock what was shipped, finds nothing to change. */
async function bundlerAgrees(fleet: Fleet): Promise<boolean> {
	const clone = join(fleet.dir, 'bundled');
	await output(['git', 'clone', '--quiet', '--branch=main', originUrl(fleet.layout, 'turf'), clone], {
		env: fleet.env,
	});
	await output(['bundle', 'lock'], { cwd: clone, env: fleet.env });
	return (await output(['git', 'status', '--porcelain'], { cwd: clone, env: fleet.env })) === '';
}

/** Init, prepare, ship and ship again on a fleet whose checkouts are a mess; all that needs a server is read at once. */
export async function shipOnce(): Promise<Shipped> {
	const stage = await openStage();
	const { fleet, server } = stage;
	await pushCommit(fleet, {
		repo: 'atoll',
		branch: 'release',
		files: { 'bin/deploy': { executable: nosyDeploy(fleet) } },
	});
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
	const served = Object.fromEntries(
		await Promise.all(GEMS.map(async (gem) => [gem, await servedVersions(server.url, gem)] as const)),
	);
	const world = stage.worldDigest();
	const again = await stage.run(['ship', '--yes']);

	const shipped: Shipped = {
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
