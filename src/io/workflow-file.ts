// A workflow is GitHub's own format, not a file of Slipway's user: src/config knows nothing of it.
import { parseDocument } from 'yaml';
import { Unreadable } from '../core/diagnostic.ts';
import { isObject } from '../core/shape.ts';

export interface WorkflowInput {
	/** A dispatch without it is refused. */
	readonly isNeeded: boolean;
}

/** What a workflow file says of being dispatched; null when it does not let itself be. */
export type WorkflowInputs = ReadonlyMap<string, WorkflowInput>;

const MAX_ALIASES = 100;

/**
 * Reads `on.workflow_dispatch` of a workflow file: its inputs, none for a trigger without any, null when
 * there is no such trigger. Throws Unreadable for what is no YAML; `path` is for the message.
 */
export function parseWorkflow(text: string, path: string): WorkflowInputs | null {
	const on = triggers(text, path);
	if (on === 'workflow_dispatch' || (Array.isArray(on) && on.includes('workflow_dispatch'))) return new Map();
	if (!isObject(on) || !Object.hasOwn(on, 'workflow_dispatch')) return null;
	const dispatch = on.workflow_dispatch;
	const inputs = isObject(dispatch) && isObject(dispatch.inputs) ? dispatch.inputs : {};
	return new Map(Object.entries(inputs).map(([name, input]) => [name, { isNeeded: isNeeded(input) }]));
}

function triggers(text: string, path: string): unknown {
	const document = parseDocument(text, { prettyErrors: false });
	const [error] = document.errors;
	if (error) throw new Unreadable(path, `is not YAML: ${error.message}`);
	try {
		const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
		return isObject(value) ? value.on : undefined;
	} catch (cause) {
		throw new Unreadable(path, `is not YAML: ${cause instanceof Error ? cause.message : String(cause)}`);
	}
}

function isNeeded(input: unknown): boolean {
	return isObject(input) && input.required === true && (input.default === undefined || input.default === null);
}
