import type { TaskId } from '../core/brand.ts';
import type { JsonObject } from '../core/json.ts';
import { count, is, isObject, moment, object, oneOf, optional, shapedJson } from '../core/shape.ts';

/** One line of a journal. */
export interface JournalEntry {
	readonly at: string;
	/** From 1, without a gap. */
	readonly seq: number;
	readonly type: 'run' | 'intent' | 'outcome' | 'note' | 'end';
	readonly task?: TaskId;
	readonly data: JsonObject;
}

export interface JournalReading {
	readonly entries: readonly JournalEntry[];
	/** Bytes after the last whole line: an entry that was being written when the run was killed. */
	readonly tornBytes: number;
}

const ENTRY = object<JournalEntry>({
	at: moment,
	seq: count,
	type: oneOf('run', 'intent', 'outcome', 'note', 'end'),
	task: optional(is<TaskId>('a task', (value) => typeof value === 'string' && value !== '')),
	data: is<JsonObject>('a mapping', isObject),
});
const LINE_END = 0x0a;

/**
 * Reads the bytes of a journal. Pure. A last line without its end is torn, even when it would parse:
 * nobody was told that it was written. Anything else that is no entry, or a gap, is damage.
 */
export function parseJournal(bytes: Uint8Array): JournalReading | { readonly problem: string } {
	const whole = bytes.lastIndexOf(LINE_END) + 1;
	const lines = new TextDecoder().decode(bytes.subarray(0, whole)).split('\n').slice(0, -1);
	const entries: JournalEntry[] = [];
	for (const [index, line] of lines.entries()) {
		const read = shapedJson(ENTRY, line, 'entry');
		if (!read.ok) return { problem: `line ${index + 1}: ${read.problems[0]}` };
		if (read.value.seq !== index + 1) return { problem: `line ${index + 1}: it is number ${read.value.seq}` };
		entries.push(read.value);
	}
	return { entries, tornBytes: bytes.length - whole };
}

/** The intents without a later outcome, in their order: what their tasks did is for their probes to say. Pure. */
export function openIntents(entries: readonly JournalEntry[]): readonly JournalEntry[] {
	const open = new Map<TaskId, JournalEntry>();
	for (const entry of entries) {
		if (entry.task === undefined) continue;
		if (entry.type === 'intent') open.set(entry.task, entry);
		if (entry.type === 'outcome') open.delete(entry.task);
	}
	return [...open.values()];
}
