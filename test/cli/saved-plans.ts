import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finished, output } from '../support/process.ts';
import type { Stage } from './stage.ts';

export const PLAN = 'plan.json';
export const SMALL = { satellites: 2 };

export function stateOf({ fleet }: Stage): string {
	return join(fleet.layout.conductor, '.slipway');
}

export function planFile({ fleet }: Stage): string {
	return join(fleet.layout.conductor, PLAN);
}

export async function prepared(stage: Stage): Promise<void> {
	await stage.must(0, ['prepare', '--yes']);
	await stage.must(0, ['ship', '--dry-run', '--out', PLAN]);
}

/** What a refused ship must leave as it was: the world, the record, and the list of runs. */
export function footprint(stage: Stage): string {
	const record = readFileSync(join(stateOf(stage), 'record.json'), 'utf8');
	return [stage.worldDigest(), record, ...readdirSync(join(stateOf(stage), 'runs'))].join('\n');
}

/** Ships the plan, which must be refused with nothing changed; gives what was said. */
export async function refused(stage: Stage): Promise<Finished> {
	const before = footprint(stage);
	const ran = await stage.must(3, ['ship', PLAN, '--yes']);
	if (footprint(stage) !== before) throw new Error(`a refused plan changed something\n${ran.stderr}`);
	return ran;
}

/** The facts that the refusal names: `promote:harbor change.from`. */
export function factsOf({ stderr }: Finished): string[] {
	const [, seen = ''] = /error\[stale-plan\]:.*\nseen: ([\s\S]*?)\nhint:/.exec(stderr) ?? [];
	return [...seen.matchAll(/(?:^|\n {6})(\S+) {2}(\S+)\n/g)].map(([, task, fact]) => `${task} ${fact}`);
}

/** A commit of an origin, by any name that git knows. */
export async function shaAt({ fleet }: Stage, repo: string, rev: string): Promise<string> {
	return (
		await output(['git', '-C', join(fleet.layout.origins, `${repo}.git`), 'rev-parse', rev], { env: fleet.env })
	).trim();
}
