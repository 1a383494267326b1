import { type Sha, shortSha } from '../../core/brand.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { declaredGems } from '../../gemfile/declared.ts';
import { lockHolds, parseLock } from '../../gemfile/lock.ts';
import { repin } from '../../gemfile/repin.ts';
import type { RepinRefusal } from '../../gemfile/types.ts';
import { satisfies } from '../../gemfile/version.ts';
import type { GemPin, Specs } from '../../graph/specs.ts';
import { type Blocked, blocked, type Decision, done, todo } from '../contract.ts';

export interface ObservedConsumer {
	/** At the frozen SHA; null when the tree has none. */
	readonly gemfile: string | null;
	readonly lock: string | null;
	/** The tip of the release branch on origin. */
	readonly tip: Sha | null;
	/** Our own re-pin commit on top of the frozen SHA, when there is one already. */
	readonly ours: Sha | null;
	/** By gem: the digest of what the train publishes. */
	readonly digests: Readonly<Record<string, string>>;
}

/** A pin whose version the train knows. */
export type FrozenPin = GemPin & RepinChange['pins'][number];

export type RepinChange = {
	readonly type: 'repin';
	readonly summary: string;
	readonly base: Sha;
	readonly branch: string;
	/** What the Gemfile becomes; null when only the lock moves. */
	readonly gemfile: string | null;
	readonly edits: readonly { readonly line: number; readonly before: string; readonly after: string }[];
	readonly pins: readonly {
		readonly gem: string;
		readonly version: string;
		readonly registry: string;
		/** Absent until the registry serves it: a plan leaves open what only the publish will tell. */
		readonly sha256?: string;
	}[];
};

/** Gemfile and lock at the ship SHA hold the published versions (2-train.md §6). */
export function decideRepin(spec: Specs['repin'], observed: ObservedConsumer): Decision<RepinChange> {
	const frozen = spec.frozen;
	if (!frozen) throw new Error('a re-pin of a graph drawn from the file alone was run');
	if (observed.ours) return done(`re-pinned by ${shortSha(observed.ours)}`, { sha: observed.ours });
	const edit = editFor(spec, observed);
	if (edit.type === 'blocked') return edit.answer;
	if (edit.type === 'nothing') return done(edit.reason, { sha: frozen });
	if (observed.tip !== frozen) return drifted(spec, observed.tip, frozen);
	return todo(edit.reasons.join('; '), {
		type: 'repin',
		summary: summaryOf(edit.pins, frozen),
		base: frozen,
		branch: spec.releaseBranch,
		gemfile: edit.gemfile,
		edits: edit.edits,
		pins: edit.pins,
	});
}

/** One commit, whatever it takes: the versions are what a reader looks for. */
export function summaryOf(pins: RepinChange['pins'], base: Sha): string {
	return `commit ${pins.map((pin) => `${pin.gem} ${pin.version}`).join(', ')} on ${shortSha(base)}`;
}

type Edit =
	| { readonly type: 'nothing'; readonly reason: string }
	| { readonly type: 'blocked'; readonly answer: Blocked }
	| (Pick<RepinChange, 'gemfile' | 'edits' | 'pins'> & { readonly type: 'edit'; readonly reasons: readonly string[] });

/** What would have to change at the frozen SHA. Also the part of it that preflight can refuse early. */
export function editFor(
	spec: Pick<Specs['repin'], 'pins'>,
	observed: Pick<ObservedConsumer, 'gemfile' | 'lock' | 'digests'>,
): Edit {
	const { gemfile, lock } = observed;
	if (gemfile === null) return { type: 'nothing', reason: 'has no Gemfile' };
	const pins = usedPins(spec, gemfile, { lock, digests: observed.digests });
	const result = repin(gemfile, Object.fromEntries(pins.map((pin) => [pin.gem, pin.version])));
	const findings = [...result.refusals.map(refusal), ...unmet(result.text, pins)];
	if (findings.length > 0) return { type: 'blocked', answer: { type: 'blocked', findings } };
	if (pins.length === 0) return { type: 'nothing', reason: 'uses none of the gems of this train' };
	if (lock === null) {
		const summary = 'Gemfile.lock is not in the tree at the frozen SHA';
		return {
			type: 'blocked',
			answer: blocked({ code: 'preflight', summary, hint: 'commit the lock file: what it holds is what ships' }),
		};
	}
	const parsed = parseLock(lock);
	const behind = pins.flatMap((pin) => {
		const held = lockHolds(parsed, { gem: pin.gem, version: pin.version, registry: pin.registry });
		return held.ok ? [] : [{ gem: pin.gem, reason: `Gemfile.lock: ${held.seen}, wanted ${pin.version}` }];
	});
	if (result.changes.length === 0 && behind.length === 0) {
		return { type: 'nothing', reason: `holds ${pins.map((pin) => `${pin.gem} ${pin.version}`).join(', ')}` };
	}
	const edits = result.changes.map(({ line, before, after }) => ({ line, before, after }));
	// Where the Gemfile changes, that the lock follows goes without saying.
	const rewritten = new Set(result.changes.map((change) => change.gem));
	const lockAlone = behind.filter(({ gem }) => !rewritten.has(gem)).map(({ reason }) => reason);
	const reasons = [...edits.map((edit) => `Gemfile:${edit.line} becomes ${edit.after}`), ...lockAlone];
	return { type: 'edit', gemfile: edits.length > 0 ? result.text : null, edits, pins, reasons };
}

function usedPins(
	spec: Pick<Specs['repin'], 'pins'>,
	gemfile: string,
	known: Pick<ObservedConsumer, 'lock' | 'digests'>,
): FrozenPin[] {
	const used = new Set<string | null>(declaredGems(gemfile).map((declared) => declared.gem));
	if (known.lock !== null) for (const gem of parseLock(known.lock).gems.keys()) used.add(gem);
	return spec.pins.flatMap((pin) => {
		if (pin.version === null || !used.has(pin.gem)) return [];
		const sha256 = known.digests[pin.gem];
		return [{ ...pin, version: pin.version, ...(sha256 ? { sha256 } : {}) }];
	});
}

/** A pin is never rewritten downward; one that the train can't meet would only show when everything is published. */
function unmet(gemfile: string, pins: readonly FrozenPin[]): Diagnostic[] {
	return declaredGems(gemfile).flatMap(({ gem, requirements, line, col, endCol, excerpt }) => {
		const pin = pins.find((one) => one.gem === gem);
		if (!pin || requirements.length === 0 || satisfies(pin.version, requirements)) return [];
		return [
			{
				code: 'repin-refused',
				severity: 'error',
				summary: `${pin.gem} ${requirements.join(', ')} does not admit ${pin.version}, which this train ships`,
				at: { file: 'Gemfile', line, col, endCol, excerpt },
				hint: 'a pin is never rewritten downward: lower it on the release branch, or publish a newer version',
			},
		];
	});
}

function refusal(found: RepinRefusal): Diagnostic {
	const { line, col, endCol, excerpt } = found;
	return {
		code: 'repin-refused',
		severity: 'error',
		summary: found.reason,
		at: { file: 'Gemfile', line, col, endCol, excerpt },
		hint: found.hint,
	};
}

function drifted(spec: Specs['repin'], tip: Sha | null, frozen: Sha): Blocked {
	return blocked({
		code: 'drift',
		summary: tip
			? `origin/${spec.releaseBranch} is at ${shortSha(tip)}, and QA approved ${shortSha(frozen)}`
			: `origin has no ${spec.releaseBranch}`,
		hint: 'run `slipway prepare` again, so that QA sees what would ship',
	});
}
