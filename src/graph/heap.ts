/**
 * A binary heap over `before(a, b)`, which says that `a` comes out first and must be a strict total
 * order: two items that tie would come out in an order that depends on history.
 */
export class Heap<T> {
	readonly #items: T[] = [];
	readonly #before: (a: T, b: T) => boolean;

	constructor(before: (a: T, b: T) => boolean) {
		this.#before = before;
	}

	get size(): number {
		return this.#items.length;
	}

	/** O(log n). */
	push(item: T): void {
		const items = this.#items;
		let at = items.push(item) - 1;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			const above = items[parent] as T;
			if (!this.#before(item, above)) break;
			items[at] = above;
			at = parent;
		}
		items[at] = item;
	}

	/** Takes the first item out, or gives undefined when there is none. O(log n). */
	pop(): T | undefined {
		const first = this.#items[0];
		const last = this.#items.pop();
		if (this.#items.length > 0) this.#sink(last as T);
		return first;
	}

	#sink(item: T): void {
		const items = this.#items;
		let at = 0;
		for (let child = 1; child < items.length; child = 2 * at + 1) {
			const right = child + 1;
			if (right < items.length && this.#before(items[right] as T, items[child] as T)) child = right;
			if (!this.#before(items[child] as T, item)) break;
			items[at] = items[child] as T;
			at = child;
		}
		items[at] = item;
	}
}
