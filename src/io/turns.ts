/** Runs one piece of work after the other, in the order of the calls; gives what the work gives. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** A failed piece of work stops none that comes after it. */
export function createTurns(): InTurn {
	let last: Promise<unknown> = Promise.resolve();
	return (work) => {
		const mine = last.then(work, work);
		last = mine;
		return mine;
	};
}
