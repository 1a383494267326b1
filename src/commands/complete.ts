import { Argument, type Command } from 'commander';
import { Refusal, Unreadable } from '../core/diagnostic.ts';
import { stateDir } from '../io/state-dir.ts';
import { readTrainLock } from '../io/train-lock.ts';
import { createFileStore } from '../record/file-store.ts';
import { listRuns } from '../runner/journal.ts';
import { safeLine } from '../ui/terminal.ts';
import { type Position, positionOf } from './completion/position.ts';
import { loadConfig, print, type Session } from './session.ts';
import { currentGraph } from './train.ts';

export interface CompleteInput {
	readonly program: Command;
	/** The words after `slipway`, up to the cursor. */
	readonly words: readonly string[];
}

interface Candidate {
	readonly value: string;
	readonly meaning: string;
}

/** `slipway complete -- WORDS`: what may stand at the cursor, for the scripts of `slipway completion`. */
export async function complete(session: Session, { program, words }: CompleteInput): Promise<number> {
	const position = positionOf(program, words);
	const found = (await candidatesOf(session, position)).filter(({ value }) => value.startsWith(position.typed));
	const before = position.type === 'value' ? position.before : '';
	for (const { value, meaning } of found) {
		print(session, session.redact(`${before}${safeLine(value)}\t${safeLine(meaning)}`));
	}
	return 0;
}

async function candidatesOf(session: Session, position: Position): Promise<readonly Candidate[]> {
	switch (position.type) {
		case 'command':
			return visibleCommands(position.of);
		case 'option':
			return visibleOptions(position.of);
		case 'value':
			return position.of.argChoices?.map((value) => ({ value, meaning: '' })) ?? loadNames(session, position);
		case 'nothing':
			return [];
	}
}

function visibleCommands(command: Command): readonly Candidate[] {
	return command
		.createHelp()
		.visibleCommands(command)
		.map((one) => ({ value: one.name(), meaning: one.description() }));
}

function visibleOptions(command: Command): readonly Candidate[] {
	return command
		.createHelp()
		.visibleOptions(command)
		.map((option) => ({ value: option.long ?? option.flags, meaning: option.description }));
}

/** Names of this registry. Nobody asked for a diagnosis by pressing a key: what can't be read has no names. */
async function loadNames(
	session: Session,
	position: Extract<Position, { type: 'value' }>,
): Promise<readonly Candidate[]> {
	const name = position.of instanceof Argument ? position.of.name() : position.of.long;
	const load = LOADERS[name ?? ''];
	if (!load) return [];
	try {
		return await load({ ...session, options: { ...session.options, ...position.globals, quiet: true } });
	} catch (error) {
		if (error instanceof Refusal || error instanceof Unreadable) return [];
		throw error;
	}
}

/** By the name of an argument, or of an option with a value. */
const LOADERS: Readonly<Record<string, (session: Session) => Promise<readonly Candidate[]>>> = {
	task: async (session) => {
		const config = await loadConfig(session);
		const { graph } = currentGraph(config, await createFileStore(config.dir).load());
		const tasks = [...graph.nodes.values()].filter(({ kind }) => kind !== 'barrier');
		return tasks.map(({ id }) => ({ value: id, meaning: '' }));
	},
	run: async (session) => {
		const runs = await listRuns(stateDir((await loadConfig(session)).dir));
		return runs.toReversed().map((value) => ({ value, meaning: '' }));
	},
	id: async (session) => {
		const lock = await readTrainLock(stateDir((await loadConfig(session)).dir));
		return lock ? [{ value: lock.id, meaning: lock.owner?.holder ?? '' }] : [];
	},
	'--only': async (session) => {
		const { gems, apps } = await loadConfig(session);
		const riders = [...gems, ...apps].filter((repo) => repo.parked === null);
		return riders.map((repo) => ({ value: repo.name, meaning: repo.type }));
	},
};
