interface Entry {
	readonly exit: number;
	readonly meaning: string;
}

/** The headings of docs/errors.md, in the order of the page. */
const EXITS: readonly { readonly exit: number; readonly title: string; readonly about: string }[] = [
	{
		exit: 2,
		title: 'Usage and configuration',
		about: 'Nothing was read but the command line and the file. Correct them.',
	},
	{
		exit: 3,
		title: 'Refused before anything changed',
		about: 'The world does not allow this step now; nothing was changed.',
	},
	{
		exit: 1,
		title: 'Failed in flight',
		about: 'A task failed. The report says what is live; running the same command again resumes.',
	},
	{ exit: 4, title: 'Locked', about: 'One train at a time.' },
	{ exit: 70, title: 'Our own mistake', about: 'Slipway is wrong, not you.' },
];

/**
 * docs/errors.md from the table of codes: a section for each exit status, and an entry with an
 * anchor for each code. Throws when a code has an exit status that no section tells about.
 */
export function errorReference(codes: Readonly<Record<string, Entry>>): string {
	const homeless = Object.keys(codes).filter((code) => !EXITS.some(({ exit }) => exit === codes[code]?.exit));
	if (homeless.length > 0)
		throw new Error(`docs/errors.md has no section for the exit status of: ${homeless.join(', ')}`);
	const sections = EXITS.map(({ exit, title, about }) => {
		const entries = Object.entries(codes).filter(([, entry]) => entry.exit === exit);
		return [`## ${title} (exit ${exit})`, about, ...entries.map(([code, { meaning }]) => `### ${code}\n\n${meaning}`)];
	});
	return `${[
		'# Errors',
		'Generated from `src/core/codes.ts` by `npm run check -- --write`.',
		'Every message carries a code: `error[code]: what`. The exit status is that of its first error;\n128 + n means that signal n ended the run.',
		...sections.flat(),
	].join('\n\n')}\n`;
}
