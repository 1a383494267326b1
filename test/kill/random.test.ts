import { randomInt } from 'node:crypto';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { killSomewhere } from './moment.ts';
import { countEffects, effectsSince, readOutcome } from './outcome.ts';
import { assembledArena } from './running.ts';
import { doubled, resume, wholeRun } from './trial.ts';

const SHIP = ['ship', '--yes'];
/** KILL_TRAINS=200 looks further; KILL_SEED=… repeats the moments of an earlier run. */
const TRAINS = Number(process.env.KILL_TRAINS ?? 2);
const SEED = Number(process.env.KILL_SEED ?? randomInt(2 ** 31));
const KILLS = 3;

/** Numbers from 0 up to 1, the same for the same seed: a linear congruence is random enough for moments. */
function createRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

suite(`random kills, KILL_SEED=${SEED}`, (test) => {
	const inArena = assembledArena(1);

	test(
		`${TRAINS} trains, each killed ${KILLS} times at any moment, end as one that was not`,
		inArena(async (arena) => {
			const random = createRandom(SEED);
			const expected = await wholeRun(arena, SHIP);
			for (let train = 1; train <= TRAINS; train += 1) {
				await arena.restore();
				const before = countEffects(arena);
				const told: string[] = [];
				while (told.length < KILLS) told.push(await killSomewhere(arena, SHIP, random));
				const { attempts, said } = await resume(arena, SHIP);
				const story = `KILL_SEED=${SEED}, train ${train}: killed ${told.join('; ')}`;
				assert.is.not(attempts, null, `${story}\n${said.join('\n')}`);
				assert.equal(await readOutcome(arena), expected, story);
				assert.equal(doubled(effectsSince(arena, before), arena.fleet.gems.length), [], story);
			}
		}),
		{ timeoutMs: 60_000 + TRAINS * 60_000 },
	);
});
