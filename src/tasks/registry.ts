import { after } from './after/kind.ts';
import { assemble } from './assemble/kind.ts';
import { barrier } from './barrier/kind.ts';
import { branch } from './branch/kind.ts';
import type { AnyChange, TaskKind } from './contract.ts';
import { deploy } from './deploy/kind.ts';
import { forward } from './forward/kind.ts';
import { freeze } from './freeze/kind.ts';
import { gate } from './gate/kind.ts';
import { notes } from './notes/kind.ts';
import { preflight } from './preflight/kind.ts';
import { promote } from './promote/kind.ts';
import { publish } from './publish/kind.ts';
import { record } from './record/kind.ts';
import { repin } from './repin/kind.ts';
import { smoke } from './smoke/kind.ts';
import { tag } from './tag/kind.ts';

/** A kind as its caller knows it: that its four moves fit together. */
export type AnyKind = TaskKind<unknown, unknown, AnyChange>;

/** One line a kind. */
const KINDS = [
	preflight,
	publish,
	tag,
	repin,
	gate,
	promote,
	deploy,
	smoke,
	after,
	record,
	notes,
	barrier,
	branch,
	forward,
	freeze,
	assemble,
] as unknown as readonly AnyKind[];

/** Finds the code behind a node by the name of its kind. */
export type KindOf = (name: string) => AnyKind;

const BY_NAME: ReadonlyMap<string, AnyKind> = new Map(KINDS.map((kind) => [kind.name, kind]));

/** The code behind a node. A kind that is not here can't have been compiled: that is our bug. */
export function kindOf(name: string): AnyKind {
	const kind = BY_NAME.get(name);
	if (!kind) throw new Error(`no task kind is named ${name}`);
	return kind;
}
