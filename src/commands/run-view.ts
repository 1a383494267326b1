import { redactJson } from '../core/redact.ts';
import type { EventSink } from '../runner/events.ts';
import { ndjsonView } from '../ui/ndjson.ts';
import { plainView } from '../ui/plain.ts';
import { type Session, say } from './session.ts';

export interface RunView {
	readonly sink: EventSink;
	/** Tells that a signal was taken, and what a second one would do. */
	stopping(): void;
	/** Makes room for a question to the person at the terminal; what is returned goes on. */
	pause(): () => void;
	/** Gives the terminal back; whatever happened. */
	close(): Promise<void>;
}

/**
 * How a run is shown (4-cli.md, "Output"): NDJSON on stdout with --json, the live view on a
 * terminal, plain lines elsewhere and where CI is set. All but the first go to stderr.
 */
export async function openRunView(session: Session): Promise<RunView> {
	const { options, streams, env, errPalette, redact } = session;
	const told = {
		stopping: () => say(session, STOPPING),
		pause: () => () => undefined,
		close: async () => undefined,
	};
	if (options.json) {
		const sink = ndjsonView({ write: (text) => streams.stdout.write(text) });
		return { ...told, sink: (event) => sink(redactJson(event, redact)) };
	}
	if (options.quiet) return { ...told, sink: () => undefined };
	if (streams.stderr.isTTY && !env.CI && env.TERM !== 'dumb') {
		const { liveView } = await import('../ui/live.ts');
		return liveView({ stream: streams.stderr, palette: errPalette, now: Date.now });
	}
	const lines = createHeldLines((text) => streams.stderr.write(redact(text)));
	return { ...told, pause: lines.pause, sink: plainView({ write: lines.write, palette: errPalette }) };
}

const STOPPING = 'stopping: what runs is finished first; a second signal also stops what can be begun again';

/** Lines that wait while a question stands, so that none lands in the middle of the answer. */
function createHeldLines(write: (text: string) => void): { write: (text: string) => void; pause: () => () => void } {
	let held: string[] | null = null;
	return {
		write: (text) => {
			if (held) held.push(text);
			else write(text);
		},
		pause: () => {
			held = [];
			return () => {
				write((held ?? []).join(''));
				held = null;
			};
		},
	};
}
