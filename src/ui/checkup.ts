import type { Palette } from './colour.ts';
import { safeLine } from './terminal.ts';

const LOCKS = {
	free: { glyph: '✔', tone: 'done', text: 'no train holds the lock' },
	dead: { glyph: '!', tone: 'warn', text: 'a dead train left its lock; the next one takes it over' },
	held: { glyph: '✖', tone: 'failed', text: 'a train holds the lock' },
} as const;

/** What `slipway doctor` checked, as plain data. */
export interface Checkup {
	/** The release that was checked, or that there is none. */
	readonly about: string;
	readonly checked: readonly RepoCheckup[];
	/** What was seen and judged by nobody, such as whether an app answers now. */
	readonly noted: readonly string[];
	readonly lock: keyof typeof LOCKS;
}

interface RepoCheckup {
	readonly repo: string;
	readonly results: readonly {
		readonly check: { readonly name: string };
		readonly findings: readonly { readonly severity: 'error' | 'warning' }[];
	}[];
}

/** One line a check: that all passed, or whose repositories did not; then what was noted. The findings themselves are diagnostics. */
export function renderCheckup({ about, checked, noted, lock }: Checkup, palette: Palette): string {
	const byCheck = Map.groupBy(
		checked.flatMap(({ repo, results }) =>
			results.map(({ check, findings }) => ({ repo, check: check.name, findings })),
		),
		({ check }) => check,
	);
	return [
		`${palette.strong('Checkup')}  ${safeLine(about)}`,
		...[...byCheck].map(([check, results]) => {
			const failed = results.filter(({ findings }) => findings.length > 0).map(({ repo }) => repo);
			if (failed.length === 0) return passed(`${check}  ${palette.dim(`(${scope(results.length)})`)}`, palette);
			const isError = results.some(({ findings }) => findings.some(({ severity }) => severity === 'error'));
			return `${isError ? palette.failed('✖') : palette.warn('!')} ${check}: ${safeLine(failed.join(', '))}`;
		}),
		`${palette[LOCKS[lock].tone](LOCKS[lock].glyph)} ${LOCKS[lock].text}`,
		...noted.map((line) => palette.dim(`· ${safeLine(line)}`)),
		'',
	].join('\n');
}

function scope(count: number): string {
	return count === 1 ? '1 repository' : `${count} repositories`;
}

function passed(text: string, palette: Palette): string {
	return `${palette.done('✔')} ${text}`;
}
