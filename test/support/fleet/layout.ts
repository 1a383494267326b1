import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where things stand in the folder of one fleet. */
export interface Layout {
	readonly dir: string;
	/** Bare repositories: what everyone calls origin. */
	readonly origins: string;
	/** The operator's checkouts, side by side. */
	readonly projects: string;
	/** Folder of release_repos.yml. */
	readonly conductor: string;
	/** Bare repositories that deploy what is pushed to them, a folder an environment. */
	readonly platform: string;
	/** What is live, one file an environment and app. */
	readonly live: string;
	/** Programs that the repositories' scripts call, and the files that steer them. */
	readonly rig: string;
	readonly home: string;
	readonly tmp: string;
}

export type Environment = 'production' | 'qa';

export function layoutOf(dir: string): Layout {
	const at = (name: string) => join(dir, name);
	return {
		dir,
		origins: at('origins'),
		projects: at('projects'),
		conductor: join(dir, 'projects', 'conductor'),
		platform: at('platform'),
		live: at('live'),
		rig: at('rig'),
		home: at('home'),
		tmp: at('tmp'),
	};
}

export function originUrl(layout: Layout, repo: string): string {
	return pathToFileURL(join(layout.origins, `${repo}.git`)).href;
}

export function platformUrl(layout: Layout, environment: Environment, app: string): string {
	return pathToFileURL(join(layout.platform, environment, `${app}.git`)).href;
}

export function liveFile(layout: Layout, environment: Environment, app: string): string {
	return join(layout.live, `${environment}-${app}.ndjson`);
}
