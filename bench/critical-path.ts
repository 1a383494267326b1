export interface TimedTask {
	readonly id: string;
	readonly needs: readonly string[];
	readonly ms: number;
}

/** The longest chain of tasks by measured duration: what no number of cores could beat. Tasks come in topological order. */
export function longestPathMs(tasks: readonly TimedTask[]): number {
	const ends = new Map<string, number>();
	for (const { id, needs, ms } of tasks) ends.set(id, ms + Math.max(0, ...needs.map((need) => ends.get(need) ?? 0)));
	return Math.max(0, ...ends.values());
}
