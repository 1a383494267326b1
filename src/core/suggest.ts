/** A word longer than this is no typing slip; comparing it would only cost time. */
const LONGEST = 64;

/**
 * The choice that a mistyped word most likely meant, or null. One slip is allowed in every three
 * characters; among equally near choices the first one wins.
 */
export function closest(word: string, choices: Iterable<string>): string | null {
	if (word.length > LONGEST) return null;
	const wanted = word.toLowerCase();
	let best: string | null = null;
	let limit = Math.max(1, Math.floor(word.length / 3)) + 1;
	for (const choice of choices) {
		if (Math.abs(choice.length - word.length) >= limit) continue;
		const distance = editDistance(wanted, choice.toLowerCase());
		if (distance < limit) {
			best = choice;
			limit = distance;
		}
	}
	return best;
}

/** `did you mean …?` for the nearest choice, or the fallback sentence. */
export function didYouMean(word: string, choices: Iterable<string>, otherwise: string): string {
	const found = closest(word, choices);
	return found === null ? otherwise : `did you mean \`${found}\`?`;
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one text to the other. */
export function editDistance(from: string, to: string): number {
	let beforeLast: number[] = [];
	let last = Array.from({ length: to.length + 1 }, (_, column) => column);
	for (let row = 1; row <= from.length; row += 1) {
		const current = [row];
		for (let column = 1; column <= to.length; column += 1) {
			const same = from[row - 1] === to[column - 1];
			let cost = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
			const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
			if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
			current.push(cost);
		}
		beforeLast = last;
		last = current;
	}
	return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
	return row[column] ?? Number.POSITIVE_INFINITY;
}
