import type { HostVersion } from './decide.ts';

/** One block a host: `App Host: 192.0.2.1`, then the version, then an empty line (Kamal 1 and 2). */
const HOST = /^App Host: (\S+)[ \t]*\r?\n(?:[ \t]*(\S+)[ \t]*$)?/gm;

/** Reads what `kamal app version` printed; lines of its log are passed over. Pure. */
export function parseHosts(output: string): readonly HostVersion[] {
	return [...output.matchAll(HOST)].map(([, host = '', version]) => ({ host, version: version ?? null }));
}
