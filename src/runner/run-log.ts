import type { TaskId } from '../core/brand.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { isObject } from '../core/shape.ts';
import type { RunOutcome, TaskOutcome } from './events.ts';
import type { JournalEntry } from './journal-entries.ts';

/** One run as its journal tells it. */
export interface RunLog {
	/** The slug of the train, or the name of another graph. */
	readonly name: string;
	/** What was typed: `ship`. */
	readonly command: string;
	readonly by: string;
	readonly startedAt: string;
	/** Of the last entry. */
	readonly lastAt: string;
	/** Null when the journal has no end: the run was killed, or still goes on. */
	readonly outcome: RunOutcome | null;
	readonly counts: Readonly<Record<TaskOutcome, number>>;
	readonly ms: number;
	/** In the order in which they settled or began, then those that never did. */
	readonly tasks: readonly TaskLog[];
}

export interface TaskLog {
	readonly task: TaskId;
	readonly kind: string;
	/** `began`: an intent without an outcome; what became of it only the world can say. */
	readonly outcome: TaskOutcome | 'began';
	/** Why it ran; empty when it did not. */
	readonly why: readonly string[];
	readonly change: JsonObject | null;
	/** What was seen in the end. */
	readonly reasons: readonly string[];
	readonly evidence: JsonObject | null;
	readonly findings: readonly LoggedFinding[];
	readonly command: LoggedCommand | null;
	readonly beganAt: string | null;
	readonly settledAt: string | null;
	readonly ms: number;
}

export interface LoggedFinding {
	readonly code: string;
	readonly severity: string;
	readonly summary: string;
	readonly seen: string | null;
	readonly hint: string | null;
}

export interface LoggedCommand {
	readonly argv: readonly string[];
	readonly cwd: string;
	readonly exit: number | null;
	/** Why there is no exit code. */
	readonly ended: string | null;
}

/**
 * Reads a run out of the entries of its journal. Pure. The envelope of an entry was checked when it
 * was parsed; a field inside that has another form (written by another version) reads as absent.
 */
export function readRunLog(entries: readonly JournalEntry[]): RunLog {
	const head = entries.find(({ type }) => type === 'run');
	const end = entries.find(({ type }) => type === 'end');
	const startedAt = head?.at ?? entries[0]?.at ?? '';
	const lastAt = entries.at(-1)?.at ?? startedAt;
	const tasks = tasksOf(head, entries);
	return {
		name: textOf(head?.data.name) ?? '',
		command: textOf(head?.data.command) ?? '',
		by: textOf(head?.data.by) ?? '',
		startedAt,
		lastAt,
		outcome: oneOf(OUTCOMES, end?.data.outcome),
		counts: countsOf(tasks),
		ms: numberOf(end?.data.ms) ?? Math.max(0, Date.parse(lastAt) - Date.parse(startedAt)),
		tasks,
	};
}

const OUTCOMES = ['done', 'failed', 'cancelled'] as const;
const TASK_OUTCOMES = ['done', 'skipped', 'failed', 'cancelled', 'not_started'] as const;

function tasksOf(head: JournalEntry | undefined, entries: readonly JournalEntry[]): readonly TaskLog[] {
	const logs = new Map<TaskId, TaskLog>();
	const kinds = new Map(itemsOf(head?.data.tasks).map((task) => [textOf(task.id), textOf(task.kind)]));
	for (const entry of entries) {
		const { task } = entry;
		if (task === undefined) continue;
		const before = logs.get(task) ?? blank(task, kinds.get(task) ?? kindIn(task));
		logs.set(task, entry.type === 'intent' ? began(before, entry) : settled(before, entry));
	}
	for (const [id, kind] of kinds) {
		const task = id as TaskId;
		if (id !== null && !logs.has(task)) logs.set(task, blank(task, kind ?? kindIn(task)));
	}
	return [...logs.values()];
}

function blank(task: TaskId, kind: string): TaskLog {
	const nothing = { why: [], change: null, reasons: [], evidence: null, findings: [], command: null };
	return { task, kind, outcome: 'not_started', ...nothing, beganAt: null, settledAt: null, ms: 0 };
}

function began(before: TaskLog, { at, data }: JournalEntry): TaskLog {
	return { ...before, outcome: 'began', why: textsOf(data.reasons), change: objectOf(data.change), beganAt: at };
}

function settled(before: TaskLog, { at, data }: JournalEntry): TaskLog {
	const command = objectOf(data.command);
	return {
		...before,
		outcome: oneOf(TASK_OUTCOMES, data.outcome) ?? before.outcome,
		reasons: textsOf(data.reasons),
		evidence: objectOf(data.evidence),
		findings: itemsOf(data.findings).map(findingOf),
		command: command && commandOf(command),
		settledAt: at,
		ms: numberOf(data.ms) ?? 0,
	};
}

function findingOf(data: JsonObject): LoggedFinding {
	return {
		code: textOf(data.code) ?? '',
		severity: textOf(data.severity) ?? 'error',
		summary: textOf(data.summary) ?? '',
		seen: textOf(data.seen),
		hint: textOf(data.hint),
	};
}

function commandOf(data: JsonObject): LoggedCommand {
	return {
		argv: textsOf(data.argv),
		cwd: textOf(data.cwd) ?? '',
		exit: numberOf(data.exit),
		ended: textOf(data.ended),
	};
}

function countsOf(tasks: readonly TaskLog[]): Record<TaskOutcome, number> {
	const counts = { done: 0, skipped: 0, failed: 0, cancelled: 0, not_started: 0 };
	for (const { outcome } of tasks) if (outcome !== 'began') counts[outcome] += 1;
	return counts;
}

function kindIn(task: string): string {
	return task.split(':', 1)[0] ?? task;
}

function textOf(value: Json | undefined): string | null {
	return typeof value === 'string' ? value : null;
}

function numberOf(value: Json | undefined): number | null {
	return typeof value === 'number' ? value : null;
}

function objectOf(value: Json | undefined): JsonObject | null {
	return isObject(value) ? (value as JsonObject) : null;
}

function itemsOf(value: Json | undefined): readonly JsonObject[] {
	return Array.isArray(value) ? value.map((item: Json) => objectOf(item)).filter((item) => item !== null) : [];
}

function textsOf(value: Json | undefined): readonly string[] {
	return Array.isArray(value) ? value.filter((item: Json) => typeof item === 'string') : [];
}

function oneOf<T extends string>(choices: readonly T[], value: Json | undefined): T | null {
	return choices.find((choice) => choice === value) ?? null;
}
