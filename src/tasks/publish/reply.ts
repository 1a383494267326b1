/** How `gem push` ended: its exit code, or null and why, and all that it said. */
export interface PushOutput {
	readonly exitCode: number | null;
	readonly ended: string | null;
	readonly text: string;
}

/**
 * What the registry made of a push, as far as `gem push` tells. None of these is a verdict: whether the
 * gem is live is what the registry says afterwards (2-train.md §6).
 */
export type PushReply =
	/** 2xx: pushed, or the same bytes were there already. */
	| 'taken'
	/** 409: this version is there. Whether with our bytes, its checksum says. */
	| 'exists'
	/** 409: this version was yanked, and its number is spent. */
	| 'yanked'
	/** 409: an earlier push of this version has begun and is not done. */
	| 'unfinished'
	/** 401: a one-time password is asked for, or the one given is wrong. */
	| 'otp-missing'
	| 'otp-wrong'
	/** 401: the key is missing, wrong or expired. */
	| 'key'
	/** 403: the key lacks the scope to push; or may not push this gem. */
	| 'scope'
	| 'forbidden'
	/** 413. */
	| 'too-large'
	/** 429, and 503 while another push holds the lock. */
	| 'busy'
	/** Nothing was sent: no connection came about. */
	| 'unsent'
	/** 5xx, or the connection broke after something was sent: the registry may have taken it. */
	| 'lost'
	/** Any other refusal: what is not a gem, a name that is reserved. */
	| 'refused';

/** By the server's own words: rubygems.org (app/models/pusher.rb, its locale), geminabox, RubyGems itself. */
const WORDS: readonly (readonly [RegExp, PushReply])[] = [
	[/A yanked version .*already exists/i, 'yanked'],
	[/did not finish pushing/i, 'unfinished'],
	[/Repushing of gem versions is not allowed/i, 'exists'],
	[/Updating an existing gem is not permitted/i, 'exists'],
	[/OTP code is incorrect/i, 'otp-wrong'],
	[/multi-?factor authentication but no OTP code/i, 'otp-missing'],
	[/The (?:existing key|API key) doesn't have access/i, 'scope'],
	[/requires? owners to enable MFA|must enable MFA/i, 'forbidden'],
	[/You do not have permission|not allowed to push|cannot perform the specified action/i, 'forbidden'],
	[/Repository lock is held by another process|Retry later|Rate limit/i, 'busy'],
	[/Access Denied/i, 'key'],
];

const STATUSES: ReadonlyMap<number, PushReply> = new Map([
	[401, 'key'],
	[403, 'forbidden'],
	[409, 'exists'],
	[413, 'too-large'],
	[429, 'busy'],
	[503, 'busy'],
]);

/** RubyGems' own errors when no connection came about: refused, unknown host, no certificate that is trusted. */
const NO_CONNECTION =
	/Failed to open TCP connection|SocketError|Net::OpenTimeout|OpenSSL::SSL|E(?:CONNREFUSED|HOSTUNREACH|NETUNREACH)/;
const BROKEN =
	/too many (?:connection resets|bad responses)|EOFError|end of file|E(?:CONNRESET|PIPE|CONNABORTED|TIMEDOUT)|Net::ReadTimeout|Timeout::Error/;
const PUSHED = /^POST .*\/api\/v1\/gems\/?$/;

/** Tells the replies of a push apart: first by the server's words, then by the status, then by RubyGems' own errors. Pure. */
export function readReply(output: PushOutput): PushReply {
	if (output.exitCode === 0) return 'taken';
	const { wasSent, status } = lastPost(output.text);
	const said = WORDS.find(([words]) => words.test(output.text))?.[1];
	if (said) return said;
	if (status !== null) return STATUSES.get(status) ?? (status >= 500 ? 'lost' : 'refused');
	if (wasSent || output.ended !== null || BROKEN.test(output.text)) return 'lost';
	return NO_CONNECTION.test(output.text) ? 'unsent' : 'refused';
}

/** `gem push --verbose` says `POST <url>`, and on the next line `<status> <reason>` once there is an answer. */
function lastPost(text: string): { wasSent: boolean; status: number | null } {
	const lines = text.split(/\r?\n/);
	const at = lines.findLastIndex((line) => PUSHED.test(line));
	const status = at < 0 ? null : /^(\d{3})(?: |$)/.exec(lines[at + 1] ?? '');
	return { wasSent: at >= 0, status: status ? Number(status[1]) : null };
}
