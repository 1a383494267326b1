import { type GemArguments, type Option, readArguments } from './arguments.ts';
import type { Names } from './names.ts';
import type { Node } from './prism.ts';
import type { Elsewhere, GemCall, Reading, SourceBlock } from './read.ts';
import { placeOf } from './text.ts';
import type { RepinRefusal } from './types.ts';

/** A gem call whose arguments the text shows in full. */
export interface Declaration {
	readonly call: GemCall;
	readonly gem: string;
	readonly arguments: GemArguments & { readonly type: 'read' };
	/** The options that a re-pin takes away. */
	readonly sourceOptions: readonly Option[];
	/** The source blocks that provide the gem. */
	readonly blocks: readonly SourceBlock[];
}

/** A gem call, judged as far as its text alone allows. */
export type Inspected =
	| { readonly type: 'declares'; readonly declaration: Declaration }
	| { readonly type: 'unclear'; readonly gem: string; readonly node: Node; readonly why: Why }
	| { readonly type: 'computed'; readonly names: Names; readonly node: Node; readonly why: Why };

/** `reason` continues a sentence that begins with the gem's name. */
export interface Why {
	readonly reason: string;
	readonly hint: string;
}

/** 2-train.md §6; `gitlab` came with Bundler 2.6. */
const SOURCE_OPTIONS = new Set('github git path branch tag ref gist bitbucket gitlab glob submodules'.split(' '));
const OTHER_OPTIONS = new Set(
	'group groups name require platform platforms type source install_if force_ruby_platform'.split(' '),
);
const COMPUTED: Why = {
	reason: 'may be declared here, by a name that is computed',
	hint: 'declare the gem by its literal name, or iterate over a literal list without it',
};
const LITERAL_HINT = 'write the declaration with literal arguments, or re-pin it by hand';

/** Reads one call. `unclear` and `computed` are refusals for the gems that they concern. */
export function inspect(reading: Reading, call: GemCall): Inspected {
	if (call.names.type !== 'static') return { type: 'computed', names: call.names, node: call.node, why: COMPUTED };
	const gem = call.names.name;
	const args = readArguments(call);
	if (args.type === 'unreadable') {
		return { type: 'unclear', gem, node: args.node, why: { reason: args.reason, hint: LITERAL_HINT } };
	}
	const unknown = args.options.find(({ key }) => !isSource(reading, key) && !OTHER_OPTIONS.has(key));
	if (unknown && reading.elsewhere.some(({ kind }) => kind === 'evaluated')) {
		const reason = `has the option "${unknown.key}", which the evaluated file may define as a source`;
		return { type: 'unclear', gem, node: unknown.node, why: { reason, hint: LITERAL_HINT } };
	}
	const sourceOptions = args.options.filter(({ key }) => isSource(reading, key));
	const blocks = args.options.some(({ key }) => key === 'source') ? [] : call.blocks;
	return { type: 'declares', declaration: { call, gem, arguments: args, sourceOptions, blocks } };
}

function isSource(reading: Reading, key: string): boolean {
	return SOURCE_OPTIONS.has(key) || reading.gitSources.has(key);
}

/** Why a directive stands in the way of the gems that it may bring. */
export function whyElsewhere(directive: Elsewhere): Why {
	switch (directive.kind) {
		case 'evaluated':
			return {
				reason: 'may be declared in the file that is evaluated here',
				hint: 'declare the gem in this Gemfile, where a re-pin can reach it',
			};
		case 'gemspec':
			return {
				reason: 'is taken from the path of a gemspec',
				hint: 'declare the gem with `gem` instead of `gemspec`',
			};
		case 'path':
			return {
				reason: 'may be taken from this path, which has no block to say for which gems it is',
				hint: 'give the path a block that names its gems',
			};
	}
}

/** A refusal at a node. */
export function refusalAt(
	reading: Reading,
	node: Pick<Node, 'location'>,
	about: Why & { gems: readonly string[] },
): RepinRefusal {
	const gems = about.gems.toSorted();
	const reason = gems.length > 0 ? `${gems.join(', ')} ${about.reason}` : about.reason;
	return { ...placeOf(reading.bytes, node.location), gems, reason, hint: about.hint };
}

/** The parser's own message for a file that is not Ruby, or null. */
export function syntaxRefusal(reading: Reading): RepinRefusal | null {
	const [error] = reading.errors;
	if (!error) return null;
	const why = { reason: `not valid Ruby: ${error.message}`, hint: 'correct the Gemfile; `ruby -c Gemfile` checks it' };
	return refusalAt(reading, error, { ...why, gems: [] });
}
