import type { Specs } from '../../graph/specs.ts';
import { type Decision, done, todo, waits } from '../contract.ts';
import type { Answer } from './answer.ts';
import type { Question } from './question.ts';

export interface ObservedSmoke {
	readonly question: Question;
	readonly answer: Answer;
}

export type SmokeChange = { readonly type: 'wait'; readonly summary: string; readonly question: Question };

/** `observed` null: the app has to name its commit, and before the re-pin nobody knows which. */
export function decideSmoke(_spec: Specs['smoke'], observed: ObservedSmoke | null): Decision<SmokeChange> {
	if (observed === null) return waits('the app has to name the commit that the re-pin makes');
	const { question, answer } = observed;
	if (answer.up) {
		const revision = question.revision ? { sha: question.revision.sha } : {};
		return done(`${answer.url} ${answer.said}`, { url: answer.url, ...revision });
	}
	return todo(`${answer.url} ${answer.said}`, { type: 'wait', summary: 'wait until it is up', question });
}
