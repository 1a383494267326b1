import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ParseResult } from '@ruby/prism/src/deserialize.js';
import { parsePrism } from '@ruby/prism/src/parsePrism.js';

export type { Location } from '@ruby/prism/src/deserialize.js';
export type { Node } from '@ruby/prism/src/nodes.js';
// biome-ignore lint/performance/noBarrelFile: the one door to the package; other files may not import it
export {
	ArrayNode,
	AssocNode,
	BlockNode,
	BlockParametersNode,
	CallNode,
	ConstantAndWriteNode,
	ConstantOperatorWriteNode,
	ConstantOrWriteNode,
	ConstantReadNode,
	ConstantTargetNode,
	ConstantWriteNode,
	DefNode,
	FalseNode,
	ForNode,
	HashNode,
	InterpolatedStringNode,
	InterpolatedXStringNode,
	ItLocalVariableReadNode,
	KeywordHashNode,
	LocalVariableAndWriteNode,
	LocalVariableOperatorWriteNode,
	LocalVariableOrWriteNode,
	LocalVariableReadNode,
	LocalVariableTargetNode,
	LocalVariableWriteNode,
	NilNode,
	RequiredParameterNode,
	SelfNode,
	StatementsNode,
	StringNode,
	SymbolNode,
	TrueNode,
	XStringNode,
} from '@ruby/prism/src/nodes.js';
export type { ParseResult };

/** The part of the WebAssembly API that is used here; TypeScript keeps its types with the browser's. */
declare namespace WebAssembly {
	type Exports = Readonly<Record<string, unknown>>;
	class Module {
		constructor(bytes: Uint8Array);
		static imports(module: Module): readonly { readonly name: string }[];
	}
	class Instance {
		constructor(module: Module, imports: Record<string, Record<string, () => number>>);
		readonly exports: Exports;
	}
}

let exports: WebAssembly.Exports | undefined;

/**
 * Parses Ruby source. Offsets of the result count UTF-8 bytes of `text`, a byte order mark included.
 * Magic encoding comments are ignored, as Bundler reads every Gemfile as UTF-8. A syntax error is no
 * exception: it stands in `errors`, in the parser's own words.
 */
export function parseRuby(text: string): ParseResult {
	exports ??= instantiate();
	return parsePrism(exports, text, { encoding: false });
}

/**
 * The package's own `loadPrism` is asynchronous, needs 100 ms and prints Node's WASI warning. The
 * parser makes one system call, a random number for its stack guard; nothing else is granted, so
 * that Ruby text can never reach a file.
 */
function instantiate(): WebAssembly.Exports {
	const path = createRequire(import.meta.url).resolve('@ruby/prism/src/prism.wasm');
	const module = new WebAssembly.Module(readFileSync(path));
	const system: Record<string, () => number> = {};
	for (const { name } of WebAssembly.Module.imports(module)) system[name] = () => deny(name);
	system.random_get = () => 0;
	const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: system });
	const { _initialize } = instance.exports;
	if (typeof _initialize !== 'function') throw new Error('prism.wasm has no _initialize');
	_initialize();
	return instance.exports;
}

function deny(call: string): never {
	throw new Error(`prism.wasm asked for the system call ${call}`);
}
