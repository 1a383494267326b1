/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

/** Shorter values are words and digits of ordinary output; hiding them would hide the message. */
const SHORTEST_SECRET = 4;

/**
 * Secrets known by their shape. Every pattern starts at a fixed word and runs to a character that
 * it may not hold, so that a line of any length is read in linear time.
 */
const SHAPES: readonly (readonly [RegExp, string])[] = [
	// user:password@ in any URL, and a bare token as the user of an http URL; `ssh://git@host` stays.
	[/:\/\/[^\s/@:]*:[^\s/]*@/g, `://${REDACTED}@`],
	[/(?<=https?):\/\/[^\s/@:]+@/gi, `://${REDACTED}@`],
	// To the closing quote when the value has one of its own, else to the end of the line.
	[/(authorization["']?\s{0,8}[:=]\s{0,8})(?:(["'])[^"'\r\n]*\2|[^\r\n]+)/gi, `$1$2${REDACTED}$2`],
	[/((?:API_KEY|TOKEN|SECRET|PASSWORD|OTP_CODE)[A-Z0-9_]{0,40}=)(?:"[^"]*"|'[^']*'|[^\s"']+)/g, `$1${REDACTED}`],
	[/rubygems_[0-9a-f]{48}/g, REDACTED],
	[/gh[opsur]_[A-Za-z0-9]{20,}/g, REDACTED],
	[/github_pat_[A-Za-z0-9_]{20,}/g, REDACTED],
	[/xox[a-z]-[A-Za-z0-9-]{8,}/g, REDACTED],
	[/HRKU-[A-Za-z0-9_-]{16,}/g, REDACTED],
	// A chat webhook's path is its password.
	[/(hooks\.slack\.com\/services\/)[^\s"']+/g, `$1${REDACTED}`],
	[/(discord(?:app)?\.com\/api\/webhooks\/)[^\s"']+/g, `$1${REDACTED}`],
];

/**
 * Takes any text; gives it with the secrets hidden that can be told by their shape: credentials in
 * URLs, `Authorization` headers, environment assignments, and the tokens of the services that
 * Slipway speaks to (2-train.md §6, "Secrets are never printed"). Never throws.
 */
export function redact(text: string): string {
	return SHAPES.reduce((clean, [shape, replacement]) => clean.replace(shape, replacement), text);
}

/**
 * Takes the exact secrets of this process (values of credential variables and files); gives a
 * function that hides them, as written or percent-encoded, and then everything `redact` knows.
 * A secret of several lines is hidden line by line, because output arrives that way.
 */
export function createRedactor(secretValues: readonly string[]): (text: string) => string {
	const parts = secretValues
		.flatMap((value) => value.split(/\r?\n/))
		.map((line) => line.trim())
		.filter((line) => line.length >= SHORTEST_SECRET)
		.flatMap((line) => [line, encodeURIComponent(line.toWellFormed())]);
	if (parts.length === 0) return redact;
	// Longest first: a secret that begins with another one must not leave its tail behind.
	const longestFirst = [...new Set(parts)].sort((a, b) => b.length - a.length);
	const exact = new RegExp(longestFirst.map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
	return (text) => redact(text.replace(exact, REDACTED));
}

/** The same JSON value with every text of it redacted; keys are names, and stay. */
export function redactJson<T>(value: T, hide: (text: string) => string): T {
	return JSON.parse(JSON.stringify(value, (_key, item) => (typeof item === 'string' ? hide(item) : item)));
}
