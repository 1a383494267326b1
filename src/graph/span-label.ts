import type { SourceSpan } from '../core/diagnostic.ts';

/**
 * `release_repos.yml:12`. The folder is left out: graphs are compared between machines, and there
 * is one such file.
 */
export function spanLabel(at: SourceSpan): string {
	return `${at.file.slice(Math.max(at.file.lastIndexOf('/'), at.file.lastIndexOf('\\')) + 1)}:${at.line}`;
}
