/** What a person is asked. */
export interface OtpQuestion {
	readonly registry: string;
	/** The gem that waits for the answer. */
	readonly file: string;
	/** True when the code that was given before was not accepted: mistyped, or it has rotated since. */
	readonly isAgain: boolean;
}

/** Asks the person at the terminal; null when nobody answers. */
export type OtpAsker = (question: OtpQuestion) => Promise<string | null>;

/** The one-time passwords of one run: in memory only, and never written anywhere. */
export interface OneTimePasswords {
	/** The last code that was given for a registry; it may be good for the next gem as well. */
	last(registry: string): string | null;
	/**
	 * Another code than `refused`: one that was given meanwhile for another gem, else what the person answers. One
	 * question stands at a time. Null when there is nobody to ask, or no answer.
	 */
	next(question: OtpQuestion, refused: string | null): Promise<string | null>;
	/** Who is asked from now on; null: nobody. */
	askBy(asker: OtpAsker | null): void;
}

export function createOneTimePasswords(): OneTimePasswords {
	const given = new Map<string, string>();
	let asker: OtpAsker | null = null;
	let turn: Promise<unknown> = Promise.resolve();
	const ask = async (question: OtpQuestion, refused: string | null): Promise<string | null> => {
		const last = given.get(question.registry) ?? null;
		if (last !== null && last !== refused) return last;
		const code = (await asker?.(question)) ?? null;
		if (code !== null) given.set(question.registry, code);
		return code;
	};
	return {
		last: (registry) => given.get(registry) ?? null,
		next: (question, refused) => {
			const answer = turn.then(() => ask(question, refused));
			turn = answer.catch(() => null);
			return answer;
		},
		askBy: (next) => {
			asker = next;
		},
	};
}
