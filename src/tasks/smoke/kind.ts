import type { Specs } from '../../graph/specs.ts';
import { TaskFailure, type TaskKind } from '../contract.ts';
import { commitFor } from '../member.ts';
import { askIfUp, waitUntilUp } from './answer.ts';
import { decideSmoke, type ObservedSmoke, type SmokeChange } from './decide.ts';
import { questionOf } from './question.ts';

/** The app answers as it should now; running it is waiting, within bounds, until it does. */
export const smoke: TaskKind<Specs['smoke'], ObservedSmoke | null, SmokeChange> = {
	name: 'smoke',
	probe: async (spec, context) => {
		const sha = spec.page?.revision ? await commitFor(spec.purpose, context) : null;
		const question = questionOf(spec, sha);
		return question && { question, answer: await askIfUp(question, context) };
	},
	decide: decideSmoke,
	run: async (change, context) => {
		const { up, url, said, hint } = await waitUntilUp(change.question, context);
		if (up) return;
		const again = 'what was deployed stays deployed; when it is up, run the same command again';
		throw new TaskFailure({
			code: 'smoke-failed',
			summary: `${url} ${said}`,
			hint: hint === undefined ? again : `${hint}; ${again}`,
		});
	},
};
