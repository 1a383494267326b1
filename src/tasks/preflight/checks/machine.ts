import { freeBytes } from '../../../io/artifacts.ts';
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
const OLDEST: Readonly<Record<string, string>> = { git: '2.31', gem: '3.0', bundle: '2.1' };
const LEAST_FREE_BYTES = 200 * 1024 * 1024;

/** The programs of a train are here and new enough, and there is room to work. Asked once, whatever the number of repositories. */
export const machine: Check<Seen> = {
	name: 'git, gem and Bundler are new enough, and there is room on the disk',
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
	const tools = needed.map((name) => readings.read('this machine', name, () => readVersion(name, context)));
	const free = readings.read('this machine', 'disk', () => freeBytes(state));
	return { tools: await Promise.all(tools), free: await free };
}

async function readVersion(name: string, context: TaskContext): Promise<Tool> {
	const wanted = OLDEST[name] ?? '0';
	const { probeMs } = context.config.train.timeouts;
	const result = await context.world.commands.run({
		argv: [name, '--version'],
		timeoutMs: probeMs,
		signal: context.signal,
	});
	if (result.exitCode === null) return { name, wanted, found: null };
	return { name, wanted, found: /\d+(?:\.\d+)+/.exec(outputOf(result, `${name} --version`))?.[0] ?? null };
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
