import { emptyBlock } from './blocks.ts';
import { pinCall } from './call-edits.ts';
import { decide } from './decide.ts';
import { type Declaration, inspect, refusalAt, syntaxRefusal, type Why, whyElsewhere } from './inspect.ts';
import { couldBe } from './names.ts';
import type { Node } from './prism.ts';
import { type Elsewhere, type GemCall, type Reading, readGemfile, type SourceBlock } from './read.ts';
import { type Edit, endOf, placeOf, splice, textOf } from './text.ts';
import type { RepinChange, RepinRefusal, RepinResult } from './types.ts';

type Pins = ReadonlyMap<string, string>;

/** A declaration to rewrite. */
interface Rewrite {
	readonly declaration: Declaration;
	readonly edits: readonly Edit[];
	readonly change: RepinChange;
}

type Verdict = { readonly rewrite: Rewrite } | { readonly refusal: RepinRefusal } | null;

const BY_HAND = 'Re-pin this declaration by hand.';

/**
 * Points a Gemfile at published gems (2-train.md §6): `text` with a pessimistic requirement, and
 * without source options and source blocks, for every declaration of a gem of `pins` (name → version)
 * that needs it. All other bytes stay. Pure, and the same for the same input; a text that needs
 * nothing comes back as it is. What can't be edited safely is a refusal, and then nothing is edited.
 * Only pin gems that the app locks: a Gemfile that evaluates another file is refused for every gem
 * of `pins` that it doesn't declare itself. Throws a RangeError for a version that is none.
 */
export function repin(text: string, pins: Readonly<Record<string, string>>): RepinResult {
	const wanted: Pins = new Map(Object.entries(pins));
	const reading = readGemfile(text);
	const syntax = syntaxRefusal(reading);
	if (syntax) return { text, changes: [], refusals: [syntax] };
	const verdicts = reading.calls.map((call) => judge(reading, call, wanted));
	const rewrites = verdicts.flatMap((verdict) => (verdict && 'rewrite' in verdict ? [verdict.rewrite] : []));
	const blocks = blockEdits(reading, rewrites, wanted);
	const refusals = [
		...verdicts.flatMap((verdict) => (verdict && 'refusal' in verdict ? [verdict.refusal] : [])),
		...blocks.flatMap((block) => ('refusal' in block ? [block.refusal] : [])),
		...elsewhereRefusals(reading, wanted),
	].toSorted((a, b) => a.line - b.line || a.col - b.col);
	if (refusals.length > 0 || rewrites.length === 0) return { text, changes: [], refusals };
	const edits = [...rewrites.flatMap((rewrite) => rewrite.edits), ...blocks.flatMap((block) => block.edits ?? [])];
	return {
		text: splice(reading.bytes, edits, { start: 0, end: reading.bytes.length }),
		changes: rewrites.map((rewrite) => rewrite.change),
		refusals,
	};
}

function judge(reading: Reading, call: GemCall, wanted: Pins): Verdict {
	const inspected = inspect(reading, call);
	if (inspected.type !== 'declares') {
		const candidates = inspected.type === 'unclear' ? [inspected.gem] : [...wanted.keys()];
		const gems = candidates.filter((gem) => wanted.has(gem) && couldBe(call.names, gem));
		if (gems.length === 0) return null;
		return { refusal: refusalAt(reading, inspected.node, { ...inspected.why, gems }) };
	}
	const { declaration } = inspected;
	const version = wanted.get(declaration.gem);
	return version === undefined ? null : judgeDeclaration(reading, declaration, version);
}

function judgeDeclaration(reading: Reading, declaration: Declaration, version: string): Verdict {
	const { gem, call, sourceOptions, blocks } = declaration;
	const requirements = declaration.arguments.requirements.flatMap(({ texts }) => texts);
	const origin = sourceOptions.length > 0 || blocks.length > 0 ? 'source' : 'registry';
	const decision = decide({ requirements, origin }, version);
	const refuse = (node: Node, why: Why): Verdict => ({ refusal: refusalAt(reading, node, { ...why, gems: [gem] }) });
	if (decision.type === 'keep') return null;
	if (decision.type === 'refuse') return refuse(call.node, decision);
	const result = pinCall(reading, declaration, decision.pin);
	if (result.type === 'refuse') return refuse(result.node, { reason: result.reason, hint: BY_HAND });
	const { location } = call.node;
	const range = { start: location.startOffset, end: endOf(location) };
	const change = {
		...placeOf(reading.bytes, location),
		gem,
		pin: decision.pin,
		before: textOf(reading.bytes, location),
		after: splice(reading.bytes, result.edits, range),
	};
	return { rewrite: { declaration, edits: result.edits, change } };
}

type BlockEdits = { readonly edits: readonly Edit[] } | { readonly refusal: RepinRefusal; readonly edits?: never };

/** Takes the rewritten gems out of the source blocks around them. */
function blockEdits(reading: Reading, rewrites: readonly Rewrite[], wanted: Pins): BlockEdits[] {
	const firstOf = new Map<Node, { block: SourceBlock; rewrite: Rewrite }>();
	for (const rewrite of rewrites) {
		for (const block of rewrite.declaration.blocks) {
			if (!firstOf.has(block.call)) firstOf.set(block.call, { block, rewrite });
		}
	}
	return [...firstOf.values()].map(({ block, rewrite }) => {
		const edits = emptyBlock(reading, block, ({ names }) => names.type === 'static' && wanted.has(names.name));
		if (typeof edits !== 'string') return { edits };
		const { call, gem } = rewrite.declaration;
		return { refusal: refusalAt(reading, call.node, { reason: edits, hint: BY_HAND, gems: [gem] }) };
	});
}

/** Directives that may bring a pinned gem past the declarations of this text. */
function elsewhereRefusals(reading: Reading, wanted: Pins): RepinRefusal[] {
	const declared = new Set(reading.calls.flatMap(({ names }) => (names.type === 'static' ? [names.name] : [])));
	return reading.elsewhere.flatMap((directive) => {
		const gems = [...wanted.keys()].filter((gem) => concerns(directive, gem, declared));
		return gems.length > 0 ? [refusalAt(reading, directive.node, { ...whyElsewhere(directive), gems })] : [];
	});
}

/**
 * A path without a block provides any gem that is declared; a named gemspec is that gem. Any other
 * directive matters for gems that this text does not declare: Bundler rejects a second, different
 * declaration of the others.
 */
function concerns(directive: Elsewhere, gem: string, declared: ReadonlySet<string>): boolean {
	if (directive.kind === 'path') return declared.has(gem);
	return directive.gem === null ? !declared.has(gem) : directive.gem === gem;
}
