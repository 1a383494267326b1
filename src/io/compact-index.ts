import { createHash } from 'node:crypto';

/** One version that a gem registry serves. */
export interface LiveVersion {
	readonly version: string;
	/** `ruby`, or the platform of a gem with compiled code. */
	readonly platform: string;
	/** Null when the server does not say. */
	readonly sha256: string | null;
	readonly yanked: boolean;
}

/** What a page of a registry says, or why it can't be believed. */
export type Page =
	| { readonly ok: true; readonly versions: readonly LiveVersion[] }
	| { readonly ok: false; readonly seen: string };

const LINE = /^(?<version>[0-9][0-9A-Za-z.]*)(?:-(?<platform>[0-9A-Za-z_.-]+))? (?<needs>[^|]*)\|(?<facts>.*)$/;

/**
 * Reads `/info/NAME` of a compact index: lines after `---`, each `VERSION[-PLATFORM] needs|facts`,
 * where the facts hold `checksum:SHA-256` (format: the `compact_index` gem). Pure. A page that is
 * something else, or only a part, is not an empty page.
 */
export function parseInfo(body: string): Page {
	const lines = body.split('\n');
	const start = lines.indexOf('---');
	if (start === -1) return unbelievable('no `---` line: this is not a compact index', body);
	const cut = lines.pop() ?? '';
	// The format ends every line. A server that leaves out the last end is believed when the line is plainly whole.
	if (cut !== '' && checksumOf(cut) === null) return unbelievable('the page ends in the middle of a line', cut);
	const versions: LiveVersion[] = [];
	for (const line of [...lines.slice(start + 1), ...(cut === '' ? [] : [cut])]) {
		const groups = LINE.exec(line)?.groups;
		if (!groups) return unbelievable('a line that is no version', line);
		const sha256 = checksumOf(line);
		if (sha256 === null && /[|,]checksum:/.test(line)) return unbelievable('a checksum that is no SHA-256', line);
		versions.push({ version: groups.version ?? '', platform: groups.platform ?? 'ruby', sha256, yanked: false });
	}
	return { ok: true, versions };
}

function checksumOf(line: string): string | null {
	return /[|,]checksum:([0-9a-f]{64})(?=,|$)/.exec(line)?.[1] ?? null;
}

function unbelievable(why: string, text: string): Page {
	return { ok: false, seen: `${why}: ${JSON.stringify(text.slice(0, 80))}` };
}

/**
 * Whether a legacy index (`specs.4.8`, unpacked) names a gem. It is a Ruby Marshal of
 * `[name, version, platform]`; a text in it is `"`, its length and its bytes, so nothing more has to be read. Pure.
 */
export function legacyIndexNames(specs: Buffer, gem: string): boolean {
	const name = Buffer.from(gem, 'utf8');
	// Marshal writes a length below 123 as that number plus 5, others as a count of bytes and the bytes.
	const length = name.length < 123 ? [name.length + 5] : [1, name.length];
	return specs.includes(Buffer.concat([Buffer.from([0x22, ...length]), name]));
}

/** False when the server names the body's SHA-256 (RFC 9530, as compact indexes do) and it is another. */
export function matchesDigest(body: Buffer, headers: Headers): boolean {
	const named = /(?:^|[,\s])sha-256=:?([A-Za-z0-9+/]{43}=):?/i.exec(headers.get('Repr-Digest') ?? '')?.[1];
	return named === undefined || named === createHash('sha256').update(body).digest('base64');
}
