import { join } from 'node:path';
import { AUTHOR, type TreeFile } from '../support/fleet/history.ts';
import type { Fleet } from '../support/fleet.ts';
import { output } from '../support/process.ts';

export interface Commit {
	readonly repo: string;
	readonly branch: string;
	readonly message?: string;
	/** Null removes the file. */
	readonly files: Readonly<Record<string, TreeFile | null>>;
}

let commits = 0;

/** Somebody else pushes a commit to a branch of an origin; gives its SHA. No checkout knows of it. */
export async function pushCommit(fleet: Fleet, commit: Commit): Promise<string> {
	commits += 1;
	const at = `${AUTHOR} ${1_710_000_000 + commits * 60} +0000`;
	const changes = Object.entries(commit.files).map(([path, file]) => {
		if (file === null) return `D ${path}\n`;
		const [mode, text] = typeof file === 'string' ? ['100644', file] : ['100755', file.executable];
		return `M ${mode} inline ${path}\n${data(text)}`;
	});
	const ref = `refs/heads/${commit.branch}`;
	const message = commit.message ?? `Change ${commits}`;
	const head = `commit ${ref}\nmark :1\nauthor ${at}\ncommitter ${at}\n${data(message)}from ${ref}^0\n`;
	const origin = join(fleet.layout.origins, `${commit.repo}.git`);
	const input = `${head}${changes.join('')}get-mark :1\ndone\n`;
	const marks = await output(['git', '-C', origin, 'fast-import', '--quiet', '--done'], { env: fleet.env, input });
	return marks.trim();
}

function data(text: string): string {
	return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** Puts a ref of an origin somewhere, as an administrator could; null removes it. */
export async function setRef(
	fleet: Fleet,
	repo: string,
	to: { readonly ref: string; readonly sha: string | null },
): Promise<void> {
	const origin = join(fleet.layout.origins, `${repo}.git`);
	const args = to.sha === null ? ['-d', to.ref] : [to.ref, to.sha];
	await output(['git', '-C', origin, 'update-ref', ...args], { env: fleet.env });
}
