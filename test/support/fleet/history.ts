/** A file of a commit: its text, or its text with the executable bit. */
export type TreeFile = string | { readonly executable: string };

export interface CommitSpec {
	/** A branch without commits starts at the newest commit of `main`. */
	readonly branch: string;
	readonly message: string;
	/** Changed files only; all others stay as they are. */
	readonly files: Readonly<Record<string, TreeFile>>;
	readonly tag?: string;
}

/** Committer time of a repository's first commit; each further one is a minute later. */
export const FIRST_COMMIT_EPOCH = 1_700_000_000;
export const AUTHOR = 'Fleet Fixture <fleet@example.test>';

function data(text: string): string {
	return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

function fileCommand(path: string, file: TreeFile): string {
	const [mode, text] = typeof file === 'string' ? ['100644', file] : ['100755', file.executable];
	return `M ${mode} inline ${path}\n${data(text)}`;
}

/**
 * The commits as input of `git fast-import`: a whole history in one process, and the same names every
 * time. fast-import answers with the SHA of each commit, one a line, in order.
 */
export function importStream(commits: readonly CommitSpec[]): string {
	const heads = new Map<string, number>();
	const commands = commits.map((commit, index) => {
		const mark = index + 1;
		const parent = heads.get(commit.branch) ?? heads.get('main');
		heads.set(commit.branch, mark);
		const at = `${AUTHOR} ${FIRST_COMMIT_EPOCH + index * 60} +0000`;
		return [
			`commit refs/heads/${commit.branch}\nmark :${mark}\nauthor ${at}\ncommitter ${at}\n`,
			data(commit.message),
			parent ? `from :${parent}\n` : '',
			...Object.entries(commit.files).map(([path, file]) => fileCommand(path, file)),
			commit.tag ? `reset refs/tags/${commit.tag}\nfrom :${mark}\n\n` : '',
			`get-mark :${mark}\n`,
		].join('');
	});
	return `${commands.join('')}done\n`;
}
