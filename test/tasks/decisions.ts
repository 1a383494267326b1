import * as assert from 'uvu/assert';
import type { Sha } from '../../src/core/brand.ts';
import type { GemSpec } from '../../src/graph/specs.ts';
import type { AnyChange, Decision } from '../../src/tasks/contract.ts';

/** Commits, by what they stand for in these tables. */
export const FROZEN = 'f'.repeat(40) as Sha;
export const SHIP = '5'.repeat(40) as Sha;
export const MAIN = 'a'.repeat(40) as Sha;
export const OTHER = '0'.repeat(40) as Sha;

/** A decision in one word, or the codes of what blocks it. */
export function verdict(decision: Decision<AnyChange>): string {
	if (decision.type !== 'blocked') return decision.type;
	return `blocked ${decision.findings.map((finding) => finding.code).join(' ')}`;
}

/** The change of a todo; anything else fails the test. */
export function changeOf<Change extends AnyChange>(decision: Decision<Change>): Change {
	if (decision.type !== 'todo') throw new Error(`it is ${verdict(decision)}`);
	return decision.change;
}

/** Every not-done answer says why, and every obstacle what to do (5-style.md, "Habits"). */
export function explainsItself(decision: Decision<AnyChange>): void {
	if (decision.type === 'blocked') {
		assert.ok(decision.findings.length > 0);
		for (const finding of decision.findings) assert.ok(finding.hint, finding.summary);
	} else {
		assert.ok(decision.reasons.length > 0 && decision.reasons.every((reason) => reason !== ''));
	}
}

export const GEM: GemSpec = {
	gem: 'studio-engine',
	version: '0.2.0',
	registry: 'https://gems.example.test',
	gemspec: 'studio-engine.gemspec',
	versionFile: 'lib/studio/version.rb',
	releaseCheck: null,
	buildCmd: null,
};
