import { bad, good, type Rule } from './fault.ts';
import { shown } from './tree.ts';

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
/** Node's timers fire at once beyond 2³¹−1 ms. */
const LONGEST_MS = 24 * UNITS.h;

/** The form of a duration, for the JSON Schema as well. */
export const DURATION = /^(\d{1,9})(ms|s|m|h)$/;

/** `500ms`, `30s`, `5m`, `2h` to milliseconds; from 1 ms to 24 h. */
export const duration: Rule<number> = (text) => {
	const [, digits, unit] = DURATION.exec(text) ?? [];
	const ms = Number(digits) * UNITS[unit as keyof typeof UNITS];
	if (Number.isNaN(ms))
		return bad('bad-value', `${shown(text)} is no duration`, 'write a number and a unit: 500ms, 30s, 5m, 2h');
	if (ms < 1 || ms > LONGEST_MS)
		return bad('bad-value', `${shown(text)} is out of range`, 'a duration is from 1ms to 24h');
	return good(ms);
};
