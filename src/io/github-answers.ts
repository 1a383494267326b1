import { filledText, is, listOf, nullable, openObject, optional, text } from '../core/shape.ts';

/** What GitHub's API answers of runs and jobs, and what is kept of it (docs.github.com/rest/actions/workflow-runs). */

/** One run of a workflow, in GitHub's own words. */
export interface WorkflowRun {
	/** Decimal digits: GitHub's numbers outgrow those of JavaScript. */
	readonly id: string;
	/** Every word but `completed` means that it lives. */
	readonly status: string;
	/** Null until it is completed; only `success` is one. */
	readonly conclusion: string | null;
	readonly branch: string | null;
	readonly headSha: string;
	/** What the page calls it; a workflow with `run-name` says its inputs here. */
	readonly title: string;
	/** Of its page. */
	readonly url: string;
}

export interface FailedJob {
	readonly name: string;
	readonly conclusion: string;
	/** The steps that did not succeed. */
	readonly steps: readonly string[];
}

export const ID = is<number | bigint>('an id', (value) => typeof value === 'bigint' || Number.isSafeInteger(value));
export const RUN = openObject<RawRun>({
	id: ID,
	status: nullable(text),
	conclusion: nullable(text),
	head_branch: nullable(text),
	head_sha: filledText,
	display_title: text,
	html_url: text,
});
export const RUNS = openObject<{ workflow_runs: readonly RawRun[] }>({ workflow_runs: listOf(RUN) });
const STEP = openObject<RawStep>({ name: text, conclusion: nullable(text) });
const JOB = openObject<RawJob>({ name: text, conclusion: nullable(text), steps: optional(listOf(STEP)) });
export const JOBS = openObject<{ jobs: readonly RawJob[] }>({ jobs: listOf(JOB) });

interface RawRun {
	readonly id: number | bigint;
	readonly status: string | null;
	readonly conclusion: string | null;
	readonly head_branch: string | null;
	readonly head_sha: string;
	readonly display_title: string;
	readonly html_url: string;
}

type RawStep = { readonly name: string; readonly conclusion: string | null };
type RawJob = RawStep & { readonly steps?: readonly RawStep[] };

export function toRun(raw: RawRun): WorkflowRun {
	return {
		id: String(raw.id),
		status: raw.status ?? 'unknown',
		conclusion: raw.conclusion,
		branch: raw.head_branch,
		headSha: raw.head_sha,
		title: raw.display_title,
		url: raw.html_url,
	};
}

export function isFailed({ conclusion }: RawStep): boolean {
	return conclusion !== null && !['success', 'skipped', 'neutral'].includes(conclusion);
}

export function toFailedJob({ name, conclusion, steps = [] }: RawJob): FailedJob {
	return { name, conclusion: conclusion ?? '', steps: steps.filter(isFailed).map((step) => step.name) };
}
