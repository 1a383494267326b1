import fc from 'fast-check';
import type { Sha } from '../../src/core/brand.ts';
import type { Freeze } from '../../src/record/transitions.ts';
import { newRecord } from '../../src/record/transitions.ts';
import type { BuiltGem, RecordResult, ReleaseRecord, Verdict } from '../../src/record/types.ts';

export const AT = '2026-03-14T09:26:53.589Z';
export const LATER = '2026-03-15T10:00:00.000Z';

/** A full SHA made of one digit. */
export function sha(digit: number | string): Sha {
	return String(digit).repeat(40) as Sha;
}

export function sampleRecord(slug = 'rel-20260314-a1b2c3'): ReleaseRecord {
	return newRecord({ slug, by: 'ada@harbor', at: AT });
}

export const BUILT: BuiltGem = {
	name: 'studio-engine',
	version: '0.2.0',
	platform: 'ruby',
	file: 'studio-engine-0.2.0.gem',
	sha256: 'e'.repeat(64),
};

export function appFreeze(frozen: Sha): Freeze {
	return { type: 'app', frozen, mainAtFreeze: sha(0), frozenAt: AT, gem: null, uses: [] };
}

export function gemFreeze(frozen: Sha, gem: BuiltGem | null = BUILT): Freeze {
	return { type: 'gem', frozen, mainAtFreeze: sha(0), frozenAt: AT, gem, uses: [] };
}

export function verdict(over: Partial<Verdict> = {}): Verdict {
	return { purpose: 'qa', sha: sha(1), cmd: ['bin/test'], ok: true, at: AT, ...over };
}

/** The record of a move that must be allowed. */
export function allowed(result: RecordResult): ReleaseRecord {
	if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.diagnostics)}`);
	return result.record;
}

/** The code of a move that must be refused. */
export function refusal(result: RecordResult): string | undefined {
	return result.ok ? 'it was allowed' : result.diagnostics[0]?.code;
}

/** Names that an object already has, besides ordinary ones. */
export const repoNames = fc.constantFrom('harbor', 'turf', 'studio-engine', '__proto__', 'constructor', 'toString');
export const shas = fc.constantFrom(sha(1), sha(2), sha('a'));
