/** What a piece of text means; src/ui/colour.ts decides how a meaning looks. */
export type Tone =
	| 'plain'
	| 'strong'
	| 'dim'
	| 'done'
	| 'todo'
	| 'running'
	| 'blocked'
	| 'unknown'
	| 'failed'
	| 'warn'
	| 'code';

/** A piece of one line. Parts that know no colour (plans, frames) give lines of segments. */
export interface Segment {
	readonly text: string;
	readonly tone: Tone;
}
