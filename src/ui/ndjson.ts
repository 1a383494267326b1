import { redact } from '../core/redact.ts';
import { unreachable } from '../core/unreachable.ts';
import type { EventSink, RunEvent } from '../runner/events.ts';

/**
 * The `--json` view of a run: one document a line, as 4-cli.md words it. Takes `write`, which gets
 * whole lines. The order of the fields is part of what scripts may rely on, so it is spelt out
 * here and never left to whoever made the event.
 */
export function ndjsonView({ write }: { readonly write: (text: string) => void }): EventSink {
	return (event) => write(`${JSON.stringify(eventDocument(event), redactStrings)}\n`);
}

/** String by string, before they are quoted: hiding a secret in finished JSON could break its quotes. */
function redactStrings(_key: string, value: unknown): unknown {
	return typeof value === 'string' ? redact(value) : value;
}

function eventDocument(event: RunEvent): object {
	return { schema: 'slipway.event/1', at: event.at, run: event.run, type: event.type, ...details(event) };
}

/** Fields that are absent in the event are absent in the document: JSON drops undefined ones. */
function details(event: RunEvent): object {
	switch (event.type) {
		case 'run.started':
			return { name: event.name, tasks: event.tasks.map(({ id, kind, needs }) => ({ id, kind, needs })) };
		case 'task.probed':
			return { task: event.task, state: event.state, reasons: event.reasons };
		case 'task.started':
			return { task: event.task, change: event.change };
		case 'task.output':
			return { task: event.task, stream: event.stream, line: event.line };
		case 'task.finished': {
			const { task, outcome, evidence, ms, note, error } = event;
			return { task, outcome, evidence, ms, note, error };
		}
		case 'run.finished': {
			const { done, skipped, failed, cancelled, not_started } = event.counts;
			return { outcome: event.outcome, counts: { done, skipped, failed, cancelled, not_started }, ms: event.ms };
		}
		default:
			return unreachable(event);
	}
}
