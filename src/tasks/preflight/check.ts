import type { Diagnostic } from '../../core/diagnostic.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Specs } from '../../graph/specs.ts';
import type { TaskContext } from '../contract.ts';

export type PreflightSpec = Specs['preflight'];

/** One question of preflight (2-train.md §5): `read` asks the world, `judge` is pure. */
export interface Check<Seen> {
	/** What is checked, for the list of `slipway doctor`. */
	readonly name: string;
	/** What it finds is true of this machine, whatever the repository. */
	readonly isOfMachine?: true;
	applies(spec: PreflightSpec): boolean;
	read(spec: PreflightSpec, context: TaskContext): Promise<Seen>;
	judge(spec: PreflightSpec, seen: Seen): readonly Finding[];
	/** What of it a plan stands on: a saved plan is stale when one of these moved. */
	facts?(seen: Seen): JsonObject;
}

export type Finding = Omit<Diagnostic, 'repo'>;

export function finding(code: Diagnostic['code'], summary: string, more: Partial<Finding> = {}): Finding {
	return { code, severity: 'error', summary, ...more };
}
