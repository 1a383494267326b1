import type { Config } from '../config/types.ts';
import { mapBounded } from '../core/bounded.ts';
import { type Diagnostic, distinct, Refusal } from '../core/diagnostic.ts';
import { readableTime } from '../core/moment.ts';
import type { Graph, TaskNode } from '../graph/types.ts';
import { stateDir } from '../io/state-dir.ts';
import { type FoundLock, heldFinding, readTrainLock } from '../io/train-lock.ts';
import { createFileStore } from '../record/file-store.ts';
import type { RecordStore } from '../record/store.ts';
import { isActive } from '../record/transitions.ts';
import type { ReleaseRecord } from '../record/types.ts';
import { probeTask } from '../runner/probe.ts';
import type { TaskContext } from '../tasks/contract.ts';
import type { PreflightSpec } from '../tasks/preflight/check.ts';
import { type CheckResult, runChecks } from '../tasks/preflight/run-checks.ts';
import { renderCheckup } from '../ui/checkup.ts';
import { noRecord } from './no-record.ts';
import { openWorld, recordHandle } from './open-world.ts';
import { loadConfig, print, printDiagnostics, printJson, type Session } from './session.ts';
import { trainGraph } from './train.ts';

/** What is checked: the train of the active release, or what the file alone says. */
interface Patient {
	readonly graph: Graph;
	readonly record: ReleaseRecord | null;
	/** Why the record could not be used. */
	readonly findings: readonly Diagnostic[];
}

interface Checked {
	readonly repo: string;
	readonly results: readonly CheckResult[];
}

interface Examined {
	readonly checked: readonly Checked[];
	/** What each app with a smoke page says now: noted, and no obstacle to anything (2-train.md §5). */
	readonly noted: readonly string[];
}

/** `slipway doctor`: preflight alone (2-train.md §5), every finding at once; exit code 3 when there is an error among them. */
export async function doctor(session: Session): Promise<number> {
	const config = await loadConfig(session);
	const store = createFileStore(config.dir);
	const patient = await findPatient(config, store);
	const lock = await readTrainLock(stateDir(config.dir));
	const { checked, noted } = await examine({ session, config, store }, patient);
	const findings = [
		...patient.findings,
		...(lock ? [lockFinding(lock)] : []),
		...distinct(checked.flatMap(({ repo, results }) => results.flatMap((result) => findingsIn(result, repo)))),
	];
	if (session.options.json) printJson(session, document(findings));
	else {
		const about = aboutOf(patient);
		const text = renderCheckup(
			{ about, checked, noted, lock: lock === null ? 'free' : lock.dead ? 'dead' : 'held' },
			session.palette,
		);
		print(session, session.redact(text));
		printDiagnostics(session, { diagnostics: findings });
	}
	return findings.some(({ severity }) => severity === 'error') ? 3 : 0;
}

function aboutOf({ record, findings }: Patient): string {
	if (record) return `${record.slug}, ${record.state}`;
	const why = findings.length > 0 ? "the record of the release can't be used" : 'there is no active release';
	return `${why}, so only what needs no frozen SHA`;
}

/** A record that can't be used is a finding like any other, and hides none. */
async function findPatient(config: Config, store: RecordStore): Promise<Patient> {
	try {
		const record = await store.load();
		const isFrozen = record !== null && isActive(record) && Object.keys(record.members).length > 0;
		if (isFrozen) return { graph: trainGraph(config, record), record, findings: [] };
		return { graph: trainGraph(config, null), record: null, findings: [] };
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return { graph: trainGraph(config, null), record: null, findings: error.diagnostics };
	}
}

interface Practice {
	readonly session: Session;
	readonly config: Config;
	readonly store: RecordStore;
}

async function examine({ session, config, store }: Practice, { graph, record }: Patient): Promise<Examined> {
	const handle = record ? recordHandle(store, record) : noRecord('doctor', session.by);
	const opened = await openWorld({ session, config, record: handle, by: session.by });
	const ofKind = <T>(kind: string, ask: (node: TaskNode, context: TaskContext) => Promise<T>) => {
		const nodes = [...graph.nodes.values()].filter((node) => node.kind === kind);
		return mapBounded(nodes, config.train.concurrency, (node) => ask(node, opened.contextOf(node)));
	};
	try {
		opened.useGraph(graph);
		const checked = await ofKind('preflight', async (node, context) => ({
			repo: node.repo ?? '',
			results: await runChecks(node.spec as unknown as PreflightSpec, context),
		}));
		const noted = await ofKind('smoke', async (node, context) => {
			const { reasons } = await probeTask(node, context);
			return `${node.repo}: ${reasons.join('; ')}`;
		});
		return { checked, noted };
	} finally {
		await opened.close();
	}
}

function findingsIn({ check, findings }: CheckResult, repo: string): readonly Diagnostic[] {
	return check.isOfMachine ? findings : findings.map((finding) => ({ ...finding, repo }));
}

/** "The lock is ours" is a check like any other; only a dead train's lock stands in nobody's way. */
function lockFinding(lock: FoundLock): Diagnostic {
	const { owner, dead } = lock;
	if (!dead || owner === null) return heldFinding(lock);
	return {
		code: 'locked',
		severity: 'warning',
		summary: `a dead train left its lock: ${owner.holder}, pid ${owner.pid}`,
		seen: `lock ${owner.id}, run ${owner.run}, \`${owner.command}\`, since ${readableTime(owner.startedAt)}`,
		hint: `the next train takes it over; \`slipway report ${owner.run}\` tells how far it came`,
	};
}

/** Exactly the fields of 4-cli.md. */
function document(findings: readonly Diagnostic[]): object {
	return {
		schema: 'slipway.doctor/1',
		findings: findings.map(({ code, severity, repo = null, summary, hint = null }) => ({
			code,
			severity,
			repo,
			summary,
			hint,
		})),
	};
}
