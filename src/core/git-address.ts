/** Where a repository is kept, as the address of its origin says. */
export interface GitAddress {
	/** With the port of http(s); that of ssh says nothing of where pages and APIs are. */
	readonly host: string;
	readonly path: string;
	/** How pages of that host are reached. */
	readonly scheme: 'https' | 'http';
}

/** `git@host:owner/repo.git` */
const SCP_LIKE = /^(?:[^@/\s]+@)?([^:/\s]+):(?!\/\/)(.+)$/;

/** Names under which services answer ssh on port 443, or the web, and their own names. */
const ALIASES: ReadonlyMap<string, string> = new Map([
	['ssh.github.com', 'github.com'],
	['www.github.com', 'github.com'],
	['altssh.gitlab.com', 'gitlab.com'],
]);

/** Reads https, ssh, git and `user@host:path` addresses. Null for folders, file:// and what is none. Pure. */
export function gitAddressOf(origin: string): GitAddress | null {
	const url = URL.parse(origin);
	if (url?.protocol === 'https:') return address(url.host, url.pathname);
	if (url?.protocol === 'http:') return { ...address(url.host, url.pathname), scheme: 'http' };
	if (url && /^(?:ssh|git|git\+ssh):$/.test(url.protocol)) return address(url.hostname, url.pathname);
	const [, host, path] = SCP_LIKE.exec(origin) ?? [];
	return host && path ? address(host, path) : null;
}

function address(host: string, path: string): GitAddress {
	const lower = host.toLowerCase();
	return { host: ALIASES.get(lower) ?? lower, path, scheme: 'https' };
}
