import { refuse } from '../core/diagnostic.ts';
import type { Session } from './session.ts';

export interface Asking {
	readonly question: string;
	/** What to look at before answering; printed only where there is a terminal to ask on. */
	readonly preview?: () => void;
	/** What is refused where there is no terminal to ask on, and what to do then. */
	readonly unasked: { readonly summary: string; readonly hint: string };
	/** What is said after a no. */
	readonly declined: { readonly summary: string; readonly hint: string };
}

/** Asks on the terminal; returns for a yes that was given. Throws Refusal `not-confirmed` for everything else. */
export async function confirm(session: Session, { question, preview, unasked, declined }: Asking): Promise<void> {
	const { stdin, stderr } = session.streams;
	if (!canAsk(session)) refuse('not-confirmed', unasked.summary, { hint: unasked.hint });
	preview?.();
	const { confirmTrain } = await import('../ui/confirm.ts');
	// Nobody answers any more once a signal came; without it the question would stay open for ever.
	const yes = await confirmTrain({ question, input: stdin, output: stderr, signal: session.stop });
	if (!yes) refuse('not-confirmed', declined.summary, { hint: declined.hint });
}

/** Whether somebody sits at a terminal and sees what is asked. */
export function canAsk({ streams: { stdin, stderr }, options }: Session): boolean {
	return stdin.isTTY && stderr.isTTY && !options.json;
}
