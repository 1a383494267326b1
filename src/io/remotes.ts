import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { outputOf } from './command.ts';
import type { Git, GitOptions } from './git.ts';

/** The remotes of the operator's checkout, by name. Relative paths are relative to the checkout. Throws Unreadable. */
export async function readRemotes(git: Git, checkout: string, limits: GitOptions): Promise<Map<string, string>> {
	const remotes = new Map<string, string>();
	const asked = ['config', '--null', '--get-regexp', '^remote\\..*\\.url$'];
	// A folder that is no repository itself has no remotes: those of a repository around it are not its own.
	const env = { GIT_CEILING_DIRECTORIES: dirname(await realpath(checkout)) };
	const result = await git.run(checkout, asked, { ...limits, env });
	if (result.exitCode === 1) return remotes;
	for (const pair of outputOf(result, `git config in ${checkout}`).split('\0')) {
		const [key, url] = pair.split('\n', 2);
		if (!key || !url) continue;
		const name = key.slice('remote.'.length, -'.url'.length);
		if (!remotes.has(name)) remotes.set(name, isPath(url) ? resolve(checkout, url) : url);
	}
	return remotes;
}

/** Git's own rule: what has no colon before its first slash is a path. */
function isPath(url: string): boolean {
	return !/^[^/]*:/.test(url);
}

/** True for what git takes as a place by itself: a URL, an absolute path, `user@host:path`. */
export function isRemoteUrl(text: string): boolean {
	return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || isAbsolute(text) || /^[^/\s]+@[^/\s]+:/.test(text);
}

/** The remotes in the syntax of a git configuration file, every name and URL quoted, without users and passwords. */
export function remotesConfig(remotes: ReadonlyMap<string, string>): string {
	const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
	return [...remotes]
		.map(([name, url]) => `[remote ${quoted(name)}]\n\turl = ${quoted(withoutSecret(url))}\n`)
		.join('');
}

/**
 * The environment in which git puts users and passwords back into the addresses of `remotesConfig`. A
 * secret of the checkout's is lent to one command that way, and never written a second time.
 */
export function remotesEnvironment(remotes: ReadonlyMap<string, string>): Record<string, string> {
	const secret = [...remotes.values()].filter((url) => withoutSecret(url) !== url);
	const pairs = secret.flatMap((url, index) => [
		[`GIT_CONFIG_KEY_${index}`, `url.${url}.insteadOf`],
		[`GIT_CONFIG_VALUE_${index}`, withoutSecret(url)],
	]);
	return secret.length === 0 ? {} : { GIT_CONFIG_COUNT: String(secret.length), ...Object.fromEntries(pairs) };
}

/** A user alone is a secret only in a web address, where it is nearly always a token. */
function withoutSecret(url: string): string {
	return url.replace(/^(https?:\/\/)[^/]*@/i, '$1').replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@:]*:[^/]*@/i, '$1');
}
