import { CODES, type ErrorCode, type ExitCode } from './codes.ts';

/** A place in a text file. Lines and columns count from 1; columns count UTF-16 units. */
export interface SourceSpan {
	readonly file: string;
	readonly line: number;
	readonly col: number;
	/** Column after the last character, on the same line. */
	readonly endCol: number;
	/** The line of the file, without its line end. */
	readonly excerpt: string;
}

/** One message: what, where, what was seen, what to do (4-cli.md, "Output"). */
export interface Diagnostic {
	readonly code: ErrorCode;
	readonly severity: 'error' | 'warning';
	readonly summary: string;
	readonly repo?: string;
	readonly at?: SourceSpan;
	/** What was read or heard, in the tool's own words; may have several lines. */
	readonly seen?: string;
	readonly hint?: string;
}

/**
 * The one error that commands throw on purpose: it carries diagnostics and an exit code, never a
 * stack trace for a person. Everything else that reaches the top is our own bug.
 */
export class Refusal extends Error {
	readonly diagnostics: readonly Diagnostic[];
	readonly exitCode: ExitCode;

	/** `exitCode` is that of the first error; where all of them were found before anything changed, 3 whatever they say. */
	constructor(diagnostics: readonly Diagnostic[], exitCode?: ExitCode) {
		super(diagnostics.map((d) => `error[${d.code}]: ${d.summary}`).join('\n'));
		this.name = 'Refusal';
		this.diagnostics = diagnostics;
		const first = diagnostics.find((d) => d.severity === 'error');
		this.exitCode = exitCode ?? (first ? CODES[first.code].exit : 70);
	}
}

/** Throws one error diagnostic as a Refusal. */
export function refuse(code: ErrorCode, summary: string, more: Partial<Diagnostic> = {}): never {
	throw new Refusal([{ code, severity: 'error', summary, ...more }]);
}

/** The same obstacle met at several places is told once, in the order of the first. */
export function distinct(findings: readonly Diagnostic[]): readonly Diagnostic[] {
	return [
		...new Map(findings.map((finding) => [`${finding.repo} ${finding.code} ${finding.summary}`, finding])).values(),
	];
}

/**
 * A read of the world that failed (1-product.md, "Three honest answers"): `what` names the read,
 * `seen` holds the tool's own words. A probe lets it pass; the runner turns it into *unknown*.
 */
export class Unreadable extends Error {
	readonly what: string;
	readonly seen: string;

	constructor(what: string, seen: string) {
		super(`${what}: ${seen}`);
		this.name = 'Unreadable';
		this.what = what;
		this.seen = seen;
	}
}

/** What a command says of a failed read that stopped it before anything was changed. */
export function unreadFinding({ what, seen }: Unreadable): Diagnostic {
	const hint = 'nothing was changed; run the same command again when it answers';
	return { code: 'unknown', severity: 'error', summary: `could not read ${what}`, seen, hint };
}
