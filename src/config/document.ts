import {
	isAlias,
	isMap,
	isScalar,
	isSeq,
	type Node,
	type Range as NodeRange,
	parseDocument,
	type YAMLError,
} from 'yaml';
import type { Diagnostic } from '../core/diagnostic.ts';
import { type Fault, faultAt } from './fault.ts';
import { type RawNode, type RawPair, type RawType, tooDeep } from './raw-node.ts';
import type { Range, Source } from './source.ts';
import { shown } from './tree.ts';

export interface RawDocument {
	/** Null for a file without content, and whenever there is an error. */
	readonly root: RawNode | null;
	readonly diagnostics: readonly Diagnostic[];
}

const LARGEST = 2 * 1024 * 1024;
const DEEPEST = 64;
// YAML forbids these characters, and the parser lets them pass.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/**
 * The only file that knows the YAML library: text to raw nodes, and its complaints to diagnostics.
 * Never throws. Duplicate keys and aliases are the business of compose.ts, which names both places and
 * takes linear time for thousands of keys.
 */
export function readDocument(source: Source): RawDocument {
	const unreadable = firstObstacle(source);
	if (unreadable) return { root: null, diagnostics: [unreadable] };
	try {
		const document = parseDocument(source.text, {
			prettyErrors: false,
			strict: true,
			uniqueKeys: false,
			version: '1.2',
		});
		const complaints = [...document.errors, ...document.warnings].map((error) => complaint(source, error));
		if (complaints.length > 0) return { root: null, diagnostics: onePerLine(complaints) };
		return { root: document.contents && rawNode(document.contents, 0), diagnostics: [] };
	} catch (error) {
		// A RangeError is the parser's stack running out on nested brackets; so is our own limit.
		if (!(error instanceof RangeError)) throw error;
		return {
			root: null,
			diagnostics: [
				syntax(source, [0, 0], { summary: tooDeep(DEEPEST), hint: 'close the brackets; a registry needs six levels' }),
			],
		};
	}
}

/** What makes reading the text as YAML 1.2 pointless. */
function firstObstacle(source: Source): Diagnostic | null {
	if (source.text.length > LARGEST) {
		const hint = 'a registry names repositories; is this the right file?';
		return syntax(source, [0, 0], { summary: 'the file is larger than 2 MiB', hint });
	}
	const control = FORBIDDEN.exec(source.text);
	if (control) {
		const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
		const hint = 'save the file as UTF-8 text, and write control characters as escapes in double quotes';
		return syntax(source, [control.index, control.index + 1], {
			summary: `the file holds the control character U+${code}`,
			hint,
		});
	}
	const directive = /^%YAML[ \t]+(?!1\.2\b)\S+/m.exec(source.text);
	if (directive && !/^(?!%|#|\s*$)/m.test(source.text.slice(0, directive.index))) {
		const hint = 'remove the directive: only YAML 1.2 is read, where `no` and `010` are not false and eight';
		const summary = `the file asks for another YAML version: ${shown(directive[0])}`;
		return faultAt(source, [directive.index, directive.index + directive[0].length], {
			code: 'unsupported',
			summary,
			hint,
		});
	}
	return null;
}

/** The library's words where they help, ours where a person would not know what to do. */
function complaint(source: Source, error: YAMLError): Diagnostic {
	const summary = SUMMARIES[error.code] ?? `not valid YAML: ${lowerFirst(error.message)}`;
	const hint = HINTS[error.code] ?? 'put quotes around a value with special characters, and indent with spaces';
	return syntax(source, [error.pos[0], error.pos[1]], { summary, hint });
}

type Words = Readonly<Partial<Record<YAMLError['code'], string>>>;

const SUMMARIES: Words = {
	MULTIPLE_DOCS: 'a second document begins here',
	TAB_AS_INDENT: 'a tab is used as indentation',
	TAG_RESOLVE_FAILED: 'a tag that is not part of YAML 1.2',
};

const HINTS: Words = {
	BLOCK_AS_IMPLICIT_KEY: 'put quotes around a value that holds `: `, or begin the inner mapping on a new line',
	BAD_INDENT: 'keys of one mapping stand in one column; brackets and quotes must be closed',
	BAD_SCALAR_START: 'put quotes around the value',
	MISSING_CHAR: 'a quote or a bracket was opened and not closed, or a `:` is missing',
	MULTIPLE_DOCS: 'remove the `---` or `...`: a registry is one document',
	TAB_AS_INDENT: 'indent with spaces; YAML allows no tabs there',
	TAG_RESOLVE_FAILED: 'remove the tag (the word with `!`) and write a plain value',
	MULTILINE_IMPLICIT_KEY: 'a `:` is missing, or a value of several lines needs `|` or more indentation',
};

function syntax(source: Source, range: Range, words: Omit<Fault, 'code'>): Diagnostic {
	return faultAt(source, range, { code: 'yaml-syntax', ...words });
}

/** One slip makes the parser complain again and again on its line; the first complaint is the useful one. */
function onePerLine(diagnostics: readonly Diagnostic[]): Diagnostic[] {
	const seen = new Set<number | undefined>();
	return diagnostics.filter(({ at }) => !seen.has(at?.line) && seen.add(at?.line));
}

function rawNode(node: Node, depth: number): RawNode {
	if (depth > DEEPEST) throw new RangeError(tooDeep(DEEPEST));
	const [start, end] = (node.range ?? [0, 0, 0]) satisfies NodeRange;
	const about = { range: [start, end] as Range, anchor: isAlias(node) ? null : (node.anchor ?? null) };
	return { ...about, ...content(node, depth) };
}

function content(node: Node, depth: number): RawType {
	if (isAlias(node)) return { type: 'alias', name: node.source };
	if (isMap<Node, Node | null>(node)) {
		return { type: 'map', flow: node.flow === true, pairs: node.items.map((pair) => rawPair(pair, depth + 1)) };
	}
	if (isSeq<Node>(node)) {
		return { type: 'list', flow: node.flow === true, items: node.items.map((item) => rawNode(item, depth + 1)) };
	}
	if (!isScalar(node) || node.value === null) return { type: 'blank' };
	// A number is kept as it was written: a version 1.10 is not 1.1.
	const text = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
	return { type: 'text', text, quoted: node.type !== 'PLAIN' };
}

function rawPair(pair: { key: Node; value: Node | null }, depth: number): RawPair {
	return { key: rawNode(pair.key, depth), value: pair.value && rawNode(pair.value, depth) };
}

function lowerFirst(text: string): string {
	return text.charAt(0).toLowerCase() + text.slice(1);
}
