import type { Finished } from '../support/process.ts';

/** One line of a run's NDJSON stream, as a script would read it. */
export interface EventLine {
	readonly schema: string;
	readonly at: string;
	readonly run: string;
	readonly type: string;
	readonly task?: string;
	readonly state?: string;
	readonly outcome?: string;
	readonly counts?: Readonly<Record<string, number>>;
	readonly tasks?: readonly { readonly id: string }[];
	readonly evidence?: { readonly version?: string } | null;
	readonly error?: { readonly code: string; readonly seen?: string };
	readonly [field: string]: unknown;
}

/** Every line of stdout as an event. Throws for a line that is no JSON. */
export function eventsOf({ stdout }: Pick<Finished, 'stdout'>): EventLine[] {
	if (!stdout.endsWith('\n')) throw new Error(`the stream does not end with a line end: ${stdout.slice(-80)}`);
	return stdout
		.slice(0, -1)
		.split('\n')
		.map((line) => JSON.parse(line) as EventLine);
}

export interface PlanDocument {
	readonly schema: string;
	readonly train: string | null;
	readonly nodes: readonly {
		readonly id: string;
		readonly kind: string;
		readonly repo: string | null;
		readonly needs: readonly string[];
		readonly state?: string;
		readonly reasons?: readonly string[];
		readonly change?: { readonly summary: string } | null;
		readonly irreversible: boolean;
	}[];
	readonly observed: Readonly<Record<string, unknown>>;
}

export interface StatusDocument {
	readonly schema: string;
	readonly record: {
		readonly slug: string;
		readonly state: string;
		readonly frozen: Readonly<Record<string, string>>;
		readonly ship: Readonly<Record<string, string | null>>;
	} | null;
	readonly live: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
	readonly drift: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The codes of all messages on stderr, in order: `error[drift]: …` gives `drift`. */
export function codesOf({ stderr }: Pick<Finished, 'stderr'>): string[] {
	return [...stderr.matchAll(/^error\[([\w-]+)\]:/gm)].map(([, code = '']) => code);
}
