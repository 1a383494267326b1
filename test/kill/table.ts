/**
 * `node test/kill/table.ts [--prepare] [--only WORDS]`: kills a train at every boundary of its journal,
 * one kill a train, resumes it, and compares the world with that of an uninterrupted train. Prints a
 * row a boundary; exit 1 when one did not converge or did something twice. Some minutes long; the
 * suite holds a sample of it (kill.test.ts).
 */
import { isDeepStrictEqual } from 'node:util';
import { slipway } from '../support/slipway.ts';
import { type Arena, newestJournal, openArena } from './arena.ts';
import { type Boundary, describeBoundary } from './boundary.ts';
import { countEffects, effectsSince, type Outcome, readOutcome } from './outcome.ts';
import { doubled, resume, runDoomed, wholeRun } from './trial.ts';

interface Row {
	readonly name: string;
	readonly killed: boolean;
	readonly attempts: number | null;
	readonly same: boolean;
	readonly doubled: readonly string[];
	readonly ms: number;
	readonly notes: readonly string[];
}

const MOMENTS = ['before', 'torn', 'after'] as const;

async function boundariesOf(arena: Arena): Promise<Boundary[]> {
	const lines = await newestJournal(arena.fleet);
	return lines.flatMap(({ type, task = null }): Boundary[] => {
		if (type === 'note') return [];
		const entry = type as Boundary['entry'];
		return MOMENTS.map((moment) => ({ entry, task, moment, victim: 'tree' }));
	});
}

interface Trial {
	readonly arena: Arena;
	readonly args: readonly string[];
	readonly expected: Outcome;
}

async function tryBoundary({ arena, args, expected }: Trial, boundary: Boundary): Promise<Row> {
	await arena.restore();
	const startedAt = performance.now();
	const before = countEffects(arena);
	const { signal } = await runDoomed(arena, args, boundary);
	const { attempts, said } = await resume(arena, args);
	const outcome = await readOutcome(arena);
	const same = isDeepStrictEqual(outcome, expected);
	return {
		name: describeBoundary(boundary),
		killed: signal === 'SIGKILL',
		attempts,
		same,
		doubled: doubled(effectsSince(arena, before), arena.fleet.gems.length),
		ms: Math.round(performance.now() - startedAt),
		notes: [...said, ...differences(outcome, expected)],
	};
}

/** Where two worlds differ, a line a place. */
function differences(got: unknown, wanted: unknown, at = 'world'): string[] {
	if (isDeepStrictEqual(got, wanted)) return [];
	if (!isMapping(got) || !isMapping(wanted))
		return [`${at}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`];
	const keys = new Set([...Object.keys(got), ...Object.keys(wanted)]);
	return [...keys].flatMap((key) => differences(got[key], wanted[key], `${at}.${key}`));
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function print({ name, killed, attempts, same, doubled: twice, ms }: Row): void {
	const cells = [killed ? 'killed' : 'NOT KILLED', `${attempts ?? 'NEVER'} runs`, same ? 'same world' : 'OTHER WORLD'];
	console.log([name.padEnd(82), ...cells, twice.join(', ') || 'nothing twice', `${ms} ms`].join(' | '));
}

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const args = process.argv.includes('--prepare') ? ['prepare', '--yes'] : ['ship', '--yes'];
const arena = await openArena({ satellites: process.argv.includes('--small') ? 2 : 4 });
try {
	if (args[0] === 'ship') {
		const { code, stderr } = await slipway(arena.fleet, ['prepare', '--yes']);
		if (code !== 0) throw new Error(stderr);
	}
	await arena.save();
	const expected = await wholeRun(arena, args);
	const boundaries = (await boundariesOf(arena)).filter((boundary) =>
		words.every((word) => describeBoundary(boundary).includes(word)),
	);
	const rows: Row[] = [];
	for (const boundary of boundaries) {
		const row = await tryBoundary({ arena, args, expected }, boundary);
		rows.push(row);
		print(row);
		if (!isGood(row)) for (const note of row.notes) console.log(`    ${note.replaceAll('\n', '\n    ')}`);
	}
	const bad = rows.filter((row) => !isGood(row));
	const count = (pick: (row: Row) => boolean) => rows.filter(pick).length;
	console.log(
		`${rows.length} boundaries, ${count((row) => row.killed)} killed, ${count((row) => row.attempts !== null && row.same)} converged, ` +
			`${count((row) => row.doubled.length > 0)} with a double effect`,
	);
	process.exitCode = bad.length > 0 || rows.length === 0 ? 1 : 0;
} finally {
	await arena.close();
}

function isGood({ killed, attempts, same, doubled: twice }: Row): boolean {
	return killed && attempts !== null && same && twice.length === 0;
}
