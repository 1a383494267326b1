import { confirm, password } from '@clack/prompts';

/** A question at a terminal. */
export interface Prompt {
	readonly question: string;
	readonly input: NodeJS.ReadStream;
	readonly output: NodeJS.WriteStream;
	/** Takes the question back: the answer is no. */
	readonly signal?: AbortSignal;
}

/**
 * Asks the one question of a train (2-train.md §7). True only for a yes that was given: Enter alone,
 * Ctrl-C and Escape are a no. Without a terminal on both sides nothing is asked and the answer is
 * no; the caller refuses with the advice to pass --yes.
 */
export async function confirmTrain({ question, input, output, signal }: Prompt): Promise<boolean> {
	if (!input.isTTY || !output.isTTY) return false;
	const more = signal ? { signal } : {};
	const answer = await confirm({ message: question, initialValue: false, input, output, withGuide: false, ...more });
	return answer === true;
}

/**
 * Asks for a one-time password, which is masked as it is typed. Null when none was given: Ctrl-C, Escape, a
 * signal, or no terminal on both sides. Spaces, as apps show them between digits, are left out.
 */
export async function askForCode({ question, input, output, signal }: Prompt): Promise<string | null> {
	if (!input.isTTY || !output.isTTY) return null;
	const more = signal ? { signal } : {};
	const validate = (text: string | undefined) => (isCode(text) ? undefined : 'A code is digits or letters.');
	const answer = await password({ message: question, input, output, validate, withGuide: false, ...more });
	return typeof answer === 'string' ? withoutSpaces(answer) : null;
}

function withoutSpaces(text: string): string {
	return text.replace(/\s+/g, '');
}

/** Six digits, or a recovery code. */
function isCode(text: string | undefined): boolean {
	return /^[A-Za-z0-9-]{4,64}$/.test(withoutSpaces(text ?? ''));
}
