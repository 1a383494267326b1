import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fleet } from './fleet.ts';
import { type Held, holdAt } from './hold.ts';

/** A command of a fleet's repository: `test` of `harbor` (world.ts lists the commands). */
export interface Step {
	readonly command: string;
	readonly repo: string;
}

function steeringFile(fleet: Fleet, step: Step, suffix: string): string {
	return join(fleet.layout.rig, `${step.repo}-${step.command}.${suffix}`);
}

/** From now on the command fails with this text, until mend(). */
export async function fail(fleet: Fleet, step: Step, text = `${step.command} was told to fail`): Promise<void> {
	await writeFile(steeringFile(fleet, step, 'fail'), `${text}\n`);
}

/** The command works again. */
export async function mend(fleet: Fleet, step: Step): Promise<void> {
	await rm(steeringFile(fleet, step, 'fail'), { force: true });
}

/** Holds the next run of a command open. */
export function hold(fleet: Fleet, step: Step): Promise<Held> {
	return holdAt(steeringFile(fleet, step, 'hold'));
}
