import { entryName } from './names.ts';
import { type Finding, section } from './outline.ts';
import type { Tree } from './tree.ts';

/**
 * Names of repositories and tasks. Not a rule of the schema, because an entry under a bad name is then
 * left unread, and what else is wrong with it would come to light one round later.
 */
export function checkNames(tree: Tree): Finding[] {
	return (['gems', 'apps', 'tasks'] as const).flatMap((key) =>
		section(tree, key).flatMap((name) => {
			const reading = entryName(name);
			return reading.ok ? [] : [{ path: [key, name], onKey: true, fault: reading.fault }];
		}),
	);
}
