import type { z } from 'zod';
import type { Diagnostic } from '../core/diagnostic.ts';
import { didYouMean } from '../core/suggest.ts';
import { type Fault, faultAt } from './fault.ts';
import { NAME } from './names.ts';
import type { Finding } from './outline.ts';
import type { Source } from './source.ts';
import { dotted, isMapping, keyRange, type Path, placeOf, shown, type Tree, valueAt, valueRange } from './tree.ts';

type Issue = z.core.$ZodIssue;

/** A file that was read: its text for spans, its values for places. */
export interface Reader {
	readonly source: Source;
	readonly tree: Tree;
}

/** One diagnostic for each thing that the schema found wrong, at the node where it stands. */
export function schemaDiagnostics(reader: Reader, issues: readonly Issue[]): Diagnostic[] {
	const placed = issues.flatMap((issue) => flattened(issue, { path: [], ofKey: false }));
	return placed.map((one) => diagnosticAt(reader, findingOf(reader, one)));
}

/** A diagnostic of a rule of our own. A place that the file does not have is shown by what is around it. */
export function diagnosticAt({ source, tree }: Reader, { path, fault, onKey }: Finding): Diagnostic {
	// A missing or unknown key is named by its summary; the path then says where.
	const where = fault.code === 'unknown-key' || fault.code === 'missing-key' ? path.slice(0, -1) : path;
	const summary = where.length > 0 ? `${dotted(where)}: ${fault.summary}` : fault.summary;
	const range = onKey ? keyRange(tree, path) : valueRange(tree, path);
	return { ...faultAt(source, range, { ...fault, summary }), ...repoOf(path) };
}

/** The repository that a path is about, when its name can be shown. */
function repoOf([section, name]: Path): { repo?: string } {
	const inSection = section === 'gems' || section === 'apps';
	return inSection && typeof name === 'string' && NAME.test(name) ? { repo: name } : {};
}

interface Placed {
	readonly issue: Issue;
	readonly path: Path;
	/** The rule was about the key itself. */
	readonly ofKey: boolean;
}

/** Unions report one list of issues for each choice: keep those of the choice that was meant. */
function flattened(issue: Issue, above: Omit<Placed, 'issue'>): Placed[] {
	const path = [...above.path, ...(issue.path as (string | number)[])];
	if (issue.code === 'invalid_key') return issue.issues.flatMap((inner) => flattened(inner, { path, ofKey: true }));
	if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ issue, path, ofKey: above.ofKey }];
	const within = issue.errors.find((branch) => branch.every(({ path: inner }) => inner.length > 0));
	const meant = within ?? issue.errors.find((branch) => branch.every(({ code }) => code !== 'invalid_type'));
	return meant ? meant.flatMap((inner) => flattened(inner, { ...above, path })) : [{ issue, path, ofKey: above.ofKey }];
}

function findingOf({ tree }: Reader, { issue, path, ofKey }: Placed): Finding {
	const missing = placeOf(tree, path) === null;
	const fault = faultOf(issue, valueAt(tree, path), String(path.at(-1)));
	return { path, fault, onKey: ofKey || missing || fault.code === 'unknown-key' };
}

function faultOf(issue: Issue, value: unknown, key: string): Fault {
	if (issue.code === 'custom' && isMapping(issue.params)) return issue.params.fault as Fault;
	if (issue.code === 'invalid_union' && issue.errors.length === 0) return strategyFault(issue, value);
	if (value === undefined)
		return { code: 'missing-key', summary: `the key ${shown(key)} is missing`, hint: `add it: \`${key}: …\`` };
	if (value === null) {
		return { code: 'wrong-type', summary: 'has no value', hint: `write ${wanted(issue)}, or remove the key` };
	}
	switch (issue.code) {
		case 'invalid_value': {
			const choices = issue.values.map(String);
			const all = `choose one of: ${choices.join(', ')}`;
			if (typeof value !== 'string')
				return { code: 'wrong-type', summary: `wants one word, and this is ${kindOf(value)}`, hint: all };
			return {
				code: 'bad-value',
				summary: `${shown(value)} is not one of the choices`,
				hint: didYouMean(value, choices, all),
			};
		}
		case 'too_small': {
			if (issue.origin !== 'number')
				return { code: 'bad-value', summary: 'must not be empty', hint: 'write something, or remove the key' };
			return { code: 'bad-value', summary: `${kindOf(value)} is too small`, hint: `write ${issue.minimum} or more` };
		}
		case 'too_big':
			return { code: 'bad-value', summary: `${kindOf(value)} is too big`, hint: `write ${issue.maximum} or less` };
		default:
			return {
				code: 'wrong-type',
				summary: `wants ${wanted(issue)}, and this is ${kindOf(value)}`,
				hint: formHint(issue),
			};
	}
}

/** A deploy target without a strategy, or with one that does not exist (2-train.md §1). */
function strategyFault(issue: Issue & { code: 'invalid_union' }, value: unknown): Fault {
	const choices = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
	const all = `choose one of: ${choices.join(', ')}; with nothing to deploy, leave the target out`;
	if (typeof value !== 'string')
		return { code: 'bad-strategy', summary: 'a deploy target needs a strategy', hint: all };
	return { code: 'bad-strategy', summary: `${shown(value)} is no strategy`, hint: didYouMean(value, choices, all) };
}

const WANTED: Readonly<Record<string, string>> = {
	string: 'text',
	int: 'a whole number',
	number: 'a whole number',
	boolean: '`true` or `false`',
	array: 'a list',
	object: 'a mapping',
	record: 'a mapping',
};

function wanted(issue: Issue): string {
	if (issue.code === 'invalid_type') return WANTED[issue.expected] ?? issue.expected;
	if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
	if (issue.code === 'invalid_union') return [...new Set(issue.errors.flat().map(wanted))].join(' or ');
	return 'another value';
}

const FORMS: Readonly<Record<string, string>> = {
	'a list': 'write `[one, two]`, or a line that begins with `- ` for each item',
	'a mapping': 'write `key: value` lines below it, indented',
	'a whole number': 'write it in digits',
};

function formHint(issue: Issue): string {
	return FORMS[wanted(issue)] ?? `write ${wanted(issue)}`;
}

function kindOf(value: unknown): string {
	if (typeof value === 'string') return shown(value);
	if (value === null) return 'empty';
	return Array.isArray(value) ? 'a list' : 'a mapping';
}
