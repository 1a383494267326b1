import { Refusal } from '../core/diagnostic.ts';
import { compileInit } from '../graph/compile-preparation.ts';
import { executeGraph, newRunId } from './execute-graph.ts';
import { noRecord } from './no-record.ts';
import { openWorld } from './open-world.ts';
import { loadConfig, printDiagnostics, type Session, say } from './session.ts';
import { withTrainLock } from './with-lock.ts';

/** `slipway init`: a release branch on each origin that lacks one. Gives the exit code. */
export async function init(session: Session): Promise<number> {
	const config = await loadConfig(session);
	const { graph, diagnostics } = compileInit(config);
	if (graph === null) throw new Refusal(diagnostics);
	const run = newRunId();
	return withTrainLock({ session, config, holder: session.by, run, command: 'init' }, async ({ lost }) => {
		const opened = await openWorld({ session, config, record: noRecord('init', session.by), by: session.by });
		try {
			const jobs = config.train.concurrency;
			const result = await executeGraph({ session, config, opened, graph, run, command: 'init', jobs, lost });
			const settled = [...result.settled.values()];
			const findings = settled.flatMap((settlement) => settlement.findings);
			if (findings.length > 0) printDiagnostics(session, { diagnostics: findings });
			const { done, skipped } = result.counts;
			if (!session.options.json) say(session, `release branches: ${done} created, ${skipped} there already`);
			if (result.outcome === 'done') return 0;
			return settled.some((settlement) => settlement.began) ? 1 : 3;
		} finally {
			await opened.close();
		}
	});
}
