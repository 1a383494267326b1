import { refuse } from '../core/diagnostic.ts';
import { printDot } from '../graph/print/dot.ts';
import { graphDocument } from '../graph/print/json.ts';
import { printMermaid } from '../graph/print/mermaid.ts';
import type { States } from '../graph/print/picture.ts';
import { printSvg } from '../graph/print/svg.ts';
import { graphTree } from '../graph/print/text.ts';
import type { Graph } from '../graph/types.ts';
import { createFileStore } from '../record/file-store.ts';
import type { ReleaseRecord } from '../record/types.ts';
import { planGraph } from '../runner/plan.ts';
import { renderSegments } from '../ui/plan-view.ts';
import { openWorld, recordHandle } from './open-world.ts';
import { loadConfig, print, type Session } from './session.ts';
import { currentGraph } from './train.ts';

export interface GraphOptions {
	readonly dot?: boolean;
	readonly mermaid?: boolean;
	readonly svg?: boolean;
	readonly state?: boolean;
}

/**
 * `slipway graph`: the train's graph. With an active record the derived edges of its frozen SHAs are
 * in it; without one (a review on a machine that has no checkouts) the file alone is drawn.
 */
export async function graph(session: Session, options: GraphOptions): Promise<number> {
	const asked = [options.dot, options.mermaid, options.svg, session.options.json].filter(Boolean).length;
	if (asked > 1)
		refuse('usage', 'graph prints one format at a time', { hint: 'choose one of --dot, --mermaid, --svg, --json' });
	const config = await loadConfig(session);
	const store = createFileStore(config.dir);
	const { graph: drawn, record } = currentGraph(config, await store.load());
	const states = options.state ? await probedStates(session, { config, store, record, graph: drawn }) : undefined;
	print(
		session,
		session.redact(await format(session, options, { graph: drawn, record, ...(states ? { states } : {}) })),
	);
	return 0;
}

interface Drawn {
	readonly graph: Graph;
	readonly record: ReleaseRecord | null;
	readonly states?: States;
}

async function format(
	session: Session,
	options: GraphOptions,
	{ graph: drawn, record, ...states }: Drawn,
): Promise<string> {
	if (session.options.json) return JSON.stringify(graphDocument(drawn, record?.slug ?? null), null, 2);
	if (options.dot) return printDot(drawn, states);
	if (options.mermaid) return printMermaid(drawn, states);
	if (options.svg) return printSvg(drawn, states);
	return renderSegments(
		graphTree(drawn, { ...states, ...(session.options.verbose ? { fold: 'never' as const } : {}) }),
		session.palette,
	);
}

interface Probing {
	readonly config: Awaited<ReturnType<typeof loadConfig>>;
	readonly store: ReturnType<typeof createFileStore>;
	readonly record: ReleaseRecord | null;
	readonly graph: Graph;
}

async function probedStates(session: Session, { config, store, record, graph: drawn }: Probing): Promise<States> {
	if (record === null)
		refuse('not-assembled', 'there is no release record whose tasks could be probed', {
			hint: 'leave --state out, or run `slipway prepare`',
		});
	const opened = await openWorld({ session, config, record: recordHandle(store, record), by: session.by });
	try {
		opened.useGraph(drawn);
		const { plan } = await planGraph(drawn, { jobs: config.train.concurrency, contextOf: opened.contextOf });
		return new Map(plan.nodes.map((node) => [node.id, node.state]));
	} finally {
		await opened.close();
	}
}
