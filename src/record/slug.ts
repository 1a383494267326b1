/** `rel-YYYYMMDD-xxxxxx`, the name of a release (2-train.md §2); safe as a file name. */
const SLUG = /^rel-\d{8}-[0-9a-f]{6}$/;

/** Takes the moment (its UTC day counts) and three random bytes. Pure. */
export function releaseSlug(at: Date, random: Uint8Array): string {
	const day = at.toISOString().slice(0, 10).replaceAll('-', '');
	const tail = Array.from(random.subarray(0, 3), (byte) => byte.toString(16).padStart(2, '0')).join('');
	return `rel-${day}-${tail}`;
}

export function isReleaseSlug(text: string): boolean {
	return SLUG.test(text);
}
