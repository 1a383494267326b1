import type { Config } from '../config/types.ts';
import type { RepoName } from '../core/brand.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import type { PlanChange } from '../graph/plan.ts';
import type { CommandResult } from '../io/command.ts';
import type { World } from './world.ts';

/**
 * The four moves of a kind (5-style.md): *probe* reads the world, *decide* is pure, *run* performs
 * exactly the change that was decided, and *verify* is probe and decide once more, by the runner.
 * A kind that can't read throws Unreadable; that is *unknown*, never done and never todo.
 */
export interface TaskKind<Spec, Observed, Change extends AnyChange> {
	readonly name: string;
	/** Its probe is its work: when that says done, the task was done and not skipped. */
	readonly isCheck?: true;
	/** A failed task of this kind is reported and does not stop the run. */
	readonly failureIsWarning?: true;
	probe(spec: Spec, context: TaskContext): Promise<Observed>;
	decide(spec: Spec, observed: Observed): Decision<Change>;
	run(change: Change, context: TaskContext): Promise<void>;
	/** What may be made ready in Slipway's own folders while the tasks before it still run; never needed. */
	warm?(spec: Spec, context: TaskContext): Promise<void>;
}

export type Decision<Change extends AnyChange> = Done | Todo<Change> | Waits | Blocked;

export type AnyChange = PlanChange;

/** The world shows the effect. `evidence` is what it was seen by. */
export interface Done {
	readonly type: 'done';
	readonly reasons: readonly string[];
	readonly evidence: JsonObject;
}

export interface Todo<Change extends AnyChange> {
	readonly type: 'todo';
	readonly reasons: readonly string[];
	readonly change: Change;
}

/** To do, and what exactly is known only when an earlier task of this train has run. */
export interface Waits {
	readonly type: 'waits';
	readonly reasons: readonly string[];
}

export interface Blocked {
	readonly type: 'blocked';
	readonly findings: readonly Diagnostic[];
}

/** What a probe or run is given besides its spec. */
export interface TaskContext {
	readonly config: Config;
	readonly world: World;
	readonly repo: RepoName | null;
	/** Aborted when reversible work should stop. */
	readonly signal: AbortSignal;
	/** One line of output, for the views and the journal. */
	readonly output: (stream: 'stdout' | 'stderr', line: string) => void;
}

/** A task that ran and failed: one diagnostic, and the command behind it when there was one. */
export class TaskFailure extends Error {
	readonly finding: Diagnostic;
	readonly command: CommandResult | null;

	constructor(finding: Omit<Diagnostic, 'severity'>, command: CommandResult | null = null) {
		super(finding.summary);
		this.name = 'TaskFailure';
		this.finding = { severity: 'error', ...finding };
		this.command = command;
	}
}

/** The repository of a task that has one by its kind. */
export function repoOf(context: TaskContext): RepoName {
	if (context.repo === null) throw new Error('a task of this kind has a repository');
	return context.repo;
}

export function done(reason: string, evidence: JsonObject = {}): Done {
	return { type: 'done', reasons: [reason], evidence };
}

export function todo<Change extends AnyChange>(reason: string, change: Change): Todo<Change> {
	return { type: 'todo', reasons: [reason], change };
}

export function waits(reason: string): Waits {
	return { type: 'waits', reasons: [reason] };
}

export function blocked(finding: Omit<Diagnostic, 'severity'>): Blocked {
	return { type: 'blocked', findings: [{ severity: 'error', ...finding }] };
}
