import { clean } from '../core/clean.ts';
import { redact } from '../core/redact.ts';

/**
 * What every view puts outside text through: clean, and without the secrets that can be told by
 * their shape. Cleaned first: a control sequence inside a token must not hide it.
 */
export function safe(text: string): string {
	return redact(clean(text));
}

/** Like `safe`, for places that hold one line: line feeds become spaces. */
export function safeLine(text: string): string {
	return safe(text).replaceAll('\n', ' ').trim();
}

/** `340ms`, `12s`, `4m 05s`, `2h 03m`: two units at most, cut and not rounded, so a clock never jumps. */
export function formatDuration(ms: number): string {
	const seconds = Math.max(0, Math.floor(ms / 1000));
	if (seconds === 0) return ms >= 1 ? `${Math.floor(ms)}ms` : '0s';
	if (seconds < 60) return `${seconds}s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes}m ${twoDigits(seconds % 60)}s`;
	return `${Math.floor(minutes / 60)}h ${twoDigits(minutes % 60)}m`;
}

/** `1 task`, `2 tasks`: for nouns that take an s. */
export function plural(count: number, noun: string): string {
	return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function twoDigits(count: number): string {
	return String(count).padStart(2, '0');
}
