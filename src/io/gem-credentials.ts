import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfExists } from './files.ts';

/**
 * Where `gem push` would find a key for a registry, never the key itself: the environment, or
 * RubyGems' own credentials file, which holds one line a key. Null when there is none.
 */
export async function findCredential(
	registry: string,
	env: Readonly<Record<string, string>>,
): Promise<'environment' | 'file' | null> {
	if (env.GEM_HOST_API_KEY) return 'environment';
	for (const path of credentialFiles(env)) {
		if (!(await isThere(path))) continue;
		return namesKeyFor((await readIfExists(path)) ?? '', registry) ? 'file' : null;
	}
	return null;
}

/** The keys of RubyGems' credentials file, only so that no output shows them. A file that can't be read has none to show. */
export function loadKeys(env: Readonly<Record<string, string | undefined>>): string[] {
	return credentialFiles(env).flatMap((path) => {
		try {
			const lines = readFileSync(path, 'utf8').split(/\r?\n/);
			return lines.flatMap((line) => /^\S.*:\s+["']?([^\s"']{8,})/.exec(line)?.[1] ?? []);
		} catch {
			return [];
		}
	});
}

/** RubyGems reads the first of these that exists. */
function credentialFiles(env: Readonly<Record<string, string | undefined>>): string[] {
	const home = env.HOME ?? '';
	const data = env.XDG_DATA_HOME ?? join(home, '.local', 'share');
	return [join(home, '.gem', 'credentials'), join(data, 'gem', 'credentials')];
}

async function isThere(path: string): Promise<boolean> {
	return stat(path).then(
		(found) => found.isFile(),
		() => false,
	);
}

/** As exact as RubyGems: a slash at the end, or a colon before an address, makes it another key. */
function namesKeyFor(text: string, registry: string): boolean {
	const keys = text
		.split(/\r?\n/)
		.map((line) => /^(\S.*):\s+\S/.exec(line)?.[1] ?? '')
		.map((key) => key.replace(/^["']|["']$/g, ''));
	return keys.includes(':rubygems_api_key') || keys.includes(registry);
}
