import type { Argv } from '../../../core/argv.ts';
import { findProgram, freeBytes } from '../../../io/artifacts.ts';
import { outputOf } from '../../../io/command.ts';
import type { TaskContext } from '../../contract.ts';
import { type Check, finding } from '../check.ts';

interface Tool {
	readonly name: string;
	readonly found: string | null;
	readonly wanted: string;
}

interface Seen {
	readonly tools: readonly Tool[];
	readonly free: number;
}

/** Oldest versions that have all that is used: git worktrees with locks, `gem push --host`, `bundle lock --update`. */
const OLDEST = { git: '2.31', gem: '3.0', bundle: '2.1' } as const;
const LEAST_FREE_BYTES = 200 * 1024 * 1024;

/** The programs of a train are here and new enough, and there is room to work. Asked once, whatever the number of repositories. */
export const machine: Check<Seen> = {
	name: 'git, gem and Bundler are new enough, and there is room on the disk',
	isOfMachine: true,
	applies: () => true,
	read: (spec, context) => {
		const needed = ['git', ...(spec.gem ? ['gem'] : []), ...(spec.pins.length > 0 && !spec.gem ? ['bundle'] : [])];
		return readMachine(needed, context);
	},
	judge: (_spec, { tools, free }) => [
		...tools.filter((tool) => !tool.found || older(tool.found, tool.wanted)).map(tooOld),
		...(free < LEAST_FREE_BYTES
			? [
					finding('preflight', `only ${Math.round(free / 1024 / 1024)} MB are free where .slipway is`, {
						hint: 'make room: workspaces and builds need it',
					}),
				]
			: []),
	],
};

async function readMachine(needed: readonly string[], context: TaskContext): Promise<Seen> {
	const { readings, state } = context.world;
	const once = <T>(what: string, take: () => Promise<T>) => readings.read('this machine', what, take);
	const [git, ruby, free] = await Promise.all([
		once('git', () => readGit(context)),
		needed.length > 1 ? once('ruby', () => readRuby(context)) : [],
		once('disk', () => freeBytes(state)),
	]);
	return { tools: [git, ...ruby].filter((tool) => needed.includes(tool.name)), free };
}

async function readGit(context: TaskContext): Promise<Tool> {
	const said = await ask(['git', '--version'], context);
	return { name: 'git', wanted: OLDEST.git, found: /\d+(?:\.\d+)+/.exec(said ?? '')?.[0] ?? null };
}

/** One Ruby answers for both: starting `gem` and `bundle` to hear their versions costs as much as a whole `bundle lock`. */
async function readRuby(context: TaskContext): Promise<readonly Tool[]> {
	const said = await ask(['ruby', '-rbundler/version', '-e', 'puts Gem::VERSION, Bundler::VERSION'], context);
	const versions = said?.trim().split('\n') ?? [];
	const named = (['gem', 'bundle'] as const).map(async (name, i): Promise<Tool> => {
		const isThere = (await findProgram(name, context.world.env.PATH ?? '')) !== null;
		return { name, wanted: OLDEST[name], found: isThere ? (versions[i] ?? null) : null };
	});
	return Promise.all(named);
}

/** Null when there is no such program. */
async function ask(argv: Argv, context: TaskContext): Promise<string | null> {
	const { probeMs } = context.config.train.timeouts;
	const result = await context.world.commands.run({ argv, timeoutMs: probeMs, signal: context.signal });
	return result.exitCode === null ? null : outputOf(result, argv.join(' '));
}

function tooOld(tool: Tool): ReturnType<typeof finding> {
	const summary = tool.found
		? `${tool.name} ${tool.found} is older than ${tool.wanted}`
		: `${tool.name} is not installed`;
	return finding('preflight', summary, { hint: `install ${tool.name} ${tool.wanted} or newer` });
}

function older(found: string, wanted: string): boolean {
	const [a, b] = [found, wanted].map((version) => version.split('.').map(Number));
	for (let i = 0; i < 2; i++) {
		const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0);
		if (difference !== 0) return difference < 0;
	}
	return false;
}
