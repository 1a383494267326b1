import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { output } from '../process.ts';
import { type CommitSpec, importStream } from './history.ts';
import { type Environment, type Layout, originUrl, platformUrl } from './layout.ts';
import { platformHooks } from './scripts.ts';

/** Writes a file and the folders above it. */
export function writeFile(path: string, text: string, mode = 0o644): void {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
	chmodSync(path, mode);
}

export interface Repositories {
	readonly layout: Layout;
	readonly env: Readonly<Record<string, string>>;
}

async function initBare({ env }: Repositories, path: string): Promise<void> {
	// Without the template: its sample hooks are most of the work.
	await output(['git', 'init', '--quiet', '--bare', '--template=', '--initial-branch=main', path], { env });
}

export interface OriginSpec {
	readonly name: string;
	readonly commits: readonly CommitSpec[];
	/** False: the release branch does not exist yet. */
	readonly release: boolean;
}

/** Makes an origin with its history; gives the SHA of the newest commit. */
export async function makeOrigin(repos: Repositories, { name, commits, release }: OriginSpec): Promise<string> {
	const path = join(repos.layout.origins, `${name}.git`);
	await initBare(repos, path);
	const kept = release ? commits : commits.filter((commit) => commit.branch !== 'release');
	// A release branch without commits of its own stands at main.
	const branch = release && !kept.some((c) => c.branch === 'release') ? 'reset refs/heads/release\nfrom :1\n\n' : '';
	const input = importStream(kept).replace(/done\n$/, `${branch}done\n`);
	const heads = await output(['git', '-C', path, 'fast-import', '--quiet', '--done'], { env: repos.env, input });
	return heads.trim().split('\n').at(-1) ?? '';
}

/** A bare repository that deploys what is pushed to it, and a remote of the checkout that names it. */
export async function makePlatform(repos: Repositories, environment: Environment, app: string): Promise<void> {
	const path = join(repos.layout.platform, environment, `${app}.git`);
	await initBare(repos, path);
	for (const [hook, text] of Object.entries(platformHooks(repos.layout, environment, app))) {
		writeFile(join(path, 'hooks', hook), text, 0o755);
	}
}

export interface CheckoutSpec {
	readonly name: string;
	readonly branch: 'main' | 'release';
	/** Environments that the app is pushed to. */
	readonly platforms: readonly Environment[];
}

/** The operator's checkout, with a remote for each platform: `heroku` for production, `qa` for QA. */
export async function makeCheckout(repos: Repositories, { name, branch, platforms }: CheckoutSpec): Promise<void> {
	const { layout, env } = repos;
	const path = join(layout.projects, name);
	const remotes = platforms.flatMap((environment) => {
		const remote = environment === 'production' ? 'heroku' : 'qa';
		return [
			`--config=remote.${remote}.url=${platformUrl(layout, environment, name)}`,
			`--config=remote.${remote}.fetch=+refs/heads/*:refs/remotes/${remote}/*`,
		];
	});
	const options = ['--quiet', '--template=', `--branch=${branch}`, ...remotes];
	await output(['git', 'clone', ...options, originUrl(layout, name), path], { env });
}
