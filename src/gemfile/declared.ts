import { inspect, refusalAt, syntaxRefusal, type Why, whyElsewhere } from './inspect.ts';
import type { Names } from './names.ts';
import type { Node } from './prism.ts';
import { type Elsewhere, type GemCall, type Reading, readGemfile } from './read.ts';
import { placeOf } from './text.ts';
import type { DeclaredGem } from './types.ts';

/**
 * What a Gemfile declares, in the order of the text, branches of conditions included: an edge of the
 * train is derived from it (2-train.md §1). An entry whose `gem` is null stands for gems that the
 * text does not name, or for a syntax error; its refusal says which.
 */
export function declaredGems(text: string): DeclaredGem[] {
	const reading = readGemfile(text);
	const syntax = syntaxRefusal(reading);
	if (syntax) {
		const { line, col, endCol, excerpt } = syntax;
		return [{ line, col, endCol, excerpt, gem: null, requirements: [], sources: [], refusal: syntax }];
	}
	return [
		...reading.calls.flatMap((call) => fromCall(reading, call)),
		...reading.elsewhere.map((directive) => fromDirective(reading, directive)),
	].toSorted((a, b) => a.line - b.line || a.col - b.col);
}

function fromCall(reading: Reading, call: GemCall): DeclaredGem[] {
	const inspected = inspect(reading, call);
	if (inspected.type !== 'declares') {
		const gems = inspected.type === 'unclear' ? [inspected.gem] : possible(inspected.names);
		return gems.map((gem) => ({
			...unknown(reading, { ...inspected, gem }),
			...placeOf(reading.bytes, call.node.location),
		}));
	}
	const { gem, arguments: args, sourceOptions, blocks } = inspected.declaration;
	return [
		{
			...placeOf(reading.bytes, call.node.location),
			gem,
			requirements: args.requirements.flatMap(({ texts }) => texts),
			sources: [...sourceOptions.map(({ key }) => key), ...blocks.map((block) => block.call.name)],
			refusal: null,
		},
	];
}

/** The gems that a computed name stands for; null for an open end. */
function possible(names: Names): readonly (string | null)[] {
	return names.type === 'oneOf' ? names.names : [null];
}

function fromDirective(reading: Reading, directive: Elsewhere): DeclaredGem {
	const { node, gem, kind } = directive;
	const sources = kind === 'evaluated' ? [] : ['path'];
	return { ...unknown(reading, { node, gem, why: whyElsewhere(directive) }), sources };
}

function unknown(reading: Reading, about: { node: Node; gem: string | null; why: Why }): DeclaredGem {
	const gems = about.gem === null ? [] : [about.gem];
	return {
		...placeOf(reading.bytes, about.node.location),
		gem: about.gem,
		requirements: [],
		sources: [],
		refusal: refusalAt(reading, about.node, { ...about.why, gems }),
	};
}
