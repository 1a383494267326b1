/** Like `Promise.all` over `items.map(work)`, with at most `atOnce` of them under way. Rejects as soon as one does. */
export async function mapBounded<T, R>(
	items: readonly T[],
	atOnce: number,
	work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
	const results = new Map<number, R>();
	const waiting = items.entries();
	const worker = async () => {
		for (const [place, item] of waiting) results.set(place, await work(item));
	};
	await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
	return items.map((_, place) => results.get(place) as R);
}
