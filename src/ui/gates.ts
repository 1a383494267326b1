import type { TaskId } from '../core/brand.ts';
import type { RunEvent } from '../runner/events.ts';

export type Finish = Extract<RunEvent, { type: 'task.finished' }>;

/** The two moments of one task that others may wait for. */
export interface Gate {
	/** True once the task starts or settles; false when it never will. */
	readonly opened: Promise<boolean>;
	/** How it settled; null when the view was closed first. */
	readonly settled: Promise<Finish | null>;
}

/** One gate for each task of a run, moved by the runner's events. */
export interface Gates {
	add(id: TaskId): Gate;
	open(id: TaskId): void;
	settle(id: TaskId, finish: Finish): void;
	/** Lets go of everyone who still waits. */
	closeAll(): void;
}

/** Makes an empty set of gates. A move of an unknown task, and a second move, change nothing. */
export function createGates(): Gates {
	const moves = new Map<TaskId, { open: (isReal: boolean) => void; settle: (finish: Finish | null) => void }>();
	return {
		add(id) {
			const opened = Promise.withResolvers<boolean>();
			const settled = Promise.withResolvers<Finish | null>();
			moves.set(id, { open: opened.resolve, settle: settled.resolve });
			return { opened: opened.promise, settled: settled.promise };
		},
		open: (id) => moves.get(id)?.open(true),
		settle(id, finish) {
			moves.get(id)?.open(finish.outcome !== 'not_started');
			moves.get(id)?.settle(finish);
		},
		closeAll() {
			for (const move of moves.values()) {
				move.open(false);
				move.settle(null);
			}
		},
	};
}
