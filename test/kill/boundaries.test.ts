import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { output } from '../support/process.ts';
import { suite } from '../support/suite.ts';
import { subjects } from '../support/world.ts';
import { type Arena, openArena } from './arena.ts';
import { type Boundary, describeBoundary } from './boundary.ts';
import { countEffects, effectsSince, readOutcome } from './outcome.ts';
import { assembledArena } from './running.ts';
import { doubled, resume, runDoomed, wholeRun } from './trial.ts';

/** `intent after`: the change was announced and not begun; `outcome before`: it was made and not noted. */
type Point = `${'intent' | 'outcome'} ${Boundary['moment']}`;

function boundary(task: string, point: Point): Boundary {
	const [entry, moment] = point.split(' ') as [Boundary['entry'], Boundary['moment']];
	return { entry, task, moment, victim: 'tree' };
}

/** Each kind of task, and each point of its two entries at least once. All in one train, in its order. */
const OF_A_SHIP: readonly Boundary[] = [
	boundary('publish:studio-engine', 'intent before'),
	boundary('publish:studio-engine', 'intent torn'),
	boundary('publish:studio-engine', 'intent after'),
	boundary('publish:studio-engine', 'outcome before'),
	boundary('tag:studio-engine', 'outcome torn'),
	boundary('repin:harbor', 'intent after'),
	boundary('repin:harbor', 'outcome before'),
	boundary('gate:harbor', 'outcome before'),
	boundary('promote:harbor', 'intent after'),
	boundary('promote:harbor', 'outcome before'),
	boundary('deploy:harbor', 'intent after'),
	boundary('deploy:harbor', 'outcome before'),
	boundary('deploy:turf', 'outcome before'),
	boundary('record', 'intent after'),
	boundary('record', 'outcome before'),
	{ entry: 'end', task: null, moment: 'torn', victim: 'tree' },
];

const OF_A_PREPARATION: readonly Boundary[] = [
	boundary('freeze:harbor', 'outcome before'),
	boundary('freeze:studio-engine', 'intent after'),
	boundary('qa-gate:harbor', 'intent torn'),
	boundary('qa-gate:harbor', 'outcome before'),
	boundary('qa-deploy:harbor', 'intent after'),
	boundary('qa-deploy:harbor', 'outcome torn'),
	boundary('assemble', 'intent after'),
	boundary('assemble', 'outcome before'),
];

/** One train that is killed at every boundary of a list, and finished then: the same world, nothing twice. */
async function assertConverges(arena: Arena, args: readonly string[], boundaries: readonly Boundary[]): Promise<void> {
	const expected = await wholeRun(arena, args);
	await arena.restore();
	const before = countEffects(arena);
	for (const point of boundaries) {
		const { signal, code, stderr } = await runDoomed(arena, args, point);
		assert.is(signal, 'SIGKILL', `${describeBoundary(point)}: exit ${code}\n${stderr}`);
	}
	const { attempts, said } = await resume(arena, args);
	assert.is.not(attempts, null, said.join('\n'));
	assert.equal(await readOutcome(arena), expected);
	assert.equal(doubled(effectsSince(arena, before), arena.fleet.gems.length), []);
}

suite('boundaries', (test) => {
	const inAssembled = assembledArena(1);

	test(
		`a ship that is killed ${OF_A_SHIP.length} times, at boundaries of every kind of task, ends as one that was not`,
		inAssembled((arena) => assertConverges(arena, ['ship', '--yes'], OF_A_SHIP)),
		{ timeoutMs: 180_000 },
	);

	test(
		`a preparation that is killed ${OF_A_PREPARATION.length} times ends as one that was not`,
		async () => {
			const arena = await openArena({ satellites: 1 });
			try {
				await arena.save();
				await assertConverges(arena, ['prepare', '--yes'], OF_A_PREPARATION);
			} finally {
				await arena.close();
			}
		},
		{ timeoutMs: 180_000 },
	);

	test('main is merged forward once, also when the merge is killed before and after its push', async () => {
		const arena = await openArena({ satellites: 0 });
		try {
			await commitToMain(arena, 'harbor');
			for (const point of ['intent after', 'outcome before'] as const) {
				const { signal, stderr } = await runDoomed(arena, ['prepare', '--yes'], boundary('forward:harbor', point));
				assert.is(signal, 'SIGKILL', stderr);
			}
			const { attempts, said } = await resume(arena, ['prepare', '--yes']);
			assert.is(attempts, 1, said.join('\n'));
			const onRelease = await subjects(arena.fleet, 'harbor', 'refs/heads/release');
			assert.is(onRelease.filter((subject) => subject === 'Merge main into release').length, 1);
		} finally {
			await arena.close();
		}
	});
});

async function commitToMain({ fleet }: Arena, repo: string): Promise<void> {
	const git = (...args: string[]) =>
		output(['git', '-C', join(fleet.layout.origins, `${repo}.git`), ...args], { env: fleet.env });
	const commit = await git('commit-tree', '-p', 'main', '-m', 'Fix it at once', 'main^{tree}');
	await git('update-ref', 'refs/heads/main', commit.trim());
}
