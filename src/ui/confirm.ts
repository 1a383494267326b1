import { confirm } from '@clack/prompts';

export interface Confirmation {
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
export async function confirmTrain({ question, input, output, signal }: Confirmation): Promise<boolean> {
	if (!input.isTTY || !output.isTTY) return false;
	const more = signal ? { signal } : {};
	const answer = await confirm({ message: question, initialValue: false, input, output, withGuide: false, ...more });
	return answer === true;
}
