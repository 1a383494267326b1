import type { Specs } from '../../graph/specs.ts';
import { TaskFailure, type TaskKind } from '../contract.ts';
import { type Answer, askIfUp, upUrl, waitUntilUp } from './answer.ts';
import { decideSmoke, type SmokeChange } from './decide.ts';

/** The app answers 200 now; running it is waiting, within bounds, until it does. */
export const smoke: TaskKind<Specs['smoke'], Answer, SmokeChange> = {
	name: 'smoke',
	probe: (spec, context) => askIfUp(upUrl(spec.url), context),
	decide: decideSmoke,
	run: async (change, context) => {
		const answer = await waitUntilUp(change.url, context);
		if (answer.up) return;
		throw new TaskFailure({
			code: 'smoke-failed',
			summary: `${answer.url} ${answer.said}`,
			hint: 'what was deployed stays deployed; look at the log of the app, then run the same command again',
		});
	},
};
