/** A repository on a GitHub server. */
export interface GitHubPlace {
	/** `github.com`, or the name (and port) of an Enterprise server. */
	readonly host: string;
	readonly owner: string;
	readonly repo: string;
}

const PATH = /^\/?([A-Za-z0-9._-]+)\/([A-Za-z0-9._-]+?)(?:\.git)?\/?$/;
/** `git@host:owner/repo.git` */
const SCP_LIKE = /^(?:[^@/\s]+@)?([^:/\s]+):(?!\/\/)(.+)$/;

/**
 * Reads owner and repository out of the address of an origin: https, ssh or `git@host:owner/repo`, on any
 * host. Null for what can't be on a GitHub server: a folder, a file:// address, a deeper path. Pure.
 */
export function githubPlaceOf(originUrl: string): GitHubPlace | null {
	const url = URL.parse(originUrl);
	if (url && /^https?:$/.test(url.protocol)) return place(url.host, url.pathname);
	// The port of ssh says nothing of where the API is.
	if (url?.protocol === 'ssh:') return place(url.hostname, url.pathname);
	const [, host, path] = SCP_LIKE.exec(originUrl) ?? [];
	return host && path ? place(host, path) : null;
}

function place(host: string, path: string): GitHubPlace | null {
	const [, owner, repo] = PATH.exec(path) ?? [];
	if (!host || !owner || !repo) return null;
	// GitHub answers ssh on port 443 under another name (docs.github.com, "Using SSH over the HTTPS port").
	const name = host.toLowerCase();
	return { host: /^(?:ssh|www)\.github\.com$/.test(name) ? 'github.com' : name, owner, repo };
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
