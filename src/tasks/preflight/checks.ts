import type { Check } from './check.ts';
import { branches } from './checks/branches.ts';
import { commands } from './checks/commands.ts';
import { deployTarget } from './checks/deploy-target.ts';
import { drift } from './checks/drift.ts';
import { frozen } from './checks/frozen.ts';
import { gem } from './checks/gem.ts';
import { gemNeeds } from './checks/gem-needs.ts';
import { gemServer } from './checks/gem-server.ts';
import { gemfile } from './checks/gemfile.ts';
import { machine } from './checks/machine.ts';
import { origin } from './checks/origin.ts';

/** In the order in which a person would fix what they find. One line a check. */
export const CHECKS = [
	machine,
	origin,
	branches,
	frozen,
	drift,
	gem,
	gemNeeds,
	gemServer,
	gemfile,
	commands,
	deployTarget,
] as unknown as readonly Check<unknown>[];
