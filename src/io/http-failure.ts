/** What went wrong with a request, in words: fetch says only "fetch failed" and hides the cause below. */

const KINDS: readonly (readonly [string, RegExp])[] = [
	['dns', /^(?:ENOTFOUND|EAI_\w+)$/],
	['refused', /^ECONNREFUSED$/],
	['timeout', /^(?:ETIMEDOUT|UND_ERR_\w*TIMEOUT)$/],
	['tls', /CERT|^ERR_(?:SSL|TLS)|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|^EPROTO$/],
	['connection', /^(?:E[A-Z]+|UND_ERR_SOCKET)$/],
];

interface Cause {
	readonly code: string;
	readonly message: string;
}

/** Gives `dns: …`, `refused: …`, `tls: …`, `timeout: …`, `connection: …` or the message alone, in the library's own words. */
export function describeFailure(error: unknown, timeoutMs: number): string {
	if (error instanceof Error && error.name === 'TimeoutError') return `timeout: no answer within ${timeoutMs / 1000} s`;
	const cause = causeOf(error);
	const kind = kindOf(cause);
	return kind === null ? cause.message : `${kind}: ${cause.message}`;
}

/** True when another attempt may well succeed: anything of the network but a certificate. */
export function isTransient(error: unknown): boolean {
	if (error instanceof Error && error.name === 'TimeoutError') return true;
	const kind = kindOf(causeOf(error));
	return kind !== null && kind !== 'tls';
}

function kindOf(cause: Cause): string | null {
	return KINDS.find(([, pattern]) => pattern.test(cause.code))?.[0] ?? null;
}

/** The innermost cause: of several addresses that were tried, the first one's. */
function causeOf(error: unknown): Cause {
	if (error instanceof AggregateError && error.errors.length > 0) return causeOf(error.errors[0]);
	if (error instanceof Error && error.cause instanceof Error) return causeOf(error.cause);
	if (!(error instanceof Error)) return { code: '', message: String(error) };
	return { code: 'code' in error && typeof error.code === 'string' ? error.code : '', message: error.message.trim() };
}
