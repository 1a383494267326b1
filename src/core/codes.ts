/**
 * Every code that a message of Slipway can carry, with its exit status (4-cli.md, "Exit codes")
 * and the paragraph that docs/errors.md prints. A message without a code does not exist.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 70;

interface CodeEntry {
	readonly exit: ExitCode;
	readonly meaning: string;
}

export const CODES = {
	// Usage and configuration: exit 2.
	usage: { exit: 2, meaning: 'The command line has an unknown command or option, or a value that does not fit.' },
	'no-registry': { exit: 2, meaning: 'No release_repos.yml was found in the folder or any folder above it.' },
	'yaml-syntax': {
		exit: 2,
		meaning: 'The file is not valid YAML: a syntax error, a bad alias, or a document that grows out of bounds.',
	},
	'duplicate-key': { exit: 2, meaning: 'A mapping holds the same key twice; YAML would silently keep one of them.' },
	'unknown-key': {
		exit: 2,
		meaning: 'A key that Slipway does not know. Keys that start with `x-` are yours and always pass.',
	},
	'missing-key': { exit: 2, meaning: 'A required key is absent.' },
	'wrong-type': { exit: 2, meaning: 'A value has another type than the key wants.' },
	'bad-value': {
		exit: 2,
		meaning: 'A value has the right type and cannot be used: out of range, not one of the choices, or malformed.',
	},
	'bad-name': { exit: 2, meaning: 'A name that could be read as an option, a path or a control character.' },
	'path-escape': { exit: 2, meaning: 'A path that leaves the repository it belongs to.' },
	'bad-command': {
		exit: 2,
		meaning: 'A command string that does not split into arguments, such as one with an open quote.',
	},
	'bad-strategy': {
		exit: 2,
		meaning: 'A deploy target whose strategy is missing or unknown. It is never read as "nothing to deploy".',
	},
	'two-hubs': { exit: 2, meaning: 'More than one app says `role: hub`.' },
	'unknown-repo': { exit: 2, meaning: 'A name that no repository of the file has.' },
	'unknown-task': { exit: 2, meaning: 'A name that is neither a task of the file nor one of its train.' },
	cycle: { exit: 2, meaning: 'Repositories need each other in a circle, so that none can be first.' },
	'task-conflict': { exit: 2, meaning: 'Two tasks of the file claim the same name or the same output.' },
	unsupported: {
		exit: 2,
		meaning: 'The file asks for something that this version does not do. Nothing is ignored silently.',
	},
	// Refused before anything changed: exit 3.
	preflight: { exit: 3, meaning: 'A check before the first irreversible step failed.' },
	unknown: { exit: 3, meaning: 'The world could not be read. An unreadable fact is neither done nor to do.' },
	drift: { exit: 3, meaning: 'A release branch has moved past the SHA that QA approved.' },
	'not-assembled': { exit: 3, meaning: 'There is no assembled record: `slipway prepare` has not finished.' },
	'not-confirmed': { exit: 3, meaning: 'The train was not confirmed, or there is no terminal to ask on and no --yes.' },
	stopped: {
		exit: 3,
		meaning: 'A signal stopped the command before anything was begun. The exit status names the signal.',
	},
	'stale-plan': {
		exit: 3,
		meaning: 'A saved plan no longer describes the world, or was begun before: a plan is good once.',
	},
	'bad-plan': { exit: 3, meaning: 'A file that is no saved plan, or that was changed after it was saved.' },
	stranded: { exit: 3, meaning: 'A gem has commits that its version, already live, does not contain.' },
	backward: { exit: 3, meaning: 'A gem version that is not newer than the newest live one.' },
	'version-mismatch': { exit: 3, meaning: 'The version file and the gemspec disagree about the version.' },
	conflict: { exit: 3, meaning: 'main and the release branch do not merge without a person.' },
	'repin-refused': { exit: 3, meaning: 'A Gemfile declares a gem in a way that cannot be edited safely.' },
	blocked: { exit: 3, meaning: 'A task cannot be done from here; the reason says what stands in its way.' },
	'bad-record': { exit: 3, meaning: 'The record or journal on disk is damaged. Damaged is never read as empty.' },
	'record-state': { exit: 3, meaning: 'The record is in a state from which this step is not allowed.' },
	'record-raced': { exit: 3, meaning: 'Another process wrote the record first; nothing was overwritten.' },
	// Failed in flight: exit 1.
	'command-failed': { exit: 1, meaning: 'A command exited with an error, was killed or ran out of time.' },
	'not-proven': { exit: 1, meaning: 'A task ran without an error and the world does not show its effect.' },
	'push-refused': { exit: 1, meaning: 'A remote refused a ref: it moved meanwhile, or its hook said no.' },
	'publish-refused': { exit: 1, meaning: 'The gem registry refused a gem.' },
	'lock-not-moved': { exit: 1, meaning: 'Bundler ran and the lock file does not hold what was published.' },
	'deploy-failed': {
		exit: 1,
		meaning: 'A deploy was taken and did not succeed: its workflow run or its release failed.',
	},
	'smoke-failed': { exit: 1, meaning: 'An app did not answer as expected within its time.' },
	'task-failed': { exit: 1, meaning: 'A task of the graph failed; what is live, failed and not started is listed.' },
	'state-write': {
		exit: 1,
		meaning: 'A file of the state under .slipway could not be written: a full disk, or a folder without permission.',
	},
	'lock-lost': { exit: 1, meaning: 'The lock of this train was taken away while it ran.' },
	// Locks: exit 4.
	locked: { exit: 4, meaning: 'Another train holds the lock.' },
	// Ours: exit 70.
	bug: { exit: 70, meaning: 'Slipway itself is wrong. The stack trace belongs in a report.' },
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof CODES;
