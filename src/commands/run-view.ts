import type { EventSink } from '../runner/events.ts';
import { ndjsonView } from '../ui/ndjson.ts';
import { plainView } from '../ui/plain.ts';
import type { Session } from './session.ts';

export interface RunView {
	readonly sink: EventSink;
	/** Gives the terminal back; whatever happened. */
	close(): Promise<void>;
}

/**
 * How a run is shown (4-cli.md, "Output"): NDJSON on stdout with --json, the live view on a
 * terminal, plain lines elsewhere and where CI is set. All but the first go to stderr.
 */
export async function openRunView(session: Session): Promise<RunView> {
	const { options, streams, env, errPalette, redact } = session;
	const nothing = async () => undefined;
	if (options.json)
		return { sink: ndjsonView({ write: (text) => streams.stdout.write(redact(text)) }), close: nothing };
	if (options.quiet) return { sink: () => undefined, close: nothing };
	if (streams.stderr.isTTY && !env.CI && env.TERM !== 'dumb') {
		const { liveView } = await import('../ui/live.ts');
		return liveView({ stream: streams.stderr, palette: errPalette, now: Date.now });
	}
	return {
		sink: plainView({ write: (text) => streams.stderr.write(redact(text)), palette: errPalette }),
		close: nothing,
	};
}
