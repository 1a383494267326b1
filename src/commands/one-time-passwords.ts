import type { Plan } from '../graph/plan.ts';
import type { OtpAsker } from '../tasks/publish/otp.ts';
import { plural } from '../ui/terminal.ts';
import { canAsk } from './confirm.ts';
import type { RunView } from './run-view.ts';
import { type Session, say } from './session.ts';

/** Asks for a code where the view of the run stands; null where nobody could be asked. */
export function otpAsker(session: Session, view: Pick<RunView, 'pause'>): OtpAsker | null {
	if (!canAsk(session)) return null;
	const { stdin: input, stderr: output } = session.streams;
	return async ({ registry, file, isAgain }) => {
		const { askForCode } = await import('../ui/confirm.ts');
		const question = `${isAgain ? 'The code was not accepted. ' : ''}One-time password for ${registry}, to push ${file}`;
		const goOn = view.pause();
		try {
			// A signal takes the question back: the train stops, and nobody would answer any more.
			return await askForCode({ question, input, output, signal: session.stop });
		} finally {
			goOn();
		}
	};
}

/** Says before a train starts how often it may ask: whether a key wants a code, only the push will tell. */
export function announceQuestions(session: Session, { nodes }: Plan): void {
	const pushes = nodes.filter(
		({ kind, state, change }) => kind === 'publish' && state === 'todo' && change?.held !== true,
	);
	if (pushes.length === 0 || !canAsk(session)) return;
	const first = session.env.GEM_HOST_OTP_CODE ? 'GEM_HOST_OTP_CODE is tried first; ' : '';
	const codes = plural(pushes.length, 'one-time password');
	say(session, `${first}up to ${codes} may be asked for: one for each gem, if the key for its registry wants them`);
}
