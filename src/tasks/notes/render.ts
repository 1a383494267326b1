import { shortSha } from '../../core/brand.ts';
import { type Commit, groupCommits, type Notes, type RepoNotes } from './compose.ts';

/** How one service writes what all of them can show. */
export interface Dialect {
	/** Text from outside, so that nothing in it is markup or calls anyone. */
	readonly text: (text: string) => string;
	readonly strong: (marked: string) => string;
	readonly link: (marked: string, url: string) => string;
	/** The page of a whole repository, beside its name, where a link can't be hidden behind that. */
	readonly page: (url: string) => string;
}

const itself = (text: string) => text;

/** For terminals and files: only the page of each repository is named. */
export const PLAIN: Dialect = { text: itself, strong: itself, link: itself, page: (url) => `  ${url}` };

/** Slack's mrkdwn: three characters are markup for links, users and channels, and are escaped. */
export const SLACK: Dialect = {
	text: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
	strong: (marked) => `*${marked}*`,
	link: (marked, url) => `<${url}|${marked}>`,
	page: () => '',
};

/** Discord's Markdown: every mark is escaped; the brackets around an address keep its preview away. */
export const DISCORD: Dialect = {
	text: (text) => text.replace(/[\\*_~`|>#[\]()<:-]/g, '\\$&').replaceAll('@', '@\u200b'),
	strong: (marked) => `**${marked}**`,
	link: (marked, url) => `[${marked}](<${url}>)`,
	page: () => '',
};

/** The notes as lines of one dialect, a part for each repository and a blank line between them. Pure. */
export function renderNotes({ train, repos }: Notes, dialect: Dialect): readonly string[] {
	const title = dialect.strong(dialect.text(`Release ${train}`));
	return [title, ...repos.flatMap((repo) => ['', ...repoLines(repo, dialect)])];
}

function repoLines(repo: RepoNotes, dialect: Dialect): readonly string[] {
	const name = dialect.text(`${repo.repo}${repo.version === null ? '' : ` ${repo.version}`}`);
	const linked = repo.url === null ? name : dialect.link(name, repo.url);
	const page = repo.url === null ? ` (${shortSha(repo.frozen)})` : dialect.page(repo.url);
	const pins = repo.pins.map(({ gem, version }) => `${gem} ${version}`).join(', ');
	return [
		`${dialect.strong(linked)}${page}`,
		...(pins === '' ? [] : [`• ${dialect.text(`Pins ${pins}`)}`]),
		...commitLines(repo, dialect),
	];
}

function commitLines({ commits, pins }: RepoNotes, dialect: Dialect): readonly string[] {
	if (commits === null) return ['• its commits could not be read'];
	if (commits.length === 0) return pins.length > 0 ? [] : ['• no commits'];
	return groupCommits(commits).flatMap(({ heading, commits: grouped }) => [
		...(heading === null ? [] : [dialect.text(heading)]),
		...grouped.map((commit) => commitLine(commit, dialect)),
	]);
}

function commitLine({ scope, text, sha, url }: Commit, dialect: Dialect): string {
	const said = dialect.text(scope === null ? text : `${scope}: ${text}`);
	const name = shortSha(sha);
	return `• ${said} (${url === null ? name : dialect.link(name, url)})`;
}
