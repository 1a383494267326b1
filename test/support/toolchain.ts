import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The project's folder, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Node 24, whatever `node` means on the PATH. */
export const NODE = `${ROOT}node_modules/.bin/node`;

/** What scripts/bootstrap.mjs found and installed. */
export interface Toolchain {
	/** Holds `server` (geminabox and puma) and `bundler` (a newer Bundler): each a GEM_HOME. */
	readonly gemHome: string;
	/** RubyGems' name for this machine, as lock files write it: `x86_64-linux`. */
	readonly platform: string;
	/** Version of the `bundle` on the PATH. */
	readonly bundler: string;
	/** Version of the newer Bundler. */
	readonly newerBundler: string;
}

/** Reads the bootstrap's stamp. Throws, naming the command that makes it, when there is none. */
export function loadToolchain(): Toolchain {
	try {
		const stamp = JSON.parse(readFileSync(`${ROOT}node_modules/.slipway-bootstrap.json`, 'utf8'));
		if (stamp.toolchain) return stamp.toolchain as Toolchain;
	} catch {
		// No stamp, or half a one: the same advice.
	}
	throw new Error('the gem server is not installed yet: run `npm test` (or `npm run demo`) once');
}
