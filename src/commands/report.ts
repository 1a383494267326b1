import { resolve } from 'node:path';
import { refuse } from '../core/diagnostic.ts';
import { didYouMean } from '../core/suggest.ts';
import { writeAtomic } from '../io/files.ts';
import { stateDir } from '../io/state-dir.ts';
import { createFileStore } from '../record/file-store.ts';
import { readJournal } from '../runner/journal.ts';
import { type FullReport, renderFullReport } from '../ui/full-report.ts';
import { lastShipped, notify } from './notify.ts';
import { type KnownRun, loadRuns, releaseOf, storyOf } from './run-story.ts';
import { loadConfig, print, printJson, type Session, say } from './session.ts';

export interface ReportOptions {
	/** Its id; the newest run when absent. */
	readonly run?: string;
	/** Sends the release notes again instead: of that run's release, or of the last one that shipped. */
	readonly notify?: boolean;
	/** Where to write the page, from the folder of `-C`. */
	readonly html?: string;
}

/** `slipway report`: one run in full, from its journal. Gives the exit code. */
export async function report(session: Session, options: ReportOptions): Promise<number> {
	if (options.notify && options.html !== undefined) refuse('usage', '--notify sends notes, and --html writes a report');
	const config = await loadConfig(session);
	const state = stateDir(config.dir);
	const runs = await loadRuns(state);
	const records = await createFileStore(config.dir).history();
	if (options.notify) {
		const record = options.run === undefined ? lastShipped(records) : releaseOf(find(runs, options.run), records);
		return notify(session, config, record);
	}
	const known = find(runs, options.run);
	if (known.log === null) {
		// Reading it again says what is damaged.
		await readJournal(state, known.run);
		throw new Error(`the journal of ${known.run} was damaged a moment ago`);
	}
	const story = withoutSecrets(storyOf(known, { runs, records }), session);
	if (options.html !== undefined) await writePage(session, story, options.html);
	if (session.options.json) printJson(session, { schema: 'slipway.report/1', ...story });
	else if (options.html === undefined) print(session, renderFullReport(story, session.palette));
	return 0;
}

function find(runs: readonly KnownRun[], asked: string | undefined): KnownRun {
	const known = asked === undefined ? runs[0] : runs.find(({ run }) => run === asked);
	if (known) return known;
	if (asked === undefined) refuse('usage', 'there is no run to report yet', { hint: 'run `slipway prepare` first' });
	const ids = runs.map(({ run }) => run);
	refuse('usage', `there is no run ${asked}`, { hint: didYouMean(asked, ids, '`slipway history` lists the runs') });
}

/** Text by text, before any form of it is quoted or escaped: a secret in finished HTML would look different. */
function withoutSecrets(story: FullReport, { redact }: Session): FullReport {
	const plain = JSON.stringify(story);
	return JSON.parse(plain, (_key, value: unknown) => (typeof value === 'string' ? redact(value) : value)) as FullReport;
}

async function writePage(session: Session, story: FullReport, file: string): Promise<void> {
	const { reportPage } = await import('../ui/report-page.ts');
	const path = resolve(session.cwd, session.options.dir ?? '.', file);
	await writeAtomic(path, reportPage(story));
	say(session, `wrote ${path}`);
}
