import { z } from 'zod';
import { headerName, pagePath } from '../urls.ts';
import { filledText, mapping, orEmpty, ruled, SCALAR, together, whole } from './fields.ts';

export const SMOKE_PAGE =
	'What is asked of the app at `smoke_url`, where `/up` answering 200 is not enough. Redirects within its host are followed.';

const revisionSchema = z.union([
	z.enum(['body']),
	mapping({
		header: ruled(headerName).optional().describe('The header of the answer that holds the commit.'),
		json: filledText()
			.optional()
			.describe('The key of the JSON page that holds the commit; dots lead into what is nested, as in `build.sha`.'),
	}).check(
		together(({ header, json }) =>
			(header === undefined) !== (json === undefined)
				? null
				: {
						path: [],
						summary: 'a revision wants either `header` or `json`',
						hint: 'give exactly one, or write `revision: body`',
					},
		),
	),
]);

/** Beside `smoke_url`, which alone keeps meaning that `/up` answers 200. */
export const smokeSchema = orEmpty(
	mapping({
		path: ruled(pagePath).prefault('/up').describe('The page to ask for, below `smoke_url`.'),
		status: whole(200, 599).prefault(200).describe('The status that it answers with.'),
		body: filledText().meta(SCALAR).optional().describe('Text that the page holds, letter by letter.'),
		revision: revisionSchema
			.optional()
			.describe(
				'Where the app says which commit it runs: `body` when the page is the commit and nothing else, `{header: NAME}`, or `{json: KEY}`. The smoke then waits for the ship SHA, so that it is the new version which answers; at least seven digits of it.',
			),
	}),
);

export type SmokeEntry = z.infer<typeof smokeSchema>;
