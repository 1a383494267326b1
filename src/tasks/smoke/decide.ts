import type { Specs } from '../../graph/specs.ts';
import { type Decision, done, todo } from '../contract.ts';
import type { Answer } from './answer.ts';

export type SmokeChange = { readonly type: 'wait'; readonly summary: string; readonly url: string };

export function decideSmoke(_spec: Specs['smoke'], answer: Answer): Decision<SmokeChange> {
	if (answer.up) return done(`${answer.url} answers 200`, { url: answer.url });
	return todo(`${answer.url} ${answer.said}`, { type: 'wait', summary: 'wait until it does', url: answer.url });
}
