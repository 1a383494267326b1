import { join, resolve } from 'node:path';
import type { Argv } from '../core/argv.ts';
import type { Diagnostic, SourceSpan } from '../core/diagnostic.ts';
import type { Command } from './command.ts';
import type { Fault } from './fault.ts';
import { diagnosticAt, type Reader } from './issues.ts';
import { keyRange, type Path, valueRange } from './tree.ts';

/** What a file does not say about itself. */
export interface Where {
	/** Absolute path of the file. */
	readonly file: string;
	/** The name of the file in diagnostics. */
	readonly display: string;
	/** HOME and PROJECTS_DIR are read from here; a pure part has no environment. */
	readonly env: Readonly<Record<string, string | undefined>>;
}

export interface BuildContext {
	readonly reader: Reader;
	readonly where: Where;
	/** The folder of the file. */
	readonly dir: string;
	readonly diagnostics: Diagnostic[];
}

/** The argv of an optional command; what is doubtful about it becomes a warning. */
export function argvAt(context: BuildContext, path: Path, command: Command | undefined): Argv | null {
	return command ? requiredArgv(context, path, command) : null;
}

export function requiredArgv(context: BuildContext, path: Path, { argv, doubt }: Command): Argv {
	if (doubt) context.diagnostics.push({ ...diagnosticAt(context.reader, { path, fault: doubt }), severity: 'warning' });
	return argv;
}

/** The argvs of a list of commands; of a single command that stands for such a list, too. */
export function argvsAt(context: BuildContext, path: Path, commands: readonly Command[] | undefined): Argv[] {
	return (commands ?? []).map((command, index) => requiredArgv(context, [...path, index], command));
}

/** An absolute path: `~` is HOME, anything else is relative to the folder of the file. */
export function machinePathAt({ where, dir, reader, diagnostics }: BuildContext, path: Path, text: string): string {
	if (text !== '~' && !text.startsWith('~/')) return resolve(dir, text);
	const home = where.env.HOME;
	if (home) return resolve(dir, join(home, text.slice(1)));
	const fault: Fault = {
		code: 'bad-value',
		summary: '`~` cannot be expanded: HOME is not set',
		hint: 'write an absolute path',
	};
	diagnostics.push(diagnosticAt(reader, { path, fault }));
	return resolve(dir, text);
}

export function keySpan({ reader: { source, tree } }: BuildContext, path: Path): SourceSpan {
	return source.span(keyRange(tree, path));
}

export function valueSpan({ reader: { source, tree } }: BuildContext, path: Path): SourceSpan {
	return source.span(valueRange(tree, path));
}
