/** Who Slipway's own commits are by, on every machine: a commit of the same content is the same commit. */
export const IDENTITY: Readonly<Record<string, string>> = {
	GIT_AUTHOR_NAME: 'Slipway',
	GIT_AUTHOR_EMAIL: 'slipway@localhost',
	GIT_COMMITTER_NAME: 'Slipway',
	GIT_COMMITTER_EMAIL: 'slipway@localhost',
};

/** The same, at the time of the commit it sits on, so that the commit's name can be reproduced. */
export function identityAt(committedAt: number): Record<string, string> {
	const date = `${committedAt} +0000`;
	return { ...IDENTITY, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
}
