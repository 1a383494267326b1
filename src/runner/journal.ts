import { join } from 'node:path';
import type { TaskId } from '../core/brand.ts';
import { refuse, Unreadable } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import { redactJson } from '../core/redact.ts';
import { type AppendOnlyFile, createAppendOnly, ensurePrivateDir, listFiles, readBytesIfExists } from '../io/files.ts';
import { type JournalEntry, type JournalReading, parseJournal } from './journal-entries.ts';

/** What the caller says; the moment and the number are the journal's. */
export interface JournalNote {
	readonly type: JournalEntry['type'];
	readonly task?: TaskId;
	readonly data?: JsonObject;
}

/**
 * The append-only log of one run (2-train.md §9). An intent is on the disk before its task runs and
 * an outcome after it; which of the two is last says what a killed run was doing.
 */
export interface Journal {
	readonly path: string;
	/**
	 * Resolves when the entry is on the disk. Entries keep the order of the calls; those that arrive
	 * together share one fsync. After a failed write nothing is taken any more: throws Refusal `state-write`.
	 */
	append(note: JournalNote): Promise<void>;
	/** Waits for what was appended, then closes. */
	close(): Promise<void>;
}

export interface JournalOptions {
	/** The folder `.slipway`, which exists. */
	readonly state: string;
	/** The run's id; a run has one journal, and an existing one is never continued. */
	readonly run: string;
	/** Hides secrets in every text of an entry. */
	readonly redact: (text: string) => string;
	readonly now?: () => Date;
}

/** Where the journal of a run is. */
export function journalPath(state: string, run: string): string {
	return join(state, 'runs', run, 'journal.ndjson');
}

/** Starts the journal of a new run. Throws Refusal `state-write`. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
	const path = journalPath(options.state, options.run);
	await ensurePrivateDir(join(path, '..'));
	const writer = createGroupWriter(await createAppendOnly(path));
	const now = options.now ?? (() => new Date());
	let seq = 0;
	return {
		path,
		append: (note) => {
			seq += 1;
			const data = redactJson(note.data ?? {}, options.redact);
			const entry = { at: now().toISOString(), seq, type: note.type, ...(note.task ? { task: note.task } : {}), data };
			return writer.write(`${JSON.stringify(entry)}\n`);
		},
		close: writer.close,
	};
}

/** Reads the journal of a run. Throws Unreadable when there is none, Refusal `bad-record` when it is damaged. */
export async function readJournal(state: string, run: string): Promise<JournalReading> {
	const path = journalPath(state, run);
	const bytes = await readBytesIfExists(path);
	if (bytes === null) throw new Unreadable(`the journal of run ${run}`, `there is no ${path}`);
	const read = parseJournal(bytes);
	if ('problem' in read) {
		refuse('bad-record', `the journal of run ${run} is damaged`, {
			seen: `${path}, ${read.problem}`,
			hint: 'run again: every task is decided by what the world shows, not by the journal',
		});
	}
	return read;
}

/** The runs that left a journal, by id; ids of one second come in no order. None where there is no state. */
export function listRuns(state: string): Promise<readonly string[]> {
	return listFiles(join(state, 'runs'));
}

/** Group commit: while one fsync is under way, the lines that arrive wait for the next, which covers them all. */
function createGroupWriter(file: AppendOnlyFile) {
	let waiting = '';
	let next: Promise<void> | null = null;
	let last: Promise<void> = Promise.resolve();

	const flush = async () => {
		// A failed write or fsync leaves the file in a state that nobody knows: `last` stays rejected.
		await last;
		const lines = waiting;
		waiting = '';
		next = null;
		await file.append(lines);
	};
	return {
		write: (line: string): Promise<void> => {
			waiting += line;
			if (next === null) {
				next = flush();
				last = next;
			}
			return next;
		},
		close: async () => {
			try {
				await last;
			} finally {
				await file.close();
			}
		},
	};
}
