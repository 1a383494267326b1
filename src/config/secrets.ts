import { redact } from '../core/redact.ts';

/** `user:password@` after `://`, also with JSON's escaped slashes; greedy, as a password may hold `/` and `@`. */
const PASSWORD = /(:(?:\\?\/){2})([^\s:@/'"]*:\S*@)/g;
/** `token@` in a web address: a user name there is nearly always a token. */
const TOKEN = /(https?:(?:\\?\/){2})([^\s:@/'"]+@)/gi;

/**
 * Takes one line of a file or one value; gives it without the secrets that can be told by their shape.
 * What stands in a URL before its host is starred out at the same length, so that the columns of a
 * span still fit; the rest is left to `redact`, and the line padded to the length that it had.
 */
export function maskSecrets(text: string): string {
	const starred = (_: string, before: string, secret: string) => before + '*'.repeat(secret.length);
	return redact(text.replace(PASSWORD, starred).replace(TOKEN, starred)).padEnd(text.length);
}
