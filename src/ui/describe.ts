import { isSha, shortSha } from '../core/brand.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { RunEvent } from '../runner/events.ts';
import { safeLine } from './terminal.ts';

/** What became of a task, in one line as it came: its error, else its note, else its evidence. */
export function finishNote({ error, note, evidence }: Extract<RunEvent, { type: 'task.finished' }>): string {
	return error?.summary ?? note ?? (evidence ? describeFields(evidence) : '');
}

/**
 * One line about a change or a piece of evidence: `version 0.2.0 · sha 1a2b3c4d`. Takes any JSON
 * object; gives its plain fields in their own order, without nested values, '' when there is none.
 */
export function describeFields(fields: JsonObject): string {
	return Object.entries(fields)
		.map(([name, value]) => describeField(name, value))
		.filter((part) => part !== null)
		.join(' · ');
}

function describeField(name: string, value: Json): string | null {
	if (value === null || typeof value === 'object') return null;
	const label = safeLine(name).replaceAll('_', ' ');
	if (typeof value !== 'string') return `${label} ${value}`;
	return isSha(value) ? `${label} ${shortSha(value)}` : `${label} ${safeLine(value)}`;
}
