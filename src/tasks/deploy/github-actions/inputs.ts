import type { WorkflowInputs } from '../../../io/workflow-file.ts';
import type { TargetOf } from '../adapter.ts';

type Target = TargetOf<'github_actions'>;

/** An input of this name gets the ship SHA without being asked to. */
const SHA_INPUT = 'sha';

/**
 * The inputs of a dispatch as the file and the workflow want them, `{sha}` and `{train}` filled in;
 * `{dispatch}` stays, because only the dispatch itself knows its word. Pure.
 */
export function inputsFor(
	{ inputs }: Target,
	declared: WorkflowInputs,
	{ sha, train }: { readonly sha: string; readonly train: string },
): Readonly<Record<string, string>> {
	const given = declared.has(SHA_INPUT) ? { [SHA_INPUT]: '{sha}', ...inputs } : inputs;
	return mapValues(given, (value) => value.replaceAll('{sha}', sha).replaceAll('{train}', train));
}

/** The word of a dispatch, where an input wants it. Pure. */
export function withWord(inputs: Readonly<Record<string, string>>, word: string): Readonly<Record<string, string>> {
	return mapValues(inputs, (value) => value.replaceAll('{dispatch}', word));
}

/** Whether the workflow is told which commit to deploy; it deploys the head of `ref` otherwise. Pure. */
export function carriesSha(inputs: Readonly<Record<string, string>>, sha: string): boolean {
	return Object.values(inputs).some((value) => value.includes(sha));
}

/** What GitHub would refuse: inputs that the workflow does not declare, and those that it needs. Pure. */
export function inputFaults({ inputs, workflow }: Target, declared: WorkflowInputs): readonly string[] {
	const unknown = Object.keys(inputs).filter((name) => !declared.has(name));
	const missing = [...declared].filter(
		([name, { isNeeded }]) => isNeeded && name !== SHA_INPUT && !Object.hasOwn(inputs, name),
	);
	return [
		...unknown.map((name) => `${workflow} declares no input \`${name}\``),
		...missing.map(([name]) => `${workflow} needs the input \`${name}\``),
	];
}

function mapValues(
	inputs: Readonly<Record<string, string>>,
	change: (value: string) => string,
): Readonly<Record<string, string>> {
	return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, change(value)]));
}
