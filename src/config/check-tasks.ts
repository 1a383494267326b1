import { didYouMean } from '../core/suggest.ts';
import { lineOf, MOST_SUGGESTIONS, unknownRepo } from './check-repos.ts';
import { cycleText, findCycles } from './cycles.ts';
import type { Fault } from './fault.ts';
import type { Reader } from './issues.ts';
import { entryName, taskReference } from './names.ts';
import { type Finding, listed, type RepoOutline, section } from './outline.ts';
import { treePath } from './paths.ts';
import { REPO_KINDS, TRAIN_WIDE } from './train-tasks.ts';
import { type Path, shown, valueAt, valueRange } from './tree.ts';

interface Names {
	readonly tasks: ReadonlySet<string>;
	readonly repos: ReadonlyMap<string, 'gem' | 'app'>;
}

/** The rules between the user's own tasks, and between them and the train (2-train.md §8). */
export function checkTasks(reader: Reader, repos: readonly RepoOutline[]): Finding[] {
	const tasks = section(reader.tree, 'tasks');
	const names: Names = { tasks: new Set(tasks), repos: new Map(repos.map(({ name, type }) => [name, type])) };
	const dangling = [
		...unknownNeeds(reader, names),
		...unknownFollowers(reader, names),
		...unknownWorkplaces(reader, names),
	];
	return [
		...tasks.filter((name) => TRAIN_WIDE.has(name)).map(trainName),
		...tasks.flatMap((name) => action(reader, name)),
		...dangling.map(({ path, fault }, index) => ({ path, fault: fault(index < MOST_SUGGESTIONS) })),
		...sharedOutputs(reader, tasks),
		...taskCycles(reader, names.tasks),
	];
}

function trainName(name: string): Finding {
	const summary = `every train has a task named ${shown(name)}`;
	return {
		path: ['tasks', name],
		onKey: true,
		fault: { code: 'task-conflict', summary, hint: 'give this task another name' },
	};
}

/** Exactly one of `run` and `shell`. */
function action({ tree }: Reader, name: string): Finding[] {
	const path = ['tasks', name];
	const given = ['run', 'shell'].filter((key) => valueAt(tree, [...path, key]) !== undefined);
	if (given.length === 1) return [];
	const fault: Fault =
		given.length === 0
			? { code: 'missing-key', summary: 'the key `run` or `shell` is missing', hint: 'say what the task runs' }
			: { code: 'bad-value', summary: '`run` and `shell` exclude each other', hint: 'keep one of them' };
	return [{ path: [...path, given.length === 0 ? 'run' : 'shell'], onKey: true, fault }];
}

/** A reference that names nothing; `suggest` says whether there is time to look for what was meant. */
interface Dangling {
	readonly path: Path;
	readonly fault: (suggest: boolean) => Fault;
}

/** What the tasks name under a key; a malformed name is the schema's to report. */
function references({ tree }: Reader, { tasks }: Names, key: 'needs' | 'before'): { name: string; path: Path }[] {
	return [...tasks].flatMap((task) => listed(tree, ['tasks', task, key])).filter(({ name }) => taskReference(name).ok);
}

function unknownNeeds(reader: Reader, names: Names): Dangling[] {
	return references(reader, names, 'needs').flatMap(({ name, path }) => {
		if (name.includes(':')) return unknownTrainTask(name, path, names);
		if (names.tasks.has(name) || TRAIN_WIDE.has(name)) return [];
		const fault = (suggest: boolean): Fault => ({
			code: 'unknown-task',
			summary: `no task is named ${shown(name)}`,
			hint: didYouMean(
				name,
				suggest ? names.tasks : [],
				'name a task of this section, or a train task such as `smoke:NAME`',
			),
		});
		return [{ path, fault }];
	});
}

