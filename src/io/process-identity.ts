import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Enough to tell later, from the same machine, whether this very process still runs. */
export interface ProcessIdentity {
	readonly host: string;
	/** Which start of the machine and which container, so that a pid means something; null where there is no /proc. */
	readonly machine: string | null;
	readonly pid: number;
	/** When it started, in ticks of the machine: a pid is used again, this pair is not. Null where there is no /proc. */
	readonly pidStart: string | null;
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
	return {
		host: hostname(),
		machine: machineIdentity(),
		pid: process.pid,
		pidStart: processStart(process.pid)?.start ?? null,
	};
}

/** What can be said of a process by its identity: `elsewhere` means that nothing here can tell. */
export type Liveness = 'runs' | 'gone' | 'elsewhere';

/** Takes an identity written by any process on any machine. Never throws. */
export function livenessOf(identity: ProcessIdentity): Liveness {
	if (identity.host !== hostname() || identity.machine !== machineIdentity()) return 'elsewhere';
	if (!pidExists(identity.pid)) return 'gone';
	const now = processStart(identity.pid);
	if (now === null) return 'runs';
	const reused = identity.pidStart !== null && now.start !== identity.pidStart;
	return reused || now.ended ? 'gone' : 'runs';
}

function machineIdentity(): string | null {
	try {
		return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
	} catch {
		return null;
	}
}

function pidExists(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// EPERM: it runs, as another user.
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
}

/** From /proc/<pid>/stat. The command name in it may hold spaces and brackets, so it is read from the last one. */
function processStart(pid: number): { readonly start: string; readonly ended: boolean } | null {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		const [state = '', start] = [fields[0], fields[19]];
		// A zombie keeps its pid until its parent looks; nothing of it runs.
		return start === undefined ? null : { start, ended: state === 'Z' || state === 'X' };
	} catch {
		return null;
	}
}
