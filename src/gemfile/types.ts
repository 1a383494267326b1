/** A place in a Gemfile. Lines and columns count from 1, columns in UTF-16 units. */
export interface Place {
	readonly line: number;
	readonly col: number;
	/** Column after the last character on that line. */
	readonly endCol: number;
	/** The line, without its line end. */
	readonly excerpt: string;
}

/** One declaration that a re-pin rewrote. */
export interface RepinChange extends Place {
	readonly gem: string;
	/** The requirement that the declaration now holds. */
	readonly pin: string;
	/** The declaration as it was and as it is, without what surrounds it. */
	readonly before: string;
	readonly after: string;
}

/** What cannot be edited safely: where, why, and what a person can do about it. */
export interface RepinRefusal extends Place {
	/** The pinned gems that it concerns, sorted; empty for a file that is not Ruby. */
	readonly gems: readonly string[];
	readonly reason: string;
	readonly hint: string;
}

/** With any refusal, `text` is the text that came in and `changes` is empty. */
export interface RepinResult {
	readonly text: string;
	readonly changes: readonly RepinChange[];
	readonly refusals: readonly RepinRefusal[];
}

/** One gem that a Gemfile declares, or may declare. */
export interface DeclaredGem extends Place {
	/** Null where the name cannot be known from the text. */
	readonly gem: string | null;
	/** As written; empty when there is none or when it cannot be known. */
	readonly requirements: readonly string[];
	/** Source options of the call (`github`, `branch`, …) and source blocks around it (`git`, `path`, `github`). */
	readonly sources: readonly string[];
	/** Why a re-pin of this declaration would be refused, as far as its text alone tells. */
	readonly refusal: RepinRefusal | null;
}
