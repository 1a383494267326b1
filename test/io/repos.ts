import { join } from 'node:path';
import { repoName, type Sha } from '../../src/core/brand.ts';
import { type CommandRunner, createCommandRunner } from '../../src/io/command.ts';
import { childEnvironment } from '../../src/io/environment.ts';
import { folderExists } from '../../src/io/files.ts';
import { createGit, type Git } from '../../src/io/git.ts';
import { createReadings } from '../../src/io/readings.ts';
import { openRepository, type Repository } from '../../src/io/repository.ts';
import type { Bounds } from '../../src/io/retry.ts';
import { output } from '../support/process.ts';

/** An environment in which a person's own git settings do not exist. */
export const ENV: Readonly<Record<string, string>> = {
	...childEnvironment(process.env),
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_CONFIG_NOSYSTEM: '1',
	GIT_AUTHOR_NAME: 'Ada',
	GIT_AUTHOR_EMAIL: 'ada@example.test',
	GIT_COMMITTER_NAME: 'Ada',
	GIT_COMMITTER_EMAIL: 'ada@example.test',
};

export async function git(dir: string, ...args: readonly string[]): Promise<string> {
	return (await output(['git', '-C', dir, ...args], { env: ENV })).trim();
}

/** Commits a script's changes on the branch of a checkout; gives the SHA. */
export async function commit(dir: string, script = 'true'): Promise<Sha> {
	await output(['sh', '-euc', script], { cwd: dir, env: ENV });
	await git(dir, 'add', '--all');
	await git(dir, 'commit', '--quiet', '--allow-empty', '-m', `after: ${script}`);
	return (await git(dir, 'rev-parse', 'HEAD')) as Sha;
}

/** A checkout on main with one commit, cloned from a bare origin beside it. */
export interface Pair {
	readonly origin: string;
	readonly checkout: string;
	readonly first: Sha;
}

export async function makePair(folder: string, name = 'harbor', format = 'sha1'): Promise<Pair> {
	const [origin, checkout] = [join(folder, `${name}.git`), join(folder, name)];
	const init = ['init', '--quiet', '--template=', '--initial-branch=main', `--object-format=${format}`];
	await git(folder, ...init, '--bare', origin);
	await git(folder, ...init, checkout);
	await git(checkout, 'remote', 'add', 'origin', origin);
	const first = await commit(checkout, 'printf one > file; mkdir -p bin; echo exit > bin/deploy; chmod +x bin/deploy');
	await git(checkout, 'push', '--quiet', 'origin', 'main', 'main:release');
	return { origin, checkout, first };
}

export interface Opened {
	readonly repository: Repository;
	readonly commands: CommandRunner;
	readonly git: Git;
	/** How many git processes were started so far. */
	started(): number;
}

/** Slipway's own repository for a checkout, in `store` of the folder; closed after the body. */
export async function withRepository(
	folder: string,
	input: { readonly checkout: string; readonly url?: string; readonly bounds?: Bounds },
	body: (opened: Opened) => Promise<void>,
): Promise<void> {
	const store = join(folder, 'store');
	await output(['mkdir', '-p', store]);
	const commands = createCommandRunner(ENV);
	const tool = createGit(commands, ENV);
	const repository = openRepository(
		{
			name: repoName('harbor'),
			store,
			url: null,
			mainBranch: 'main',
			releaseBranch: 'release',
			timeoutMs: 20_000,
			bounds: { retries: 0 },
			...input,
		},
		{ git: tool, commands, readings: createReadings(60_000), folderExists },
	);
	try {
		await body({ repository, commands, git: tool, started: () => commands.started.get('git') ?? 0 });
	} finally {
		repository.close();
	}
}
