import { dirname } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { buildConfig } from './build.ts';
import type { BuildContext, Where } from './build-context.ts';
import { checkNames } from './check-names.ts';
import { checkRepos } from './check-repos.ts';
import { checkTasks } from './check-tasks.ts';
import { composeTree } from './compose.ts';
import { readDocument } from './document.ts';
import { faultAt } from './fault.ts';
import { diagnosticAt, type Reader, schemaDiagnostics } from './issues.ts';
import { outlineRepos } from './outline.ts';
import { registrySchema } from './schema/registry.ts';
import { openSource } from './source.ts';
import type { Config } from './types.ts';

export interface ParsedConfig {
	/** Null when a diagnostic is an error. */
	readonly config: Config | null;
	/** Everything that is wrong with the file, by line. */
	readonly diagnostics: readonly Diagnostic[];
}

const BYTE_ORDER_MARK = '\ufeff';

/**
 * Takes the text of release_repos.yml and gives its Config, or all of its errors at once, each with its
 * place and what to do (2-train.md §1). Pure: no file is read, and HOME and PROJECTS_DIR come from
 * `where.env`. Never throws, whatever the text.
 */
export function parseConfig(text: string, where: Where): ParsedConfig {
	const source = openSource(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text, where.display);
	const document = readDocument(source);
	if (document.diagnostics.length > 0) return failed(document.diagnostics);
	const { root } = document;
	if (!root || root.type === 'blank') {
		const hint = 'name repositories under `gems` and `apps`, or tasks under `tasks`; `slipway schema` shows every key';
		return failed([faultAt(source, [0, 0], { code: 'missing-key', summary: 'the file holds nothing', hint })]);
	}
	if (root.type !== 'map') {
		const hint = 'begin with a section: `train:`, `gems:`, `apps:`, `tasks:` or `worktrees:`';
		return failed([faultAt(source, root.range, { code: 'wrong-type', summary: 'the file is not a mapping', hint })]);
	}
	const { tree, diagnostics } = composeTree(root, source);
	// A value that an alias should have brought is missing, and complaints about that would only mislead.
	if (diagnostics.some(({ code }) => code === 'yaml-syntax')) return failed(diagnostics);
	return checked({ source, tree }, where, diagnostics);
}

function checked(reader: Reader, where: Where, earlier: readonly Diagnostic[]): ParsedConfig {
	const outcome = registrySchema.safeParse(reader.tree.root);
	const repos = outlineRepos(reader.tree);
	const findings = [...checkNames(reader.tree), ...checkRepos(reader, repos), ...checkTasks(reader, repos)];
	const diagnostics = [
		...earlier,
		...schemaDiagnostics(reader, outcome.error?.issues ?? []),
		...findings.map((finding) => diagnosticAt(reader, finding)),
	];
	if (!outcome.success || diagnostics.length > 0) return failed(diagnostics);
	const context: BuildContext = { reader, where, dir: dirname(where.file), diagnostics: [] };
	const config = buildConfig(context, outcome.data);
	if (context.diagnostics.some(({ severity }) => severity === 'error')) return failed(context.diagnostics);
	return { config, diagnostics: inOrder(context.diagnostics) };
}

function failed(diagnostics: readonly Diagnostic[]): ParsedConfig {
	return { config: null, diagnostics: inOrder(diagnostics) };
}

/** By place; one message said twice of one place, through an alias, is said once. */
function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
	const place = ({ at, code, summary }: Diagnostic) => JSON.stringify([at?.line, at?.col, code, summary]);
	const unique = [...new Map(diagnostics.map((diagnostic) => [place(diagnostic), diagnostic])).values()];
	const line = ({ at }: Diagnostic) => at?.line ?? 0;
	const col = ({ at }: Diagnostic) => at?.col ?? 0;
	return unique.sort((a, b) => line(a) - line(b) || col(a) - col(b));
}
