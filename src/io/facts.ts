/** Facts that can't change once they were read, such as what a commit holds. A failed read is forgotten. */
export interface Facts {
	remember<T>(key: string, take: () => Promise<T>): Promise<T>;
	forget(key: string): void;
}

export function createFacts(): Facts {
	const facts = new Map<string, Promise<unknown>>();
	return {
		remember: <T>(key: string, take: () => Promise<T>) => {
			const known = facts.get(key);
			if (known) return known as Promise<T>;
			const value = take();
			facts.set(key, value);
			value.catch(() => facts.delete(key));
			return value;
		},
		forget: (key) => facts.delete(key),
	};
}

/** The same for one fact: `take` runs at the first call, and again only after it failed. */
export function once<T>(take: () => Promise<T>): () => Promise<T> {
	const facts = createFacts();
	return () => facts.remember('', take);
}
