import type { Sha } from '../../core/brand.ts';
import { type TaskContext, TaskFailure } from '../contract.ts';
import { type Answer, askIfUp, waitUntilUp } from '../smoke/answer.ts';
import { questionOfTarget } from '../smoke/question.ts';

type Smoked = Parameters<typeof questionOfTarget>[0];

/** Whether the app answers as its target wants; null when the target does not say where to ask. */
export async function askTarget(target: Smoked, sha: Sha, context: TaskContext): Promise<Answer | null> {
	const question = questionOfTarget(target, sha);
	return question && askIfUp(question, context);
}

/** Waits, within bounds, until the app answers; throws TaskFailure with what to do about it when it does not. */
export async function waitForTarget(
	{ target, sha }: { readonly target: Smoked; readonly sha: Sha },
	{ said, goBack }: { readonly said: string; readonly goBack: string | null },
	context: TaskContext,
): Promise<void> {
	const question = questionOfTarget(target, sha);
	if (!question) return;
	const answer = await waitUntilUp(question, context);
	if (answer.up) return;
	const hint = [answer.hint, goBack].filter((part) => part != null).join('; ');
	const summary = `${said}, and ${answer.url} ${answer.said}`;
	throw new TaskFailure({ code: 'smoke-failed', summary, ...(hint ? { hint } : {}) });
}
