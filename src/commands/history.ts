import { readableTime } from '../core/moment.ts';
import { stateDir } from '../io/state-dir.ts';
import { createFileStore } from '../record/file-store.ts';
import type { ReleaseRecord } from '../record/types.ts';
import { countsText } from '../ui/full-report.ts';
import { renderTable } from '../ui/table.ts';
import { formatDuration } from '../ui/terminal.ts';
import { type KnownRun, loadRuns } from './run-story.ts';
import { loadConfig, print, printJson, type Session } from './session.ts';

/** `slipway history`: every release and every run, the newest first. Gives the exit code. */
export async function history(session: Session): Promise<number> {
	const config = await loadConfig(session);
	const [records, runs] = await Promise.all([createFileStore(config.dir).history(), loadRuns(stateDir(config.dir))]);
	if (session.options.json) printJson(session, document(records, runs));
	else print(session, session.redact(text(session, records, runs)));
	return 0;
}

function document(records: readonly ReleaseRecord[], runs: readonly KnownRun[]): object {
	return {
		schema: 'slipway.history/1',
		releases: records.map(({ slug, state, createdAt, by, shippedAt, shippedBy, members }) => ({
			slug,
			state,
			createdAt,
			by,
			shippedAt,
			shippedBy,
			members: Object.keys(members),
		})),
		runs: runs.map(({ run, outcome, log }) => {
			const { name = null, command = null, by = null, startedAt = null, counts = null, ms = null } = log ?? {};
			return { run, name, command, by, startedAt, outcome, counts, ms };
		}),
	};
}

function text({ palette }: Session, records: readonly ReleaseRecord[], runs: readonly KnownRun[]): string {
	if (records.length === 0 && runs.length === 0)
		return 'no release and no run yet: `slipway init`, then `slipway prepare`';
	const releases = records.map(({ slug, state, createdAt, by, shippedAt, shippedBy, members }) => {
		const repositories = String(Object.keys(members).length);
		return [
			slug,
			state,
			repositories,
			readableTime(createdAt),
			by,
			shippedAt ? readableTime(shippedAt) : '',
			shippedBy ?? '',
		];
	});
	const rows = runs.map(({ run, outcome, log }) =>
		log === null
			? [run, outcome]
			: [run, outcome, log.name, countsText(log), formatDuration(log.ms), readableTime(log.startedAt), log.by],
	);
	const head = ['release', 'state', 'repositories', 'since', 'by', 'shipped', 'by'];
	return [
		...(releases.length > 0 ? [renderTable(head, releases, palette), ''] : []),
		...(rows.length > 0
			? [renderTable(['run', 'outcome', 'of', 'tasks', 'time', 'started', 'by'], rows, palette)]
			: []),
	].join('\n');
}
