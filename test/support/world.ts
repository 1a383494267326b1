import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Environment, liveFile } from './fleet/layout.ts';
import type { Fleet } from './fleet.ts';
import { output, runProcess } from './process.ts';

/** What is true in a fleet's world, read without Slipway. */

export interface Deployed {
	readonly sha: string;
	readonly at: string;
}

export interface RanCommand {
	/** test, qa-test, release-check, deploy, qa-deploy, push or qa-push. */
	readonly command: string;
	readonly repo: string;
	readonly sha: string;
}

function bare(fleet: Fleet, repo: string): string {
	return join(fleet.layout.origins, `${repo}.git`);
}

/** The object that a full ref name (`refs/heads/main`) of an origin points at; null when there is none. */
export async function originRef(fleet: Fleet, repo: string, ref: string): Promise<string | null> {
	const argv = ['git', '-C', bare(fleet, repo), 'rev-parse', '--quiet', '--verify', `${ref}^{commit}`];
	const { code, stdout } = await runProcess(argv, { env: fleet.env });
	return code === 0 ? stdout.trim() : null;
}

/** Every ref of an origin, name → object: equal before and after means that nothing was pushed. */
export async function originRefs(fleet: Fleet, repo: string): Promise<Record<string, string>> {
	const argv = ['git', '-C', bare(fleet, repo), 'for-each-ref', '--format=%(refname) %(objectname)'];
	const lines = (await output(argv, { env: fleet.env })).split('\n').filter(Boolean);
	return Object.fromEntries(lines.map((line) => line.split(' ') as [string, string]));
}

/** Text of a file at a ref or SHA of an origin; null when it is not there. */
export async function show(fleet: Fleet, at: { repo: string; ref: string; path: string }): Promise<string | null> {
	const argv = ['git', '-C', bare(fleet, at.repo), 'cat-file', 'blob', `${at.ref}:${at.path}`];
	const { code, stdout } = await runProcess(argv, { env: fleet.env });
	return code === 0 ? stdout : null;
}

/** Commits of a range of an origin, newest first, as `subject` lines. */
export async function subjects(fleet: Fleet, repo: string, range: string): Promise<string[]> {
	const argv = ['git', '-C', bare(fleet, repo), 'log', '--format=%s', range];
	return (await output(argv, { env: fleet.env })).split('\n').filter(Boolean);
}

function readNotes<T>(file: string): T[] {
	if (!existsSync(file)) return [];
	const lines = readFileSync(file, 'utf8').split('\n');
	return lines.slice(0, -1).map((line) => JSON.parse(line) as T);
}

/** Every deploy of an app so far, oldest first. */
export function deployed(fleet: Fleet, app: string, environment: Environment = 'production'): Deployed[] {
	return readNotes(liveFile(fleet.layout, environment, app));
}

/** Every command of the fleet's repositories that ran so far, oldest first. */
export function commandsRun(fleet: Fleet): RanCommand[] {
	return readNotes(join(fleet.layout.rig, 'commands.ndjson'));
}

function filesUnder(dir: string): string[] {
	return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
		const path = join(dir, entry.name);
		return entry.isDirectory() ? [path, ...filesUnder(path)] : [path];
	});
}

/** One digest of all names, modes, links and bytes under a folder, `.git` included. */
export function treeDigest(dir: string): string {
	const hash = createHash('sha256');
	for (const path of filesUnder(dir).sort()) {
		const stat = lstatSync(path);
		hash.update(`${relative(dir, path)}\0${stat.mode}\0`);
		if (stat.isSymbolicLink()) hash.update(readlinkSync(path));
		else if (stat.isFile()) hash.update(readFileSync(path));
	}
	return hash.digest('hex');
}

export interface ServedVersion {
	readonly version: string;
	readonly sha256: string;
}

/** Versions of a gem in the compact index, oldest first; empty when the server has never seen it. */
export async function servedVersions(gemServerUrl: string, gem: string): Promise<ServedVersion[]> {
	const reply = await fetch(`${gemServerUrl}/info/${gem}`);
	if (reply.status === 404) return [];
	if (!reply.ok) throw new Error(`/info/${gem}: ${reply.status}`);
	const [, ...lines] = (await reply.text()).trimEnd().split('\n');
	return lines.map((line) => ({
		version: line.slice(0, line.indexOf(' ')),
		sha256: /checksum:([0-9a-f]{64})/.exec(line)?.[1] ?? '',
	}));
}
