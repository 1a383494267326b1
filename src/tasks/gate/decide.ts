import type { Argv } from '../../core/argv.ts';
import { type Sha, shortSha } from '../../core/brand.ts';
import { readableTime } from '../../core/moment.ts';
import type { Specs } from '../../graph/specs.ts';
import type { Verdict } from '../../record/types.ts';
import { type Decision, done, todo, waits } from '../contract.ts';

export interface ObservedVerdicts {
	readonly sha: Sha | null;
	readonly verdicts: readonly Verdict[];
}

export type GateChange = {
	readonly type: 'run';
	readonly summary: string;
	readonly command: Argv;
	readonly sha: Sha;
	readonly purpose: 'qa' | 'ship';
};

/** A verdict counts for this very commit and this very command, whoever asked for it. */
export function decideGate(spec: Specs['gate'], observed: ObservedVerdicts): Decision<GateChange> {
	const { command } = spec;
	const key = spec.purpose === 'qa' ? 'qa_test_cmd' : 'test_cmd';
	if (!command) return done(`no ${key}: nothing gates this app`);
	if (!observed.sha) return waits(`${command.join(' ')} runs on the commit that the re-pin makes`);
	const sha = observed.sha;
	const green = observed.verdicts.find(
		(verdict) => verdict.ok && verdict.sha === sha && sameArgv(verdict.cmd, command),
	);
	if (green) return done(`green at ${shortSha(sha)} since ${readableTime(green.at)}`, { sha, at: green.at });
	const summary = `run ${command.join(' ')} at ${shortSha(sha)}`;
	return todo(`no green verdict for ${shortSha(sha)}`, { type: 'run', summary, command, sha, purpose: spec.purpose });
}

function sameArgv(a: Argv, b: Argv): boolean {
	return a.length === b.length && a.every((word, i) => word === b[i]);
}
