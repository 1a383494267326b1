import { gitAddressOf } from './git-address.ts';

/** Where people read a repository in a browser. */
export interface WebHost {
	readonly service: 'github' | 'gitlab';
	/** `https://github.com/owner/name`, without a slash at its end. */
	readonly url: string;
}

/** What a segment may hold; anything else would have to be escaped in each place that shows the address. */
const SEGMENT = /^[A-Za-z0-9._~-]+$/;

/**
 * The pages of a repository by the address of its origin: https, ssh, git and `user@host:path` forms of
 * github.com, gitlab.com and hosts of one's own that are named so (`gitlab.example.com`). Null for
 * every other host, whose pages nobody knows the form of. Users and passwords are left out. Pure.
 */
export function webHostOf(origin: string): WebHost | null {
	const address = gitAddressOf(origin);
	if (address === null) return null;
	const service = serviceOf(address.host);
	const segments = address.path
		.replace(/\/+$/, '')
		.replace(/\.git$/, '')
		.split('/')
		.filter((segment) => segment !== '');
	const isRepository = service === 'github' ? segments.length === 2 : segments.length >= 2;
	if (service === null || !isRepository || !segments.every((segment) => isPlain(segment))) return null;
	return { service, url: `${address.scheme}://${address.host}/${segments.join('/')}` };
}

function isPlain(segment: string): boolean {
	return SEGMENT.test(segment) && segment !== '.' && segment !== '..';
}

function serviceOf(host: string): WebHost['service'] | null {
	const labels = host.replace(/:\d+$/, '').split('.');
	return (['github', 'gitlab'] as const).find((service) => labels.includes(service)) ?? null;
}

export function commitPage({ service, url }: WebHost, sha: string): string {
	return `${url}${service === 'gitlab' ? '/-' : ''}/commit/${sha}`;
}

/** What `to` has and `from` has not. */
export function comparePage({ service, url }: WebHost, from: string, to: string): string {
	return `${url}${service === 'gitlab' ? '/-' : ''}/compare/${from}...${to}`;
}
