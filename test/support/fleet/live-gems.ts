import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { output } from '../process.ts';
import { GEMS, gemSources, OTHER_GEM, OTHER_GEM_VERSIONS } from './gem-repos.ts';
import { FIRST_COMMIT_EPOCH } from './history.ts';
import { writeFile } from './repositories.ts';

interface GemVersion {
	readonly name: string;
	readonly version: string;
}

interface LiveGem extends GemVersion {
	readonly bytes: Buffer;
}

/** Built gems of this process by `live` version: the same sources and the same time give the same bytes. */
const built = new Map<string, Promise<readonly LiveGem[]>>();

/** The train's gems at their live version, as built from the commit tagged with it, and somebody else's gem. */
function gemsFor(live: string | null): GemVersion[] {
	const own = live ? GEMS.map((name) => ({ name, version: live })) : [];
	return [...OTHER_GEM_VERSIONS.map((version) => ({ name: OTHER_GEM, version })), ...own];
}

async function buildAll(gems: readonly GemVersion[]): Promise<readonly LiveGem[]> {
	const dir = mkdtempSync(join(tmpdir(), 'slipway-build-'));
	try {
		const jobs = gems.map(({ name, version }) => {
			const source = join(dir, `${name}-${version}`);
			for (const [path, text] of Object.entries(gemSources(name, version))) writeFile(join(source, path), text);
			return {
				name,
				version,
				dir: source,
				gemspec: join(source, `${name}.gemspec`),
				out: join(dir, `${name}-${version}.gem`),
			};
		});
		const script = fileURLToPath(new URL('build-gems.rb', import.meta.url));
		const env = { PATH: process.env.PATH, HOME: dir, LANG: 'C.UTF-8', SOURCE_DATE_EPOCH: `${FIRST_COMMIT_EPOCH}` };
		await output(['ruby', script], { env, input: JSON.stringify(jobs) });
		return jobs.map(({ name, version, out }) => ({ name, version, bytes: readFileSync(out) }));
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

function liveGems(live: string | null): Promise<readonly LiveGem[]> {
	const key = live ?? 'none';
	const gems = built.get(key) ?? buildAll(gemsFor(live));
	built.set(key, gems);
	return gems;
}

/** SHA-256 of each gem that pushLiveGems pushes, by `name-version`. */
export async function liveChecksums(live: string | null): Promise<ReadonlyMap<string, string>> {
	const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
	return new Map((await liveGems(live)).map((gem) => [`${gem.name}-${gem.version}`, digest(gem.bytes)]));
}

/** Pushes the gems that are live before a train starts. */
export async function pushLiveGems(server: { url: string; apiKey: string }, live: string | null): Promise<void> {
	for (const { bytes } of await liveGems(live)) {
		const reply = await fetch(`${server.url}/api/v1/gems`, {
			method: 'POST',
			headers: { Authorization: server.apiKey, 'Content-Type': 'application/octet-stream' },
			body: new Uint8Array(bytes),
		});
		if (!reply.ok) throw new Error(`push of a live gem: ${reply.status} ${await reply.text()}`);
	}
}
