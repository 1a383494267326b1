import { shortSha } from '../../core/brand.ts';

export interface RepoNotes {
	readonly repo: string;
	/** `0.2.0`, for a gem. */
	readonly version: string | null;
	readonly ship: string;
	/** Subjects of the commits from main to the ship SHA, newest first. */
	readonly commits: readonly { readonly sha: string; readonly subject: string }[];
}

/** Release notes as plain Markdown-like text: one part for each repository, in the order given. */
export function composeNotes(slug: string, repos: readonly RepoNotes[]): string {
	const parts = repos.map((repo) => {
		const head = `${repo.repo}${repo.version ? ` ${repo.version}` : ''} (${shortSha(repo.ship)})`;
		const lines = repo.commits.map((commit) => `- ${commit.subject} (${shortSha(commit.sha)})`);
		return [head, ...(lines.length > 0 ? lines : ['- no commits'])].join('\n');
	});
	return [`Release ${slug}`, ...parts].join('\n\n');
}

/** The body that each service wants. Slack and Discord cut long texts, so they are cut here, visibly. */
export function webhookBody(
	type: 'slack' | 'discord' | 'json',
	notes: { readonly slug: string; readonly text: string; readonly repos: readonly RepoNotes[] },
): string {
	switch (type) {
		case 'slack':
			return JSON.stringify({ text: cut(notes.text, 39_000) });
		case 'discord':
			return JSON.stringify({ content: cut(notes.text, 2_000) });
		case 'json':
			return JSON.stringify({ schema: 'slipway.notes/1', train: notes.slug, repos: notes.repos, text: notes.text });
	}
}

function cut(text: string, most: number): string {
	const end = '\n…';
	if (text.length <= most) return text;
	// Half a character at the cut would make the whole body unreadable to some.
	return text.slice(0, most - end.length).replace(/[\ud800-\udbff]$/, '') + end;
}
