import type { RepoName, TaskId } from '../core/brand.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { spanLabel } from './span-label.ts';
import type { EdgeReason } from './types.ts';

/**
 * Says a cycle to a person (2-train.md §1): the repositories in a circle, then each edge with its
 * reason and the source line that asked for it. `edges` close the circle, in order; `at` is the
 * first line of the file among them.
 */
export function cycleDiagnostic(edges: readonly EdgeReason[], repoOf: (id: TaskId) => RepoName | null): Diagnostic {
	const at = edges.find((edge) => edge.at)?.at;
	return {
		code: 'cycle',
		severity: 'error',
		summary: `none of these can be first: ${circle(edges, repoOf)}`,
		...(at && { at }),
		seen: edges.map(sentence).join('\n'),
		hint: at
			? 'take one of the `needs` above out of the file, or the gem out of the gemspec that names it'
			: 'take one of the gems above out of the gemspec that names it, and freeze again',
	};
}

/** `a → b → a`: repositories where the edges have some, else the tasks themselves. */
function circle(edges: readonly EdgeReason[], repoOf: (id: TaskId) => RepoName | null): string {
	const repos = edges.map((edge) => repoOf(edge.from)).filter((repo) => repo !== null);
	const names: readonly string[] = repos.length > 0 ? repos : edges.map((edge) => edge.from);
	const steps = names.filter((name, i) => i === 0 || name !== names[i - 1]);
	if (steps.length > 1 && steps.at(-1) === steps[0]) steps.pop();
	return [...steps, steps[0]].join(' → ');
}

function sentence(edge: EdgeReason): string {
	const where = edge.at ? ` (${spanLabel(edge.at)})` : '';
	return `${edge.to} waits for ${edge.from}: ${edge.reason}${where}`;
}
