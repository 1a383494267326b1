import { type Names, namesOf, type Scope } from './names.ts';
import { BlockNode, type CallNode, DefNode, type Location, type Node, type ParseResult, parseRuby } from './prism.ts';
import { argument, elementsOf, isOwnCall, staticKey, staticText, walk } from './syntax.ts';

/** A call that declares a gem: `gem "x"`, or `send(:gem, "x")`. */
export interface GemCall {
	readonly node: CallNode;
	/** What the name can be. */
	readonly names: Names;
	/** True where the call is written through `send`; its arguments are not those of `gem`. */
	readonly indirect: boolean;
	/** The source blocks whose source applies to a gem that names none itself, innermost first. */
	readonly blocks: readonly SourceBlock[];
}

/** `git … do`, `path … do` or `github … do`. */
export interface SourceBlock {
	readonly call: CallNode;
	readonly body: BlockNode;
	readonly parent: Node;
}

/** A directive that can bring gems which this text does not name. */
export interface Elsewhere {
	readonly node: CallNode;
	readonly kind: 'evaluated' | 'gemspec' | 'path';
	/** The gem's name where the directive states it. */
	readonly gem: string | null;
}

/** A Gemfile, read and not yet judged. */
export interface Reading {
	readonly bytes: Buffer;
	readonly calls: readonly GemCall[];
	readonly elsewhere: readonly Elsewhere[];
	/** Option names that this Gemfile itself defines as git sources (`git_source(:stash) { … }`). */
	readonly gitSources: ReadonlySet<string>;
	readonly comments: readonly Location[];
	readonly errors: ParseResult['errors'];
}

const SOURCE_BLOCKS = new Set(['git', 'path', 'github']);
const SEND = new Set(['send', 'public_send', '__send__']);
const EVALUATE = new Set(['eval_gemfile', 'eval', 'instance_eval']);

/** Reads the declarations of a Gemfile. Never throws for its content: syntax errors stand in `errors`. */
export function readGemfile(text: string): Reading {
	const result = parseRuby(text);
	const file = [...walk(result.value)];
	const own = file.flatMap(({ node, ancestors }) => (isOwnCall(node) ? [{ node, ancestors }] : []));
	return {
		bytes: Buffer.from(text, 'utf8'),
		calls: own.flatMap(({ node, ancestors }) => gemCall(node, { ancestors, file, followed: 0 })),
		elsewhere: own.flatMap(({ node }) => elsewhere(node)),
		gitSources: new Set(own.flatMap(({ node }) => gitSource(node))),
		comments: result.comments.map((comment) => comment.location),
		errors: result.errors,
	};
}

function gemCall(node: CallNode, scope: Scope): GemCall[] {
	const first = argument(node, 0);
	const indirect = SEND.has(node.name) && first !== undefined && staticText(first) === 'gem';
	if (node.name !== 'gem' && !indirect) return [];
	const name = argument(node, indirect ? 1 : 0);
	if (!name) return [];
	return [{ node, names: namesOf(name, scope), indirect, blocks: sourceBlocks(scope.ancestors) }];
}

/** A `source … do` block ends the search: what stands around it no longer applies. */
function sourceBlocks(ancestors: readonly Node[]): SourceBlock[] {
	const blocks: SourceBlock[] = [];
	for (let at = ancestors.length - 2; at > 0; at -= 1) {
		const [parent, call, body] = ancestors.slice(at - 1);
		if (call instanceof DefNode) break;
		if (!parent || !isOwnCall(call) || !(body instanceof BlockNode) || call.block !== body) continue;
		if (call.name === 'source') break;
		if (SOURCE_BLOCKS.has(call.name)) blocks.push({ call, body, parent });
	}
	return blocks;
}

function gitSource(node: CallNode): string[] {
	const source = node.name === 'git_source' ? argument(node, 0) : undefined;
	const name = source && staticText(source);
	return name ? [name] : [];
}

function elsewhere(node: CallNode): Elsewhere[] {
	if (EVALUATE.has(node.name) && node.arguments_) return [{ node, kind: 'evaluated', gem: null }];
	if (node.name === 'path' && node.arguments_ && !node.block) return [{ node, kind: 'path', gem: null }];
	return node.name === 'gemspec' ? gemspec(node) : [];
}

/** A plain `gemspec` declares the repository's own gem; only a name or a path makes it ours to judge. */
function gemspec(node: CallNode): Elsewhere[] {
	const elements = elementsOf(argument(node, 0));
	const textAt = (key: string): string | null | undefined => {
		const element = elements.find((each) => staticKey(each) === key);
		return element && 'value' in element ? staticText(element.value as Node) : undefined;
	};
	const name = textAt('name');
	if (name !== undefined) return [{ node, kind: 'gemspec', gem: name }];
	const path = textAt('path');
	return path === undefined || path === '.' ? [] : [{ node, kind: 'gemspec', gem: null }];
}
