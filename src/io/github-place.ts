import { gitAddressOf } from '../core/git-address.ts';

/** A repository on a GitHub server. */
export interface GitHubPlace {
	/** `github.com`, or the name (and port) of an Enterprise server. */
	readonly host: string;
	readonly owner: string;
	readonly repo: string;
}

const PATH = /^\/?([A-Za-z0-9._-]+)\/([A-Za-z0-9._-]+?)(?:\.git)?\/?$/;
/**
 * Reads owner and repository out of the address of an origin: https, ssh or `git@host:owner/repo`, on any
 * host. Null for what can't be on a GitHub server: a folder, a file:// address, a deeper path. Pure.
 */
export function githubPlaceOf(originUrl: string): GitHubPlace | null {
	const address = gitAddressOf(originUrl);
	const [, owner, repo] = PATH.exec(address?.path ?? '') ?? [];
	return address && owner && repo ? { host: address.host, owner, repo } : null;
}

/** Where the API of a server is: GITHUB_API_URL, which GitHub Actions sets, else by the rules of the host. Pure. */
export function apiUrlOf({ host }: GitHubPlace, env: Readonly<Record<string, string>>): string {
	if (env.GITHUB_API_URL) return env.GITHUB_API_URL.replace(/\/+$/, '');
	if (host === 'github.com') return 'https://api.github.com';
	return host.endsWith('.ghe.com') ? `https://api.${host}` : `https://${host}/api/v3`;
}

/**
 * The token for a server, from the variables that `gh` reads, in its order; null when there is none. A
 * token of github.com is not shown to another server, unless GITHUB_API_URL says that it is meant. Pure.
 */
export function tokenFor({ host }: GitHubPlace, env: Readonly<Record<string, string>>): string | null {
	const isPublic = host === 'github.com' || host.endsWith('.ghe.com');
	const own = env.GH_TOKEN || env.GITHUB_TOKEN || null;
	if (isPublic) return own;
	return env.GH_ENTERPRISE_TOKEN || env.GITHUB_ENTERPRISE_TOKEN || (env.GITHUB_API_URL ? own : null);
}