function unknownFollowers(reader: Reader, names: Names): Dangling[] {
	return references(reader, names, 'before').flatMap(({ name, path }) => {
		if (name.includes(':')) return unknownTrainTask(name, path, names);
		if (TRAIN_WIDE.has(name)) return [];
		const otherwise = names.tasks.has(name)
			? 'write `needs` in that task instead: only train tasks are named here'
			: `Train tasks are ${[...TRAIN_WIDE].join(', ')}, and ones such as \`deploy:NAME\`.`;
		const fault = (): Fault => ({
			code: names.tasks.has(name) ? 'bad-value' : 'unknown-task',
			summary: `${shown(name)} is no task of a train`,
			hint: names.tasks.has(name) ? otherwise : didYouMean(name, TRAIN_WIDE, otherwise),
		});
		return [{ path, fault }];
	});
}

/** `kind:repository`: a kind of the train, and a repository of the type that has it. */
function unknownTrainTask(id: string, path: Path, { repos }: Names): Dangling[] {
	const [kind = '', repo = ''] = id.split(':');
	const wanted = REPO_KINDS.get(kind);
	const type = repos.get(repo);
	if (wanted && type && (wanted === 'any' || wanted === type)) return [];
	const fault = (suggest: boolean): Fault => {
		if (wanted && !type) return unknownRepo(repo, suggest ? repos.keys() : []);
		const kinds = [...REPO_KINDS].filter(([, has]) => !type || has === 'any' || has === type).map(([name]) => name);
		const summary = wanted
			? `${shown(repo)} is among the ${type}s, which have no task ${shown(kind)}`
			: `a train has no task of the kind ${shown(kind)}`;
		const all = `the kinds are: ${kinds.join(', ')}`;
		return { code: 'unknown-task', summary, hint: wanted ? all : didYouMean(kind, kinds, all) };
	};
	return [{ path, fault }];
}

function unknownWorkplaces(reader: Reader, { tasks, repos }: Names): Dangling[] {
	return [...tasks].flatMap((task) => {
		const path = ['tasks', task, 'repo'];
		const repo = valueAt(reader.tree, path);
		if (typeof repo !== 'string' || repos.has(repo) || !entryName(repo).ok) return [];
		return [{ path, fault: (suggest) => unknownRepo(repo, suggest ? repos.keys() : []) }];
	});
}

/** Two tasks that make one file would undo each other's work for ever. */
function sharedOutputs(reader: Reader, tasks: readonly string[]): Finding[] {
	const owners = new Map<string, string>();
	return tasks.flatMap((task) =>
		listed(reader.tree, ['tasks', task, 'outputs']).flatMap(({ name, path }) => {
			const output = outputKey(reader, task, name);
			const owner = owners.get(output);
			if (owner === undefined) owners.set(output, task);
			if (owner === undefined || owner === task) return [];
			const line = lineOf(reader, ['tasks', owner]);
			const summary = `${shown(name)} is also an output of the task ${shown(owner)} on line ${line}`;
			return [
				{
					path,
					fault: { code: 'task-conflict', summary, hint: 'let one task make it, and the other need that task' },
				},
			];
		}),
	);
}

/** Where an output is, however it is written: the repository, then the path from its top or from the file's folder. */
function outputKey({ tree }: Reader, task: string, output: string): string {
	const [repo, cwd] = ['repo', 'cwd'].map((key) => valueAt(tree, ['tasks', task, key]));
	const reading = treePath(typeof cwd === 'string' ? `${cwd}/${output}` : output);
	return JSON.stringify([repo ?? null, reading.ok ? reading.value : output]);
}

function taskCycles(reader: Reader, tasks: ReadonlySet<string>): Finding[] {
	const edges = [...tasks].flatMap((task) =>
		listed(reader.tree, ['tasks', task, 'needs'])
			.filter(({ name }) => tasks.has(name))
			.map(({ name, path }) => ({
				from: task,
				to: name,
				path,
				line: reader.source.span(valueRange(reader.tree, path)).line,
			})),
	);
	return findCycles(edges).map((cycle) => {
		const summary = cycleText(cycle, ({ line }) => `needs, line ${line}`);
		return { path: cycle[0]?.path ?? [], fault: { code: 'cycle', summary, hint: 'remove one of these needs' } };
	});
}
