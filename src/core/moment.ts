/** `2026-01-02 03:04:05 UTC`, for people: takes a moment as `Date.toISOString` writes it. */
export function readableTime(at: string): string {
	return `${at.slice(0, 19).replace('T', ' ')} UTC`;
}
